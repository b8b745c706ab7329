using Orleans.Runtime;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// The shards of shoppers that this process has: whoever is beside them calls the shopper itself. A shard that left in that moment has
/// done so in vain for one act, which commits at its stream's version, or loses. Thread-safe.
/// </summary>
/// <param name="places">Where shards belong; null where there is one place.</param>
internal sealed class ShardsHere(IShardPlaces? places = null) : IShardsHere
{
    private readonly Placed?[] _shards = new Placed?[ShopperShards.Count];

    private int Changes => places?.Changes ?? 0;

    public IShopper? Find(int shard, string shopperId) =>
        Volatile.Read(ref _shards[shard]) is { } placed && placed.At == Changes ? placed.Shelf.Of(shopperId) : null;

    /// <summary>The shard begins here.</summary>
    public void Came(int shard, GrainId grain, ShopperShelf shelf) => Volatile.Write(ref _shards[shard], new Placed(grain, shelf, Changes));

    /// <summary>It ends.</summary>
    public void Left(int shard, ShopperShelf shelf)
    {
        // Another one of the same shard may have begun before this one's end.
        if (Volatile.Read(ref _shards[shard]) is { } placed && placed.Shelf == shelf) Interlocked.CompareExchange(ref _shards[shard], null, placed);
    }

    /// <summary>Whether it still belongs here. Where it does not, nobody finds it here from now on.</summary>
    public bool Stays(int shard, ShopperShelf shelf)
    {
        var changes = Changes;
        if (Volatile.Read(ref _shards[shard]) is not { } placed || placed.Shelf != shelf) return false;
        if (placed.At == changes) return true;
        var stays = places!.IsHere(placed.Grain);
        Interlocked.CompareExchange(ref _shards[shard], stays ? placed with { At = changes } : null, placed);
        return stays;
    }

    /// <param name="At">The cluster's number of changes when it was last known to belong here.</param>
    private sealed record Placed(GrainId Grain, ShopperShelf Shelf, int At);
}
