using Orleans.Configuration;
using Orleans.Hosting;

namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class LifeTests
{
    [Fact]
    public async Task A_grain_is_activated_once_however_many_callers_come_first()
    {
        await using var silo = await TestSilo.Start();

        var numbers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(silo.Grain<ILifeGrain>("one").Number)));

        Assert.All(numbers, number => Assert.Equal(1, number));
        Assert.Equal(["activated 1"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_grain_that_asks_for_it_ends_and_the_next_call_starts_it_anew()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ILifeGrain>("one");

        await grain.End();

        Assert.Equal(2, await grain.Number());
        Assert.Equal(["activated 1", "ended 1: ApplicationRequested", "activated 2"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Requests_that_come_while_a_grain_ends_wait_for_its_next_activation()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ISlowToEndGrain>("one");
        await grain.End();
        await silo.Trace.Noted("ending");

        var calls = Enumerable.Range(0, 10).Select(_ => grain.Number()).ToArray();
        silo.Trace.Open("end");

        Assert.All(await Task.WhenAll(calls), number => Assert.Equal(2, number));
        Assert.Equal(["activated 1", "ending", "ended 1: ApplicationRequested", "activated 2"], silo.Trace.Notes);
    }

    [Fact]
    public async Task However_often_a_grain_comes_and_goes_under_its_callers_it_is_in_memory_once_and_every_call_is_answered()
    {
        const int Lives = 200;
        await using var silo = await TestSilo.Start();
        var seen = new int[8];
        var callers = Enumerable.Range(0, seen.Length).Select(caller => Task.Run(() => Call(caller))).ToArray();

        for (var life = 1; life <= Lives; life++)
        {
            // A request is sent on from one life to the next only so often.
            while (seen.Any(number => number < life) && !callers.Any(caller => caller.IsFaulted)) await Task.Delay(1);
            await silo.Grain<ILifeGrain>("one").End();
        }

        await Task.WhenAll(callers);
        var notes = silo.Trace.Notes;
        for (var i = 0; i < notes.Length; i++)
            Assert.Equal(i % 2 == 0 ? $"activated {i / 2 + 1}" : $"ended {i / 2 + 1}: ApplicationRequested", notes[i]);

        async Task Call(int caller)
        {
            while (seen[caller] <= Lives)
            {
                var number = await silo.Grain<ILifeGrain>("one").Number();
                Assert.True(number >= seen[caller], $"activation {number} answered after {seen[caller]}");
                Volatile.Write(ref seen[caller], number);
            }
        }
    }

    [Fact]
    public async Task An_idle_grain_ends_after_its_age_and_the_next_call_starts_it_anew()
    {
        await using var silo = await TestSilo.Start(WithShortAge);
        var grain = silo.Grain<ILifeGrain>("one");
        Assert.Equal(1, await grain.Number());

        await silo.Trace.Noted("ended 1: ActivationIdle");

        Assert.Equal(2, await grain.Number());
    }

    [Fact]
    public async Task A_grain_that_is_at_work_marked_eternal_or_asked_to_stay_is_not_idle()
    {
        await using var silo = await TestSilo.Start(WithShortAge);
        var atWork = silo.Grain<ILifeGrain>("at work").Hold("gate");
        await silo.Grain<IEternalGrain>("eternal").Number();
        await silo.Grain<ILifeGrain>("stays").Stay();

        // An idle grain of the same age, made after them, has gone through its life twice.
        await silo.Grain<ILifeGrain>("idle").Number();
        await silo.Trace.Noted("ended 1: ActivationIdle");
        await silo.Grain<ILifeGrain>("idle").Number();
        await silo.Trace.Noted("ended 2: ActivationIdle");

        Assert.Equal(1, silo.Trace.Count("ended 1: ActivationIdle"));
        silo.Trace.Open("gate");
        await atWork;
        Assert.Equal(1, await silo.Grain<IEternalGrain>("eternal").Number());
    }

    [Fact]
    public async Task Grains_at_rest_end_while_memory_is_short()
    {
        await using var silo = await TestSilo.Start(WithLittleMemory);
        var atWork = silo.Grain<ILifeGrain>("at work").Hold("gate");
        await silo.Grain<IEternalGrain>("eternal").Number();
        var grain = silo.Grain<ILifeGrain>("one");
        Assert.Equal(1, await grain.Number());

        // How much is in use is known after a whole collection alone.
        var ended = silo.Trace.Noted("ended 1: HighMemoryPressure");
        while (!ended.IsCompleted)
        {
            GC.Collect();
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        await ended;
        Assert.Equal(2, await grain.Number());
        silo.Trace.Open("gate");
        await atWork;
        Assert.Equal(1, await silo.Grain<IEternalGrain>("eternal").Number());
    }

    [Fact]
    public async Task A_failure_to_activate_goes_to_the_callers_and_the_next_call_tries_again()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IBrokenGrain>("one");

        var calls = Enumerable.Range(0, 3).Select(_ => Assert.ThrowsAsync<RefusedException>(grain.Work)).ToArray();

        Assert.All(await Task.WhenAll(calls), failure => Assert.Equal("out of order", failure.Message));
        silo.Trace.Open("mended");
        Assert.Equal("works", await grain.Work());
    }

    [Fact]
    public async Task A_stop_ends_every_activation()
    {
        await using var silo = await TestSilo.Start();
        for (var key = 0; key < 20; key++) await silo.Grain<ILifeGrain>($"{key}").Number();

        await silo.Stop();

        Assert.Equal(20, silo.Trace.Count("ended 1: ShuttingDown"));
    }

    [Fact]
    public async Task A_stop_lets_a_running_request_end_before_its_activation_does()
    {
        await using var silo = await TestSilo.Start();
        var held = silo.Grain<ILifeGrain>("one").Hold("gate");
        await silo.Trace.Noted("in:gate");

        var stopping = silo.Stop();
        silo.Trace.Open("gate");
        await stopping;

        // Whether the caller still hears of it differs between engines; that the grain finished its work does not.
        await held.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(["activated 1", "in:gate", "out:gate", "ended 1: ShuttingDown"], silo.Trace.Notes);
    }

    private static void WithLittleMemory(ISiloBuilder builder) => builder.Configure<GrainCollectionOptions>(options =>
    {
        options.EnableActivationSheddingOnMemoryPressure = true;
        options.MemoryUsagePollingPeriod = TimeSpan.FromMilliseconds(100);
        // Less than any process has in use.
        options.MemoryUsageLimitPercentage = 0.000_002;
        options.MemoryUsageTargetPercentage = 0.000_001;
    });

    private static void WithShortAge(ISiloBuilder builder) => builder.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromSeconds(1);
        options.CollectionAge = TimeSpan.FromSeconds(2);
    });
}
