using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>
/// Places the shards of the shoppers (adr/0021) by rendezvous hashing (Thaler, Ravishankar: A Name-Based Mapping Scheme for Rendezvous, 1996):
/// every silo has nearly as many, and one that comes or goes moves no others than those it takes or leaves. All other grains are placed as ever.
/// </summary>
internal static class ShardPlacement
{
    // As Orleans names the class ShopperShardGrain.
    private static readonly GrainType Shards = GrainType.Create("shoppershard");

    public static void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IPlacementStrategyResolver, OfShards>();
        silo.Services.AddPlacementDirector<ByRendezvous, Director>();
        silo.Services.AddSingleton<IShardPlaces, Places>();
    }

    /// <summary>The silo whose hash with the shard's is the greatest.</summary>
    internal static SiloAddress? HomeOf(GrainId shard, IEnumerable<SiloAddress> silos)
    {
        SiloAddress? home = null;
        var greatest = 0u;
        foreach (var silo in silos)
        {
            var hash = Mixed(shard.GetUniformHashCode(), (uint)silo.GetConsistentHashCode());
            // Of two that are the same the silos' own order decides, which is the same everywhere.
            if (home is not null && (hash < greatest || hash == greatest && silo.CompareTo(home) < 0)) continue;
            (home, greatest) = (silo, hash);
        }

        return home;
    }

    // The finalizer of MurmurHash3 (Appleby, 2011): one bit more or less changes half of the others.
    private static uint Mixed(uint shard, uint silo)
    {
        var hash = shard * 0x9E37_79B9u ^ silo;
        hash = (hash ^ hash >> 16) * 0x85EB_CA6Bu;
        hash = (hash ^ hash >> 13) * 0xC2B2_AE35u;
        return hash ^ hash >> 16;
    }

    private sealed class ByRendezvous : PlacementStrategy;

    private sealed class OfShards : IPlacementStrategyResolver
    {
        private readonly ByRendezvous _strategy = new();

        public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result)
        {
            result = grainType == Shards ? _strategy : null;
            return result is not null;
        }
    }

    private sealed class Director : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
            Task.FromResult(HomeOf(target.GrainIdentity, context.GetCompatibleSilos(target)) ?? context.LocalSilo);
    }

    private sealed class Places(IClusterMembershipService membership, ILocalSiloDetails local) : IShardPlaces
    {
        public int Changes => (int)membership.CurrentSnapshot.Version.Value;

        public bool IsHere(GrainId shard) => local.SiloAddress.Equals(HomeOf(shard, Active()));

        private IEnumerable<SiloAddress> Active() =>
            from member in membership.CurrentSnapshot.Members.Values where member.Status == SiloStatus.Active select member.SiloAddress;
    }
}
