namespace SocialCommerce.Journal;

/// <summary>
/// Looks where the feed ends for those who wait for it: after each commit of our own at once, for others' every so often. Rests while
/// nobody waits.
/// </summary>
internal sealed class PostgresFeedPoller : IAsyncDisposable
{
    // Under load commits come every few milliseconds; looking more often than this costs the server more than it brings.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly PostgresFeed _feed;
    private readonly FeedEnd _end;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _kick = new(0, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;

    public PostgresFeedPoller(PostgresFeed feed, FeedEnd end, TimeSpan interval, TimeProvider time)
    {
        _feed = feed;
        _end = end;
        _interval = interval;
        _time = time;
        _loop = Task.Run(Loop);
    }

    /// <summary>Somebody began to wait, or something was committed while somebody waits.</summary>
    public void Kick()
    {
        try
        {
            if (_kick.CurrentCount == 0) _kick.Release();
        }
        catch (SemaphoreFullException)
        {
            // Kicked by two at once: once is enough.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        _closing.Dispose();
    }

    private async Task Loop()
    {
        try
        {
            while (true)
            {
                await _kick.WaitAsync(_end.Waiting > 0 ? _interval : Timeout.InfiniteTimeSpan, _closing.Token);
                await Look();
                await Task.Delay(Pause, _time, _closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The journal closes.
        }
    }

    private async Task Look()
    {
        try
        {
            _end.Reach(await _feed.End());
        }
        catch (JournalUnavailableException)
        {
            // Those who wait go on waiting; their next read of the feed tells them what is wrong.
        }
    }
}
