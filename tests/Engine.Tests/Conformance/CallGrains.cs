using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace SocialCommerce.Engine.Tests.Conformance;

[GenerateSerializer]
[SuppressMessage("Design", "CA1032", Justification = "A test throws it in one way only.")]
public sealed class RefusedException(string message) : Exception(message);

/// <summary>Calls of every shape.</summary>
public interface ICallGrain : IGrainWithStringKey
{
    Task<string> Key();

    ValueTask Done(string note);

    ValueTask<int> Sum(int left, int right);

    Task Fail(string message);

    Task<int> FailLate(string message);

    Task Hold(string gate);

    [ResponseTimeout("00:00:01")]
    Task HoldForASecond(string gate);

    [OneWay]
    Task Tell(string gate);

    Task WaitFor(CancellationToken cancellation);

    Task CallBack(string other);

    Task<string> Context(string key);

    Task<string> ContextThrough(string key, string other);

    Task<string> NameOfClock();

    /// <summary>Calls <paramref name="other"/> again and again until the gate is open.</summary>
    Task ChatUntil(string gate, string other);
}

internal interface IHiddenGrain : IGrainWithStringKey
{
    Task<Hidden> Reveal(Hidden hidden);
}

[GenerateSerializer]
[Immutable]
internal sealed class Hidden
{
    [Id(0)]
    public string Word { get; init; } = "";
}

internal sealed class CallGrain(Trace trace, [FromKeyedServices("name")] string? name = null) : Grain, ICallGrain, IHiddenGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public ValueTask Done(string note)
    {
        trace.Note(note);
        return default;
    }

    public async ValueTask<int> Sum(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    public Task Fail(string message) => throw new RefusedException(message);

    public async Task<int> FailLate(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public async Task Hold(string gate)
    {
        trace.Note($"in:{gate}");
        await trace.Gate(gate);
        trace.Note($"out:{gate}");
    }

    public Task HoldForASecond(string gate) => Hold(gate);

    public Task Tell(string gate) => Hold(gate);

    public async Task WaitFor(CancellationToken cancellation)
    {
        var mine = TaskScheduler.Current;
        using var registration = cancellation.Register(() => trace.Note(TaskScheduler.Current == mine ? "told in a turn" : "told elsewhere"));
        trace.Note("waiting");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        finally
        {
            trace.Note("waited");
        }
    }

    public Task CallBack(string other) => GrainFactory.GetGrain<ICallGrain>(other).CallBack(this.GetPrimaryKeyString());

    public Task<string> Context(string key)
    {
        var value = (string?)RequestContext.Get(key) ?? "nothing";
        RequestContext.Set(key, "changed by the callee");
        return Task.FromResult(value);
    }

    public Task<string> ContextThrough(string key, string other) => GrainFactory.GetGrain<ICallGrain>(other).Context(key);

    public Task<string> NameOfClock() => Task.FromResult(name ?? "none");

    public async Task ChatUntil(string gate, string other)
    {
        while (!trace.IsOpen(gate)) await GrainFactory.GetGrain<ICallGrain>(other).Key();
    }

    public Task<Hidden> Reveal(Hidden hidden) => Task.FromResult(new Hidden { Word = $"{hidden.Word} revealed" });
}

public interface IFilteringGrain : IGrainWithStringKey
{
    Task<string> Say(string word);
}

public sealed class FilteringGrain : Grain, IFilteringGrain, IIncomingGrainCallFilter
{
    public Task<string> Say(string word) => Task.FromResult($"filtered: {word}");

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 1 && "secret".Equals(context.Request.GetArgument(0))) context.Request.SetArgument(0, "replaced");
        return context.Invoke();
    }
}
