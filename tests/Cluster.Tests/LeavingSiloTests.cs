using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Silos as separate processes that go: one is asked to, one is killed.</summary>
public sealed class LeavingSiloTests
{
    [ProcessFact]
    public async Task Silos_leave_one_asked_to_and_one_killed_and_no_request_fails()
    {
        // For longer than a machine stands still: its answer is to be seen meanwhile.
        var settings = new Dictionary<string, string> { ["Cluster__DrainSeconds"] = "30" };
        await using var cluster = await ProcessCluster.Open(typeof(LocalSilo).Assembly.Location, silos: 2, settings);
        var (leaving, killed) = (cluster.Silos[0], cluster.Silos[1]);
        using var floor = new HttpFloor(cluster.Silos.Select(silo => silo.Address));
        await using var play = new Play(floor, seed: 5);
        await play.Begin(players: 8);
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
        await play.Check(cluster);
    }
}
