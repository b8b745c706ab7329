using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class CallTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Methods_may_return_a_Task_or_a_ValueTask_with_or_without_a_value()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ICallGrain>("one");

        await grain.Done("done");

        Assert.Equal("one", await grain.Key());
        Assert.Equal(5, await grain.Sum(2, 3));
        Assert.Equal(["done"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Interfaces_and_contracts_may_be_internal_and_a_class_may_have_several()
    {
        await using var silo = await TestSilo.Start();

        var revealed = await silo.Grain<IHiddenGrain>("one").Reveal(new Hidden { Word = "it" });

        Assert.Equal("it revealed", revealed.Word);
        Assert.Equal(silo.Grain<ICallGrain>("one").GetGrainId(), silo.Grain<IHiddenGrain>("one").GetGrainId());
    }

    [Fact]
    public async Task A_grain_id_names_class_and_key_and_leads_back_to_the_grain()
    {
        await using var silo = await TestSilo.Start();

        var id = silo.Grain<ICallGrain>("one/two").GetGrainId();

        Assert.Equal("call/one/two", id.ToString());
        Assert.Equal(id, GrainId.Parse("call/one/two"));
        Assert.Equal("one/two", await silo.Grain<ICallGrain>(id).Key());
    }

    [Fact]
    public async Task A_reference_can_be_taken_as_another_interface_of_the_same_grain()
    {
        await using var silo = await TestSilo.Start();

        var hidden = silo.Grain<ICallGrain>("one").AsReference<IHiddenGrain>();

        Assert.Equal("it revealed", (await hidden.Reveal(new Hidden { Word = "it" })).Word);
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type_and_message()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ICallGrain>("one");

        Assert.Equal("no", (await Assert.ThrowsAsync<RefusedException>(() => grain.Fail("no"))).Message);
        Assert.Equal("too late", (await Assert.ThrowsAsync<InvalidOperationException>(() => grain.FailLate("too late"))).Message);
        Assert.Equal("one", await grain.Key());
    }

    [Fact]
    public async Task A_caller_stops_waiting_after_the_response_timeout_and_the_grain_goes_on()
    {
        await using var silo = await TestSilo.Start(WithTimeout);
        var grain = silo.Grain<ICallGrain>("one");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Hold("gate"));

        silo.Trace.Open("gate");
        await silo.Trace.Noted("out:gate");
        await Answers(grain, "one");
    }

    [Fact]
    public async Task A_method_can_have_a_response_timeout_of_its_own()
    {
        await using var silo = await TestSilo.Start();

        await Assert.ThrowsAsync<TimeoutException>(() => silo.Grain<ICallGrain>("one").HoldForASecond("gate"));

        silo.Trace.Open("gate");
    }

    [Fact]
    public async Task A_cycle_of_calls_ends_in_a_timeout()
    {
        await using var silo = await TestSilo.Start(WithTimeout);

        await Assert.ThrowsAsync<TimeoutException>(() => silo.Grain<ICallGrain>("one").CallBack("two"));

        // Both grains are free again.
        await Answers(silo.Grain<ICallGrain>("one"), "one");
        await Answers(silo.Grain<ICallGrain>("two"), "two");
    }

    [Fact]
    public async Task A_one_way_call_returns_before_the_grain_has_done_it()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ICallGrain>("one").Tell("gate");

        Assert.Equal(0, silo.Trace.Count("out:gate"));
        silo.Trace.Open("gate");
        await silo.Trace.Noted("out:gate");
    }

    [Fact]
    public async Task Cancelling_lets_the_caller_go_and_tells_the_grain_in_one_of_its_turns()
    {
        await using var silo = await TestSilo.Start();
        using var cancellation = new CancellationTokenSource();
        var call = silo.Grain<ICallGrain>("one").WaitFor(cancellation.Token);
        await silo.Trace.Noted("waiting");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await silo.Trace.Noted("waited");
        Assert.Equal(1, silo.Trace.Count("told in a turn"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_is_made_never_runs()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ICallGrain>("one");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await grain.WaitFor(new CancellationToken(canceled: true)));

        await grain.Key();
        Assert.Empty(silo.Trace.Notes);
    }

    [Fact]
    public async Task The_request_context_flows_with_calls_and_not_back()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ICallGrain>("one");

        RequestContext.Set("word", "from outside");

        Assert.Equal("from outside", await grain.Context("word"));
        Assert.Equal("from outside", await grain.ContextThrough("word", "two"));
        Assert.Equal("from outside", RequestContext.Get("word"));
        RequestContext.Clear();
        Assert.Equal("nothing", await grain.Context("word"));
    }

    [Fact]
    public async Task A_filter_sees_each_call_and_may_change_its_result()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddIncomingGrainCallFilter(async context =>
        {
            await context.Invoke();
            if (context is { Grain: ICallGrain, MethodName: nameof(ICallGrain.Key) })
            {
                var implementation = context.ImplementationMethod.DeclaringType!.Name;
                context.Result = $"{context.Result} of {context.TargetId.Key}, {context.InterfaceMethod.Name}, {implementation}";
            }
        }));

        Assert.Equal("one of one, Key, CallGrain", await silo.Grain<ICallGrain>("one").Key());
        Assert.Equal(5, await silo.Grain<ICallGrain>("one").Sum(2, 3));
    }

    [Fact]
    public async Task A_filter_may_answer_for_a_grain_that_throws()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddIncomingGrainCallFilter(async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidOperationException)
            {
                context.Result = 7;
            }
        }));

        Assert.Equal(7, await silo.Grain<ICallGrain>("one").FailLate("never seen"));
        await Assert.ThrowsAsync<RefusedException>(() => silo.Grain<ICallGrain>("one").Fail("seen"));
    }

    [Fact]
    public async Task A_grain_may_filter_its_own_calls()
    {
        await using var silo = await TestSilo.Start();

        Assert.Equal("filtered: kept", await silo.Grain<IFilteringGrain>("one").Say("kept"));
        Assert.Equal("filtered: replaced", await silo.Grain<IFilteringGrain>("one").Say("secret"));
    }

    [Fact]
    public async Task Grains_get_keyed_services()
    {
        await using var silo = await TestSilo.Start(builder => builder.Services.AddKeyedSingleton("name", "the keyed one"));

        Assert.Equal("the keyed one", await silo.Grain<ICallGrain>("one").NameOfClock());
    }

    // Where every call has a second it may take several: one that the machine stands still for is given up, too.
    private static Task Answers(ICallGrain grain, string key) => Waiting.Until(
        async () =>
        {
            try
            {
                return await grain.Key() == key;
            }
            catch (TimeoutException)
            {
                return false;
            }
        },
        $"{key} answers");

    private static void WithTimeout(ISiloBuilder builder)
    {
        builder.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Short);
        builder.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = Short);
    }
}
