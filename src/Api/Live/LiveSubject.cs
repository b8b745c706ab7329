namespace SocialCommerce.Api;

/// <summary>Reads a subject as soon as its version differs from the one given, or after some seconds as it is; null when there is none.</summary>
internal delegate Task<LiveState?> Watch(int knownVersion);

/// <summary>
/// One watched bargain or team: one loop for any number of viewers. It has at most one watch under way, so that viewers who come and go
/// can't pile up calls, and it ends with that watch when nobody looks any more.
/// </summary>
internal sealed partial class LiveSubject(string key, Watch watch, LivePace pace, TimeProvider time, ILogger log, Action<LiveSubject> ended)
{
    /// <summary>Viewers hear at least so often.</summary>
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private volatile LiveMoment _now = new(LiveStanding.Unknown, null, viewers: 0);
    private int _viewers;
    private bool _isStarted;
    private bool _hasEnded;

    public string Key => key;

    public LiveMoment Now => _now;

    /// <summary>False when the subject has ended; the viewer must look for a new one.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            _viewers++;
            if (_isStarted) return true;
            _isStarted = true;
        }

        _ = Run();
        return true;
    }

    public void Leave()
    {
        lock (_gate) _viewers--;
    }

    private async Task Run()
    {
        var retry = RetryMin;
        while (true)
        {
            var asked = time.GetTimestamp();
            LiveState? state;
            try
            {
                state = await WatchWithPulse();
            }
            catch (Exception fault)
            {
                // Whatever a watch fails with, the loop must end or go on: its viewers wait for it.
                LogWatchFailed(key, fault.GetType().Name, fault.Message);
                if (_now.State is null || !HasViewers())
                {
                    await End(LiveStanding.Away, null);
                    return;
                }

                await Show(LiveStanding.There, _now.State);
                await Task.Delay(retry, time);
                retry = retry * 2 < RetryMax ? retry * 2 : RetryMax;
                continue;
            }

            retry = RetryMin;
            var isUnchanged = state is not null && state.Version == _now.State?.Version;
            var standing = state is null ? LiveStanding.NotFound : LiveStanding.There;
            if (isUnchanged) state = _now.State;
            if (state is null || state.IsEnd || !TryGoOn())
            {
                await End(standing, state);
                return;
            }

            // What changes meanwhile is seen by the next watch, as one change.
            await Show(standing, state);

            // A watch that comes back at once with nothing new must not become a busy loop.
            if (isUnchanged && time.GetElapsedTime(asked) < RetryMin) await Task.Delay(RetryMin, time);
        }
    }

    private async Task<LiveState?> WatchWithPulse()
    {
        var watching = watch(_now.State?.Version ?? 0);
        while (!watching.IsCompleted)
        {
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(watching, Task.Delay(Pulse, time, enough.Token));
            await enough.CancelAsync();
            if (!watching.IsCompleted && _now.State is not null) await Show(LiveStanding.There, _now.State);
        }

        return await watching;
    }

    private bool HasViewers()
    {
        lock (_gate) return _viewers > 0;
    }

    /// <summary>False when nobody looks; from then on nobody can join.</summary>
    private bool TryGoOn()
    {
        lock (_gate)
        {
            _hasEnded = _viewers == 0;
            return !_hasEnded;
        }
    }

    private Task Show(LiveStanding standing, LiveState? state)
    {
        var before = _now;
        _now = new LiveMoment(standing, state, Volatile.Read(ref _viewers));
        // Who has seen the state already gets a sign of life.
        return before.End(pace, state?.Version == before.State?.Version ? 1 : state?.Weight ?? 1);
    }

    private Task End(LiveStanding standing, LiveState? state)
    {
        lock (_gate) _hasEnded = true;
        ended(this);
        return Show(standing, state);
    }

    [LoggerMessage(10, LogLevel.Warning, "Watching {Subject} failed: {Fault}: {Message}")]
    private partial void LogWatchFailed(string subject, string fault, string message);
}
