using System.Diagnostics.CodeAnalysis;

namespace SocialCommerce.EmbeddedSilo.Turns;

/// <summary>
/// Runs turns one at a time and in the order in which they were posted: requests, timer ticks, and, since it is a task scheduler, every
/// continuation of code that runs on it. Nothing is locked: writers push onto a stack, and the one reader turns it around.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
internal abstract class TurnQueue : TaskScheduler, IThreadPoolWorkItem
{
    // How many turns one work item of the pool may run before others get their chance.
    private const int TurnsPerWorkItem = 128;

    // In place of an empty stack while a work item is queued or running; null means that nothing is queued and nothing runs.
    private static readonly TurnNode Awake = new Sentinel();

    private TurnNode? _posted;
    private TurnNode? _ready;

    public override int MaximumConcurrencyLevel => 1;

    protected abstract ITurnScheduler? Scheduler { get; }

    /// <summary>Runs <paramref name="node"/> as a turn, after all that was posted before. From any thread.</summary>
    public void Post(TurnNode node)
    {
        TurnNode? last;
        do
        {
            last = Volatile.Read(ref _posted);
            node.Next = last;
        }
        while (Interlocked.CompareExchange(ref _posted, node, last) != last);

        if (last is null) Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Turns run inside of a task, because that is what makes this queue their TaskScheduler.Current.
        var turns = new DrainTask(this);
        turns.RunSynchronously(this);
        if (turns.Result) Wake();
    }

    protected sealed override void QueueTask(Task task) => Post(new TaskNode(task));

    // Only code of a running turn may run a task on the spot, and only one that is not in the queue.
    protected sealed override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && (Current == this || task is DrainTask) && TryExecuteTask(task);

    // For debuggers only; the stack can't be read safely while others push.
    protected sealed override IEnumerable<Task> GetScheduledTasks() => [];

    private void Wake()
    {
        // A thread's own queue is last in, first out: two grains that call each other would keep it to themselves, and all else would starve.
        if (Scheduler is { } scheduler) scheduler.Queue(this);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>True if turns are left to run; false if the queue sleeps, and then another thread may already be at work on it.</summary>
    private bool Drain()
    {
        // Under a supplied scheduler each turn is a choice of its own.
        var left = Scheduler is null ? TurnsPerWorkItem : 1;
        while (left > 0)
        {
            if (_ready is { } node)
            {
                _ready = node.Next;
                node.Next = null;
                node.Run(this);
                left--;
            }
            else if (!TakePosted())
            {
                return false;
            }
        }

        // Falling asleep here, if that was the last, spares a scheduler a turn that does nothing.
        return _ready is not null || TakePosted();
    }

    private bool TakePosted()
    {
        var newest = Interlocked.Exchange(ref _posted, Awake);
        if (newest == Awake)
        {
            if (Interlocked.CompareExchange(ref _posted, null, Awake) == Awake) return false;
            newest = Interlocked.Exchange(ref _posted, Awake);
        }

        while (newest is not null && newest != Awake)
        {
            var older = newest.Next;
            newest.Next = _ready;
            _ready = newest;
            newest = older;
        }

        return true;
    }

    private sealed class DrainTask(TurnQueue queue)
        : Task<bool>(static queue => ((TurnQueue)queue!).Drain(), queue, CancellationToken.None, TaskCreationOptions.DenyChildAttach);

    private sealed class TaskNode(Task task) : TurnNode
    {
        public override void Run(TurnQueue queue) => queue.TryExecuteTask(task);
    }

    private sealed class Sentinel : TurnNode
    {
        public override void Run(TurnQueue queue) => throw new InvalidOperationException("The sentinel is never run.");
    }
}
