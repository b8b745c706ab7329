using System.Net;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Where shards of shoppers belong as silos come and go.</summary>
public sealed class ShardPlacementTests
{
    private static readonly GrainId[] Shards = [.. Enumerable.Range(0, ShopperShards.Count).Select(shard => GrainId.Create("shoppershard", ShopperShards.KeyOf(shard)))];

    [Theory, InlineData(2), InlineData(3), InlineData(8)]
    public void Every_silo_has_nearly_as_many(int silos)
    {
        var cluster = Silos(silos);
        var shardsOf = Shards.CountBy(shard => ShardPlacement.HomeOf(shard, cluster)!).ToDictionary();

        var share = ShopperShards.Count / silos;
        Assert.Equal(silos, shardsOf.Count);
        Assert.All(shardsOf.Values, shards => Assert.InRange(shards, share / 2, share * 2));
    }

    [Fact]
    public void A_silo_that_comes_takes_its_share_and_moves_no_others()
    {
        var cluster = Silos(5);
        var before = Shards.Select(shard => ShardPlacement.HomeOf(shard, cluster[..4])!).ToArray();
        var after = Shards.Select(shard => ShardPlacement.HomeOf(shard, cluster)!).ToArray();

        Assert.All(before.Zip(after), homes => Assert.True(homes.First.Equals(homes.Second) || homes.Second.Equals(cluster[4])));
        Assert.Contains(cluster[4], after);
    }

    [Fact]
    public void The_order_in_which_silos_are_named_says_nothing()
    {
        var cluster = Silos(4);

        Assert.Equal(Shards.Select(shard => ShardPlacement.HomeOf(shard, cluster)), Shards.Select(shard => ShardPlacement.HomeOf(shard, cluster.Reverse())));
    }

    [Fact]
    public void Without_silos_it_belongs_nowhere() => Assert.Null(ShardPlacement.HomeOf(Shards[0], []));

    private static SiloAddress[] Silos(int count) => [.. Enumerable.Range(1, count).Select(host => SiloAddress.New(IPAddress.Parse($"10.0.0.{host}"), 11111, 1_000 + host))];
}
