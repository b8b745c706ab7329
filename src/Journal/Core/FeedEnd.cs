namespace SocialCommerce.Journal;

/// <summary>How far the feed goes, and those who wait for it to go further. Thread-safe.</summary>
internal sealed class FeedEnd(TimeProvider time)
{
    private readonly Lock _gate = new();
    private FeedPosition _end = FeedPosition.Start;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public FeedPosition Position
    {
        get { lock (_gate) return _end; }
    }

    /// <summary>How many wait. A store that has to look for others' events only looks for somebody.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The feed goes at least to this position.</summary>
    public void Reach(FeedPosition end)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            if (end <= _end) return;
            _end = end;
            if (_waiting == 0) return;
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.TrySetResult();
    }

    /// <summary>Lets everybody go: the journal closes.</summary>
    public void Close() => Reach(new FeedPosition(long.MaxValue, long.MaxValue));

    /// <summary>Completes when the feed goes beyond <paramref name="after"/>, or when patience ends.</summary>
    public async Task Wait(FeedPosition after, TimeSpan patience, CancellationToken cancellation)
    {
        Task moved;
        lock (_gate)
        {
            if (_end > after) return;
            moved = _moved.Task;
            Interlocked.Increment(ref _waiting);
        }

        try
        {
            await moved.WaitAsync(patience, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
