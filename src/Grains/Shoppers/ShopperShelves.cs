using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SocialCommerce.Grains;

/// <summary>The shelves that a process has, and how much each may keep. Thread-safe.</summary>
internal sealed class ShopperShelves
{
    /// <summary>See <see cref="RestingShoppers"/>: so many of a generation, on all shelves together.</summary>
    public const int GenerationMost = 500_000;

    private const long BytesMost = 512L << 20;
    private const int Generations = 2;

    private static readonly TimeSpan GenerationAge = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _monotonic;
    private readonly ConcurrentDictionary<ShopperShelf, bool> _all = new(ReferenceEqualityComparer.Instance);

    /// <param name="meters">Null where nobody counts.</param>
    public ShopperShelves(TimeProvider monotonic, IMeterFactory? meters = null)
    {
        _monotonic = monotonic;
        meters?.Create("SocialCommerce.Grains").CreateObservableGauge("socialcommerce.shoppers.kept", () => Count, "{shopper}", "Shoppers whose state this process has at hand.");
    }

    /// <summary>So many shoppers are kept.</summary>
    public int Count => _all.Sum(shelf => shelf.Key.Count);

    /// <summary>A shelf that counts until it is removed.</summary>
    /// <param name="share">It may keep one in so many of what the process may.</param>
    public ShopperShelf Add(HelpParts parts, int share)
    {
        var most = new RestingMost(GenerationMost / share, RestingMost.ShareOfMemory(BytesMost) / Generations / share, GenerationAge);
        var shelf = new ShopperShelf(parts, most, _monotonic);
        _all[shelf] = true;
        return shelf;
    }

    public void Remove(ShopperShelf shelf) => _all.TryRemove(shelf, out _);
}
