using SocialCommerce.EmbeddedSilo;

namespace SocialCommerce.Simulation.Tests;

/// <summary>The caller's silo died before it answered.</summary>
internal sealed class SiloDiedException : Exception;

/// <summary>
/// One life of a silo, from its start to its death: all of its turns go through here, so that from one turn to the next nothing of it goes
/// on. Who waits for its answers hears of its death.
/// </summary>
internal sealed class Life(SeededTurns turns) : ITurnScheduler
{
    private readonly Stack<OwnTurn> _spare = new();
    private readonly HashSet<Ask> _asks = [];
    private OwnTasks? _own;

    public bool IsOver { get; private set; }

    public void Queue(IThreadPoolWorkItem item)
    {
        if (IsOver) return;
        if (!_spare.TryPop(out var turn)) turn = new OwnTurn(this);
        turn.Item = item;
        turns.Queue(turn);
    }

    /// <summary>Runs code of the silo that belongs to no grain, as turns of this life.</summary>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _own ??= new OwnTasks(this)).Unwrap();

    /// <summary>The answer, or <see cref="SiloDiedException"/>.</summary>
    public Task<T> Answer<T>(Task<T> answer)
    {
        if (answer.IsCompleted) return answer;
        var ask = new Ask<T>(this);
        _asks.Add(ask);
        answer.ContinueWith(
            static (answer, ask) => ((Ask<T>)ask!).Answered(answer), ask, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return ask.Task;
    }

    public void End()
    {
        IsOver = true;
        foreach (var ask in _asks) ask.Die();
        _asks.Clear();
    }

    private sealed class OwnTurn(Life life) : IThreadPoolWorkItem
    {
        public IThreadPoolWorkItem? Item { get; set; }

        public void Execute()
        {
            var item = Item!;
            Item = null;
            life._spare.Push(this);
            if (!life.IsOver) item.Execute();
        }
    }

    private sealed class OwnTasks(Life life) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => life.Queue(new TaskTurn(this, task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];

        private sealed class TaskTurn(OwnTasks tasks, Task task) : IThreadPoolWorkItem
        {
            public void Execute() => tasks.TryExecuteTask(task);
        }
    }

    private abstract class Ask
    {
        public abstract void Die();
    }

    private sealed class Ask<T>(Life life) : Ask
    {
        private readonly TaskCompletionSource<T> _answered = new();

        public Task<T> Task => _answered.Task;

        public void Answered(Task<T> answer)
        {
            if (life.IsOver) return;
            life._asks.Remove(this);
            if (answer.IsCompletedSuccessfully) _answered.SetResult(answer.Result);
            else _answered.SetException(answer.Exception?.InnerException ?? new TaskCanceledException(answer));
        }

        public override void Die() => _answered.SetException(new SiloDiedException());
    }
}
