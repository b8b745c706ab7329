namespace SocialCommerce.Grains;

/// <summary>
/// Lets one pass at a time, in the order in which they came. Thread-safe; whoever waits goes on in the context that it came from. A part of
/// the object that it guards, whose lock it takes: millions of shoppers that rest need no second object for it.
/// </summary>
internal struct Turnstile
{
    private bool _isPassing;
    // Made when somebody has to wait, which few ever do.
    private Queue<TaskCompletionSource>? _waiting;

    /// <summary>Completes when it is the caller's turn, which lasts until <see cref="Leave"/>.</summary>
    /// <param name="owner">The object that this is a part of.</param>
    public Task Enter(object owner)
    {
        lock (owner)
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

    /// <summary>Lets the next one pass.</summary>
    public void Leave(object owner)
    {
        lock (owner)
        {
            if (_waiting is not null && _waiting.TryDequeue(out var next)) next.SetResult();
            else _isPassing = false;
        }
    }
}
