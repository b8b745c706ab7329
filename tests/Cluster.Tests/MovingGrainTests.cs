using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Grains that go from silo to silo, and silos that come and go in good order.</summary>
public sealed class MovingGrainTests
{
    private const int Players = 12;

    [ClusterFact]
    public async Task The_rules_hold_while_grains_move()
    {
        await using var cluster = await GrainClusters.Open(silos: 2);
        await using var play = new Play(new GrainFloor(cluster.Grains), seed: 1);
        await play.Begin(Players);
        var moved = 0;
        for (var round = 0; round < 4; round++)
        {
            await play.Goes(150, "between two moves");
            var (here, there) = (cluster.Silos[round % 2], cluster.Silos[(round + 1) % 2]);
            IAddressable[] grains =
            [
                .. play.RunningBargains.Where(id => id.Length > 0).Select(id => cluster.Grains.GetGrain<IBargainGrain>(id)),
                .. play.RunningTeams.Where(id => id.Length > 0).Select(id => cluster.Grains.GetGrain<ITeamGrain>(id)),
            ];
            var settled = grains.Where(grain => cluster.SiloOf(grain) == here).ToArray();
            await Task.WhenAll(
            [
                .. grains.Select(grain => settled.Contains(grain) ? cluster.Migrate(grain, there) : cluster.Deactivate(grain)),
                .. Shards(cluster).Where((_, i) => i % 4 == round).Select(cluster.Deactivate),
            ]);
            moved += settled.Count(grain => cluster.SiloOf(grain) == there);
        }

        Assert.True(moved > 10, $"only {moved} grains have moved: the test is too kind");
        await play.Goes(150, "after the last move");
        await play.End();
        await play.Check(cluster.Journal);
    }

    [ClusterFact]
    public async Task Every_silo_is_replaced_under_load_and_nobody_notices()
    {
        await using var cluster = await GrainClusters.Open(silos: 2);
        await using var play = new Play(new GrainFloor(cluster.Grains), seed: 2);
        await play.Begin(Players);
        foreach (var silo in cluster.Silos.ToArray())
        {
            await cluster.Start();
            await play.Goes(100, "with one silo more");
            await EachHasShards(cluster);
            await cluster.Stop(silo);
            await play.Goes(100, "with the old silo gone");
        }

        Assert.Equal(2, cluster.Silos.Count);
        await play.End();
        await play.Check(cluster.Journal);
    }

    private static IEnumerable<IShopperShardGrain> Shards(GrainCluster cluster) =>
        Enumerable.Range(0, ShopperShards.Count).Select(shard => cluster.Grains.GetGrain<IShopperShardGrain>(ShopperShards.KeyOf(shard)));

    // Whoever is asked looks whether it belongs where it is, and the next call finds it where it does.
    private static async Task EachHasShards(GrainCluster cluster)
    {
        int[] shardsOf = [];
        await Waiting.Until(async () =>
        {
            foreach (var shard in Shards(cluster).Chunk(64)) await Task.WhenAll(shard.Select(one => GrainFloor.Ask(() => one.Me("nobody"))));
            shardsOf = [.. cluster.Silos.Select(silo => Shards(cluster).Count(shard => cluster.SiloOf(shard) == silo))];
            return shardsOf.Sum() == ShopperShards.Count && shardsOf.Min() > ShopperShards.Count / cluster.Silos.Count / 2;
        }, "every silo has its share of the shoppers");
    }
}
