using Xunit.Abstractions;

namespace SocialCommerce.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 100;
    private const int SeedsReplayed = 5;

    /// <summary>The part that fits into a test, within a minute on two busy cores; ./simulate runs as many as one likes.</summary>
    [Fact]
    public void Every_seed_keeps_what_the_rules_promise()
    {
        var simulator = new Simulator(firstSeed: 1, Seeds, Environment.ProcessorCount);
        var summary = simulator.Run();
        output.WriteLine($"Simulation: {summary}; ./simulate plays more");
        Assert.True(simulator.Failed.Count == 0, string.Join('\n', simulator.Failed.Select(failed => $"seed {failed.Seed}: {failed.BrokenPromise}\n  replay: {failed.Replay}")));
        Assert.True(simulator.Faults.Total > Seeds * 20, $"only {simulator.Faults.Total} faults: the simulation is too kind");
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        foreach (var seed in Enumerable.Range(1, SeedsReplayed))
        {
            var first = Simulator.Run(seed);
            var second = Simulator.Run(seed, keepTrace: true);
            Assert.Equal((first.Hash, first.Commands, first.Faults.ToString()), (second.Hash, second.Commands, second.Faults.ToString()));
            Assert.NotEmpty(second.Trace);
        }
    }
}
