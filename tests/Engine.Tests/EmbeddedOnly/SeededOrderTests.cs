using Orleans;
using SocialCommerce.Engine.Tests.Conformance;

namespace SocialCommerce.Engine.Tests.EmbeddedOnly;

/// <summary>Passes a token on until it has gone its way, noting each step.</summary>
public interface IRelayGrain : IGrainWithStringKey
{
    Task Pass(string token, int stepsLeft);
}

public sealed class RelayGrain(Trace trace) : Grain, IRelayGrain
{
    public async Task Pass(string token, int stepsLeft)
    {
        var me = this.GetPrimaryKeyString();
        trace.Note($"{token} at {me}");
        if (stepsLeft == 0) return;
        await Task.Yield();
        await GrainFactory.GetGrain<IRelayGrain>($"{token}.{stepsLeft}").Pass(token, stepsLeft - 1);
        trace.Note($"{token} back at {me}");
    }
}

public sealed class SeededOrderTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        var traces = Enumerable.Range(1, 20).Select(Run).ToArray();

        Assert.Equal(traces, Enumerable.Range(1, 20).Select(Run));
        Assert.Equal(20, traces.Distinct().Count());
    }

    [Fact]
    public void Every_order_holds_the_same_steps()
    {
        var steps = Enumerable.Range(1, 5).Select(seed => string.Join(' ', Run(seed).Split('\n').Order(StringComparer.Ordinal)));

        Assert.Single(steps.Distinct());
    }

    private static string Run(int seed)
    {
        using var world = new Simulation(seed);
        var all = world.Do(async () =>
        {
            // The callers are part of the order, and so are a counter that all of them share and a timer.
            await world.Grain<ITimerGrain>("clock").StartTimer("clock", interleave: false);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(async number =>
            {
                await world.Grain<IRelayGrain>("start").Pass($"t{number}", 4);
                await world.Grain<IWorkGrain>("counter").CountSlowly();
                world.Trace.Note($"caller {number} is through");
            }));
        });
        world.Pass(TimeSpan.FromMilliseconds(100), step: TimeSpan.FromMilliseconds(10));
        Assert.True(all.IsCompletedSuccessfully);
        return string.Join('\n', world.Trace.Notes);
    }
}
