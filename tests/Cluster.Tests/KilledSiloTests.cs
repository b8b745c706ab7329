using SocialCommerce.GrainInterfaces;
using SocialCommerce.Grains;
using SocialCommerce.Grains.Tests;
using SocialCommerce.Rules;

namespace SocialCommerce.Cluster.Tests;

/// <summary>A silo that ends without a word: its grains come up on the others.</summary>
public sealed class KilledSiloTests
{
    [ClusterFact]
    public async Task What_a_killed_silo_has_acknowledged_is_there_once_and_its_grains_answer_from_the_others()
    {
        await using var cluster = await GrainClusters.Open(silos: 3);
        await using var play = new Play(new GrainFloor(cluster.Grains), seed: 3);
        await play.Begin(players: 12);
        await play.Goes(300, "before");
        var killed = cluster.Silos[1];
        var orphans = play.RunningBargains.Where(id => id.Length > 0 && cluster.SiloOf(cluster.Grains.GetGrain<IBargainGrain>(id)) == killed).ToArray();
        await cluster.Kill(killed);

        await play.Goes(300, "with one silo killed");
        var floor = new GrainFloor(cluster.Grains);
        foreach (var bargainId in orphans)
        {
            // An activation that finds that another has written goes at once, and the next one who asks finds the next.
            await Waiting.Until(async () =>
            {
                await floor.Help(bargainId, "friend-afterwards");
                return cluster.SiloOf(cluster.Grains.GetGrain<IBargainGrain>(bargainId)) is { } silo && cluster.Silos.Contains(silo);
            }, $"{bargainId} answers from another silo");
        }

        await play.End();
        await play.Check(cluster.Journal);
    }

    [ClusterFact]
    public async Task Bargains_end_once_and_soon_though_the_owner_of_their_deadlines_dies()
    {
        const int Count = 60;
        // The reminders would take up to a minute; each silo looks every few seconds, and here nobody else does.
        await using var cluster = await GrainClusters.Open(silos: 3, reminders: false);
        var floor = new GrainFloor(cluster.Grains);
        await floor.Publish("short", Offers.Fixed(1) with { DurationSeconds = 3, EndsAt = DateTimeOffset.UtcNow.AddDays(1), Stock = Count });
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => floor.Start("short", $"owner-{i}")));
        int? owner = null;
        await Waiting.Until(() => Task.FromResult((owner = cluster.SiloOf(cluster.Grains.GetGrain<IDeadlineGrain>(DeadlineGrain.KeyOf(0)))) is not null), "the first shard has an owner");
        await cluster.Kill(owner!.Value);

        await Waiting.Until(
            async () => (await Books.Read(cluster.Journal, deadlines: false)).Bargains.Values.Count(bargain => bargain.Status == Rules.BargainStatus.Expired) == Count,
            "every bargain has expired");
        var books = await Books.Read(cluster.Journal);
        Assert.All(books.All<BargainExpired>().GroupBy(expired => expired.Id), ends => Assert.Single(ends));
        Assert.All(books.All<BargainExpired>(), expired => Assert.True(expired.Happened.At >= books.Bargains[expired.Id].ExpiresAt));
        Assert.Equal((0, 0, Count), (books.Stocks["short"].Held, books.Stocks["short"].Sold, books.Stocks["short"].Free));
    }
}
