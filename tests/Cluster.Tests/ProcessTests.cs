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
        using var floor = new HttpFloor(cluster.Silos.Select(silo => silo.Address));
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
    public async Task Silos_leave_one_asked_to_and_one_killed_and_no_request_fails()
    {
        await using var cluster = await ProcessCluster.Open(Program, silos: 2, new Dictionary<string, string> { ["Cluster__DrainSeconds"] = "2" });
        var (leaving, killed) = (cluster.Silos[0], cluster.Silos[1]);
        using var floor = new HttpFloor(cluster.Silos.Select(silo => silo.Address));
        await using var play = new Play(floor, seed: 5);
        await play.Begin(Players);
        await play.Goes(200, "before");

        // While it drains it serves on, but tells whoever sends requests to look elsewhere.
        leaving.Signal("TERM");
        int? ready = 200;
        await Waiting.Until(async () => (ready = await leaving.Ready()) != 200, "it no longer says that it is ready");
        Assert.Equal(503, ready);
        Assert.Equal(0, await leaving.Exit());
        await play.Goes(100, "with one silo gone");

        floor.Add((await cluster.StartSilo()).Address);
        await play.Goes(100, "with another in its place");
        killed.Signal("KILL");
        await play.Goes(200, "with one silo killed");
        await play.End();
        await Check(cluster, play);
    }

    private static async Task Check(ProcessCluster cluster, Play play)
    {
        await using var journal = PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = cluster.ConnectionString });
        await play.Check(journal);
    }
}
