namespace SocialCommerce.EmbeddedSilo;

/// <summary>
/// Runs the turns of all grains on one thread, in an order drawn from a seed: the same seed and the same work give the same trace. As a
/// task scheduler it also runs the code that calls the grains, so that its steps are part of the order.
/// </summary>
/// <remarks>
/// Only what stays on these turns is ordered: no Task.Run, no ConfigureAwait(false), no I/O that ends on another thread, and no
/// Task.WhenAll, WhenAny or WaitAsync straight over tasks that were made with RunContinuationsAsynchronously.
/// </remarks>
public sealed class SeededTurns(int seed) : TaskScheduler, ITurnScheduler
{
    private readonly object _gate = new();
    private readonly Random _draw = new(seed);
    private readonly List<IThreadPoolWorkItem> _ready = [];

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Turns run so far.</summary>
    public long TurnCount { get; private set; }

    public void Queue(IThreadPoolWorkItem turns)
    {
        lock (_gate)
        {
            _ready.Add(turns);
            Monitor.PulseAll(_gate);
        }
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

        // This may be a thread with a context of its own, a test runner's for one, and awaits would go there instead of coming back here.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        drawn.Execute();
        SynchronizationContext.SetSynchronizationContext(context);
        return true;
    }

    /// <summary>Runs turns until none is ready. What is left then waits for time to pass, or for another thread.</summary>
    public void RunUntilIdle()
    {
        while (RunOne())
        {
        }
    }

    /// <summary>
    /// Runs turns until <paramref name="task"/> has ended. Waits for other threads while none is ready, so it may be a host's start or stop.
    /// </summary>
    public void RunUntil(Task task)
    {
        task.ContinueWith(_ => Stir(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, Default);
        while (!task.IsCompleted)
        {
            if (RunOne()) continue;
            lock (_gate)
            {
                if (_ready.Count == 0 && !task.IsCompleted) Monitor.Wait(_gate);
            }
        }
    }

    protected override void QueueTask(Task task) => Queue(new TaskTurn(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Stir()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private sealed class TaskTurn(SeededTurns turns, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => turns.TryExecuteTask(task);
    }
}
