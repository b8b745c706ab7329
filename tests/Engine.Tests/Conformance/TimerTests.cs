using Orleans;
using Orleans.Runtime;

namespace SocialCommerce.Engine.Tests.Conformance;

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Notes "tick:name" each time.</summary>
    Task StartTimer(string name, bool interleave);

    Task StartTimerOnce(string name);

    Task StartFailingTimer(string name);

    /// <summary>A timer whose every tick awaits, so that ticks would overlap if they could.</summary>
    Task StartSlowTimer(string name);

    /// <summary>Changes the timer to never from inside its third tick.</summary>
    Task StartTimerThatStopsItself(string name);

    Task StopTimer();

    Task Hold(string gate);

    Task End();
}

public sealed class TimerGrain(Trace trace) : Grain, ITimerGrain
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private IGrainTimer? _timer;
    private int _inTick;
    private int _ticks;

    public Task StartTimer(string name, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            static (tick, _) =>
            {
                tick.Trace.Note($"tick:{tick.Name}");
                return Task.CompletedTask;
            },
            (Trace: trace, Name: name),
            new GrainTimerCreationOptions { DueTime = Soon, Period = Soon, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartTimerOnce(string name)
    {
        _timer = this.RegisterGrainTimer(() => Note(name), Soon, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StartFailingTimer(string name)
    {
        _timer = this.RegisterGrainTimer(
            async _ =>
            {
                await Note(name);
                throw new InvalidOperationException("The tick failed.");
            },
            new GrainTimerCreationOptions(Soon, Soon));
        return Task.CompletedTask;
    }

    public Task StartSlowTimer(string name)
    {
        _timer = this.RegisterGrainTimer(
            async () =>
            {
                if (Interlocked.Increment(ref _inTick) > 1) trace.Note("overlap");
                await Task.Delay(Soon * 2);
                Interlocked.Decrement(ref _inTick);
                await Note(name);
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(1));
        return Task.CompletedTask;
    }

    public Task StartTimerThatStopsItself(string name)
    {
        _timer = this.RegisterGrainTimer(
            async () =>
            {
                if (++_ticks == 3) _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await Note(name);
            },
            Soon,
            Soon);
        return Task.CompletedTask;
    }

    public Task StopTimer()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Hold(string gate)
    {
        trace.Note($"in:{gate}");
        await trace.Gate(gate);
        trace.Note($"out:{gate}");
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Note("ended");

    private Task Note(string name)
    {
        trace.Note(name == "ended" ? name : $"tick:{name}");
        return Task.CompletedTask;
    }
}

public sealed class TimerTests
{
    [Fact]
    public async Task A_timer_ticks_again_and_again()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>("one").StartTimer("it", interleave: false);

        await silo.Trace.Noted("tick:it", times: 5);
    }

    [Fact]
    public async Task A_tick_waits_for_a_running_request_unless_it_may_interleave()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ITimerGrain>("one");
        var held = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");

        // Timers must be registered by the grain itself, so these wait for their turn, and so does what holds the grain after them.
        var plain = grain.StartTimer("plain", interleave: false);
        var interleaving = grain.StartTimer("interleaving", interleave: true);
        var heldAgain = grain.Hold("second gate");
        silo.Trace.Open("gate");
        await Task.WhenAll(held, plain, interleaving);
        await silo.Trace.Noted("in:second gate");
        var plainBefore = silo.Trace.Count("tick:plain");

        // Both periods are the same, so the plain one has long been due.
        await silo.Trace.Noted("tick:interleaving", times: 5);
        Assert.Equal(plainBefore, silo.Trace.Count("tick:plain"));

        silo.Trace.Open("second gate");
        await heldAgain;
        await silo.Trace.Noted("tick:plain", times: plainBefore + 1);
    }

    [Fact]
    public async Task Ticks_of_one_timer_never_overlap()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>("one").StartSlowTimer("slow");

        await silo.Trace.Noted("tick:slow", times: 5);
        Assert.Equal(0, silo.Trace.Count("overlap"));
    }

    [Fact]
    public async Task A_timer_goes_on_when_a_tick_fails()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>("one").StartFailingTimer("failing");

        await silo.Trace.Noted("tick:failing", times: 3);
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>("one").StartTimerOnce("once");

        await silo.Trace.Noted("tick:once");
        await AnotherGrainTicks(silo);
        Assert.Equal(1, silo.Trace.Count("tick:once"));
    }

    [Fact]
    public async Task A_timer_can_be_changed_from_inside_of_its_tick()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>("one").StartTimerThatStopsItself("three");

        await silo.Trace.Noted("tick:three", times: 3);
        await AnotherGrainTicks(silo);
        Assert.Equal(3, silo.Trace.Count("tick:three"));
    }

    [Fact]
    public async Task A_disposed_timer_is_silent()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ITimerGrain>("one");
        await grain.StartTimer("it", interleave: false);
        await silo.Trace.Noted("tick:it");

        await grain.StopTimer();

        await IsSilent(silo, "tick:it");
    }

    [Fact]
    public async Task Timers_end_with_their_activation()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ITimerGrain>("one");
        await grain.StartTimer("it", interleave: true);
        await silo.Trace.Noted("tick:it");

        await grain.End();

        await silo.Trace.Noted("ended");
        await IsSilent(silo, "tick:it");
    }

    // One tick that was on its way as the timer went may still come: Orleans doesn't look once more before it calls.
    private static async Task IsSilent(TestSilo silo, string tick)
    {
        var ticks = silo.Trace.Count(tick);
        await AnotherGrainTicks(silo);
        Assert.InRange(silo.Trace.Count(tick), ticks, ticks + 1);
    }

    // Time has passed when another grain's timer of the same period has ticked.
    private static async Task AnotherGrainTicks(TestSilo silo)
    {
        await silo.Grain<ITimerGrain>("yardstick").StartTimer("yardstick", interleave: false);
        await silo.Trace.Noted("tick:yardstick", times: 5);
    }
}
