namespace SocialCommerce.EmbeddedSilo;

/// <summary>
/// Runs the turns of all grains on one thread, in an order drawn from a seed: the same seed and the same work give the same trace. As a
/// task scheduler it also runs the code that calls the grains, so that its steps are part of the order.
/// </summary>
/// <remarks>Only what stays on these turns is ordered: no Task.Run, no ConfigureAwait(false), no I/O that ends on another thread.</remarks>
public sealed class SeededTurns(int seed) : TaskScheduler, ITurnScheduler
{
    private readonly Lock _gate = new();
    private readonly Random _draw = new(seed);
    private readonly List<IThreadPoolWorkItem> _ready = [];

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Turns run so far.</summary>
    public long TurnCount { get; private set; }

    public void Queue(IThreadPoolWorkItem turns)
    {
        lock (_gate) _ready.Add(turns);
    }

    /// <summary>Starts <paramref name="work"/> as turns of this order; nothing of it runs before the next call of a Run method.</summary>
    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs one turn, drawn from those that are ready; false if there is none.</summary>
    public bool RunOne()
    {
        IThreadPoolWorkItem drawn;
        lock (_gate)
        {
            if (_ready.Count == 0) return false;
            var index = _draw.Next(_ready.Count);
            drawn = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
        }

        TurnCount++;
        drawn.Execute();
        return true;
    }

    /// <summary>Runs turns until none is ready. What is left then waits for time to pass, or for another thread.</summary>
    public void RunUntilIdle()
    {
        while (RunOne())
        {
        }
    }

    protected override void QueueTask(Task task) => Queue(new TaskTurn(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class TaskTurn(SeededTurns turns, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => turns.TryExecuteTask(task);
    }
}
