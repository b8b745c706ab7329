namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class TurnTests
{
    [Fact]
    public async Task A_thousand_callers_of_one_grain_count_to_exactly_a_thousand()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("counter");

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(grain.CountSlowly)));

        Assert.Equal(1000, await grain.Counted());
    }

    [Fact]
    public async Task A_request_that_awaits_keeps_the_next_one_waiting()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");

        var first = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");
        var second = grain.Note("second");

        // This one was sent after it and has run, so the second has had its chance.
        await grain.InterleaveNote("probe");
        Assert.Equal(["in:gate", "probe"], silo.Trace.Notes);

        silo.Trace.Open("gate");
        await Task.WhenAll(first, second);
        Assert.Equal(["in:gate", "probe", "out:gate", "second"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Two_grains_work_side_by_side()
    {
        await using var silo = await TestSilo.Start();
        var held = silo.Grain<IWorkGrain>("one").Hold("gate");
        await silo.Trace.Noted("in:gate");

        await silo.Grain<IWorkGrain>("two").Note("other");

        silo.Trace.Open("gate");
        await held;
        Assert.Equal(["in:gate", "other", "out:gate"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Requests_of_one_caller_start_in_the_order_in_which_they_were_sent()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("ordered");
        await grain.Note("awake");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => grain.Note($"{number}")));

        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{number}"), silo.Trace.Notes.Skip(1));
    }

    [Fact]
    public async Task Code_after_an_await_is_back_on_the_scheduler_of_its_activation()
    {
        await using var silo = await TestSilo.Start();

        Assert.True(await silo.Grain<IWorkGrain>("one").StaysOnItsScheduler());
    }

    [Fact]
    public async Task Turns_of_interleaved_requests_never_run_at_the_same_time()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IReentrantGrain>("one");

        var stayed = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.StaysOnItsScheduler()));

        Assert.All(stayed, Assert.True);
    }
}
