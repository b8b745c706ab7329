using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>A silo of separate processes that stands still, and wakes with what it believed.</summary>
public sealed class FrozenSiloTests
{
    [ProcessFact]
    public async Task A_silo_that_was_frozen_until_it_was_declared_dead_does_no_harm_when_it_wakes()
    {
        await using var cluster = await ProcessCluster.Open(typeof(LocalSilo).Assembly.Location, silos: 3, new Dictionary<string, string>());
        var frozen = cluster.Silos[1];
        using var floor = new HttpFloor(cluster.Silos.Select(silo => silo.Address));
        await using var play = new Play(floor, seed: 4);
        await play.Begin(players: 8);
        await play.Goes(200, "before");

        frozen.Signal("STOP");
        await Waiting.Until(() => cluster.IsDeclaredDead(frozen), "the others have declared it dead", Play.Patience);
        await play.Goes(200, "with one silo frozen");

        // It wakes with what it believed: its grains, its share of the deadlines, its commits under way.
        frozen.Signal("CONT");
        await play.Goes(200, "with it awake");
        await Waiting.Until(() => Task.FromResult(frozen.HasExited), "who is declared dead ends");
        await play.Goes(100, "after its end");
        await play.End();
        await play.Check(cluster);
    }
}
