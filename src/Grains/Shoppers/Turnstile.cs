namespace SocialCommerce.Grains;

/// <summary>Lets one pass at a time, in the order in which they came. Thread-safe; whoever waits goes on in the context that it came from.</summary>
internal sealed class Turnstile
{
    private bool _isPassing;
    // Made when somebody has to wait, which few ever do.
    private Queue<TaskCompletionSource>? _waiting;

    /// <summary>Completes when it is the caller's turn, which lasts until <see cref="Leave"/>.</summary>
    public Task Enter()
    {
        lock (this)
        {
            if (!_isPassing)
            {
                _isPassing = true;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiting ??= new()).Enqueue(turn);
            return turn.Task;
        }
    }

    public void Leave()
    {
        lock (this)
        {
            if (_waiting is not null && _waiting.TryDequeue(out var next)) next.SetResult();
            else _isPassing = false;
        }
    }
}
