using SocialCommerce.Journal;
using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Silos as separate processes: one freezes and wakes, one is asked to stop, one is killed.</summary>
public sealed class ProcessTests
{
    private const int Players = 8;

    private static readonly string Program = typeof(LocalSilo).Assembly.Location;

    [ProcessFact]
    public async Task A_silo_that_was_frozen_until_it_was_declared_dead_does_no_harm_when_it_wakes()
    {
        await using var cluster = await ProcessCluster.Open(Program, silos: 3, new Dictionary<string, string>());
        var frozen = cluster.Silos[1];
        using var floor = new HttpFloor([.. cluster.Silos.Select(silo => silo.Address)]);
        await using var play = new Play(floor, seed: 4);
        await play.Begin(Players);
        await play.Goes(200, "before");

        frozen.Signal("STOP");
        await Waiting.Until(() => cluster.IsDeclaredDead(frozen), "the others have declared it dead");
        await play.Goes(200, "with one silo frozen");

        // It wakes with what it believed: its grains, its share of the deadlines, its commits under way.
        frozen.Signal("CONT");
        await play.Goes(200, "with it awake");
        await Waiting.Until(() => Task.FromResult(frozen.HasExited), "who is declared dead ends");
        await play.Goes(100, "after its end");
        await play.End();
        await Check(cluster, play);
    }

    [ProcessFact]
    public async Task A_silo_that_is_asked_to_stop_says_so_hands_over_and_ends_well()
    {
        await using var cluster = await ProcessCluster.Open(Program, silos: 2, new Dictionary<string, string> { ["Cluster__DrainSeconds"] = "2" });
        var leaving = cluster.Silos[1];
        using var floor = new HttpFloor([.. cluster.Silos.Select(silo => silo.Address)]);
        await using var play = new Play(floor, seed: 5);
        await play.Begin(Players);
        await play.Goes(200, "before");

        leaving.Signal("TERM");
        int? ready = 200;
        await Waiting.Until(async () => (ready = await leaving.Ready()) != 200, "it no longer says that it is ready");
        Assert.Equal(503, ready);
        Assert.Equal(0, await leaving.Exit());
        await play.Goes(200, "after its end");

        // The one that takes its place, and the end of the other.
        var next = await cluster.StartSilo();
        Assert.Equal(200, await next.Ready());
        await play.End();
        await Check(cluster, play);
    }

    private static async Task Check(ProcessCluster cluster, Play play)
    {
        await using var journal = PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = cluster.ConnectionString });
        await play.Check(journal);
    }
}
