using Orleans;
using Orleans.Concurrency;

namespace SocialCommerce.Engine.Tests.Conformance;

/// <summary>A grain that works as it is told, notes what it does, and can be held at a gate in the middle of it.</summary>
public interface IWork : IGrainWithStringKey
{
    Task CountSlowly();

    Task<int> Counted();

    /// <summary>Notes "in:name", waits at the gate of that name, notes "out:name".</summary>
    Task Hold(string name);

    Task Note(string note);

    [ReadOnly]
    Task ReadHold(string name);

    [ReadOnly]
    Task ReadNote(string note);

    [AlwaysInterleave]
    Task InterleaveNote(string note);

    Task<bool> StaysOnItsScheduler();
}

public interface IWorkGrain : IWork;

public interface IReentrantGrain : IWork;

public sealed class WorkGrain(Trace trace) : Working(trace), IWorkGrain;

[Reentrant]
public sealed class ReentrantGrain(Trace trace) : Working(trace), IReentrantGrain;

public abstract class Working(Trace trace) : Grain
{
    private int _count;
    private int _turns;

    public async Task CountSlowly()
    {
        // Were two requests ever between these lines at once, a count would be lost.
        var seen = _count;
        await Task.Yield();
        _count = seen + 1;
    }

    public Task<int> Counted() => Task.FromResult(_count);

    public async Task Hold(string name)
    {
        trace.Note($"in:{name}");
        await trace.Gate(name);
        trace.Note($"out:{name}");
    }

    public Task Note(string note)
    {
        trace.Note(note);
        return Task.CompletedTask;
    }

    public Task ReadHold(string name) => Hold(name);

    public Task ReadNote(string note) => Note(note);

    public Task InterleaveNote(string note) => Note(note);

    public async Task<bool> StaysOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        var stayed = mine != TaskScheduler.Default;
        for (var step = 0; step < 20; step++)
        {
            if (Interlocked.Increment(ref _turns) != 1) return false;
            Interlocked.Decrement(ref _turns);
            await (step % 2 == 0 ? Task.Delay(1) : Task.Run(() => { }));
            stayed &= TaskScheduler.Current == mine;
        }

        return stayed;
    }
}

/// <summary>Up to four work at once.</summary>
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Notes "in", waits at the gate, and says which activation it was.</summary>
    Task<string> Hold(string gate);
}

[StatelessWorker(4)]
public sealed class WorkerGrain(Trace trace) : Grain, IWorkerGrain
{
    private readonly string _name = $"worker {trace.Add("workers", 1)}";

    public async Task<string> Hold(string gate)
    {
        trace.Note("in");
        await trace.Gate(gate);
        return _name;
    }
}
