using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// The shoppers of a process that is the only one to have any (adr/0010): found by name and called straight, without a grain for each. Those
/// that were last asked for are kept; another is read anew, as a grain is that wakes. Thread-safe.
/// </summary>
/// <remarks>
/// Should a shopper ever be here twice, because it was let go while it acted, the versions of its stream keep the two apart, as they would
/// two silos.
/// </remarks>
internal sealed class AllShoppers : IShoppers
{
    /// <summary>Kept since the last change of generations: at most so many. What nobody asked for in a whole generation is let go as others come.</summary>
    public const int GenerationMost = 500_000;

    private static readonly TimeSpan GenerationAge = TimeSpan.FromMinutes(10);

    private readonly HelpParts _parts;
    private readonly TimeProvider _monotonic;
    private readonly Lock _gate = new();
    private Generations _kept;
    private int _young;

    /// <param name="meters">Null where nobody counts.</param>
    public AllShoppers(HelpParts parts, TimeProvider monotonic, IMeterFactory? meters = null)
    {
        _parts = parts;
        _monotonic = monotonic;
        _kept = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal), monotonic.GetTimestamp());
        meters?.Create("SocialCommerce.Grains").CreateObservableGauge("socialcommerce.shoppers.kept", () => Count, "{shopper}", "Shoppers whose state this process has at hand.");
    }

    /// <summary>So many are kept.</summary>
    public int Count
    {
        get
        {
            var kept = Volatile.Read(ref _kept);
            return kept.Young.Count + kept.Old.Count;
        }
    }

    public IShopper Of(string shopperId) => Find(shopperId);

    public Shopper Find(string shopperId)
    {
        var kept = Volatile.Read(ref _kept);
        return kept.Young.TryGetValue(shopperId, out var shopper) ? shopper : Bring(shopperId);
    }

    private Shopper Bring(string shopperId)
    {
        lock (_gate)
        {
            if (_young >= GenerationMost || _monotonic.GetElapsedTime(_kept.Since) >= GenerationAge) GrowOld();
            if (_kept.Young.TryGetValue(shopperId, out var shopper)) return shopper;
            if (!_kept.Old.TryRemove(shopperId, out shopper)) shopper = new Shopper(shopperId, _parts);
            _kept.Young[shopperId] = shopper;
            _young++;
            return shopper;
        }
    }

    private void GrowOld()
    {
        Volatile.Write(ref _kept, new Generations(new(StringComparer.Ordinal), _kept.Young, _monotonic.GetTimestamp()));
        _young = 0;
    }

    private sealed record Generations(ConcurrentDictionary<string, Shopper> Young, ConcurrentDictionary<string, Shopper> Old, long Since);
}
