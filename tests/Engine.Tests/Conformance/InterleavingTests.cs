namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class InterleavingTests
{
    [Fact]
    public async Task A_reentrant_grain_takes_the_next_request_while_one_awaits()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IReentrantGrain>("one");
        var held = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");

        await grain.Note("second");

        silo.Trace.Open("gate");
        await held;
        Assert.Equal(["in:gate", "second", "out:gate"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Read_only_requests_interleave_with_one_another()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var held = grain.ReadHold("gate");
        await silo.Trace.Noted("in:gate");

        await grain.ReadNote("second reader");

        silo.Trace.Open("gate");
        await held;
        Assert.Equal(["in:gate", "second reader", "out:gate"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_read_only_request_waits_for_one_that_is_not()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var writer = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");

        var reader = grain.ReadNote("reader");
        await grain.InterleaveNote("probe");
        silo.Trace.Open("gate");
        await Task.WhenAll(writer, reader);

        Assert.Equal(["in:gate", "probe", "out:gate", "reader"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_writer_waits_for_a_reader()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var reader = grain.ReadHold("gate");
        await silo.Trace.Noted("in:gate");

        var writer = grain.Note("writer");
        await grain.InterleaveNote("probe");
        silo.Trace.Open("gate");
        await Task.WhenAll(reader, writer);

        Assert.Equal(["in:gate", "probe", "out:gate", "writer"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_reader_overtakes_a_writer_that_waits_for_another_reader()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var reader = grain.ReadHold("gate");
        await silo.Trace.Noted("in:gate");

        var writer = grain.Note("writer");
        await grain.ReadNote("second reader");
        silo.Trace.Open("gate");
        await Task.WhenAll(reader, writer);

        Assert.Equal(["in:gate", "second reader", "out:gate", "writer"], silo.Trace.Notes);
    }

    [Fact]
    public async Task An_always_interleaving_request_waits_for_nobody()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var held = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");

        await grain.InterleaveNote("between");

        silo.Trace.Open("gate");
        await held;
        Assert.Equal(["in:gate", "between", "out:gate"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_stateless_worker_serves_its_maximum_at_once_and_no_more()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkerGrain>("pool");

        var calls = Enumerable.Range(0, 6).Select(_ => grain.Hold("gate")).ToArray();
        await silo.Trace.Noted("in", times: 4);
        silo.Trace.Open("gate");
        var workers = await Task.WhenAll(calls);

        Assert.Equal(4, workers.Distinct().Count());
    }
}
