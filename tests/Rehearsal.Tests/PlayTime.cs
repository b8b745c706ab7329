namespace SocialCommerce.Rehearsal.Tests;

/// <summary>
/// A clock that jumps to the next timer whenever nobody is doing anything: half a minute's play passes in a moment, and a machine
/// that is busy elsewhere does not change how it goes.
/// </summary>
internal sealed class PlayTime : TimeProvider, IAsyncDisposable
{
    private const int CalmRounds = 8;

    // Noon in Shanghai of some day: no play crosses midnight.
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 4, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Waiting, (long Due, long Order)> _timers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<bool> _busy;
    private readonly Task _pump;
    private long _ticks;
    private long _order;

    /// <param name="busy">Whether somebody is at work whom the thread pool does not know of.</param>
    public PlayTime(Func<bool> busy)
    {
        _busy = busy;
        _pump = Task.Run(Pump);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => Begin.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Waiting(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task Pump()
    {
        while (!_stop.IsCancellationRequested)
        {
            for (var calm = 0; calm < CalmRounds && !_stop.IsCancellationRequested;)
            {
                await Task.Yield();
                calm = !_busy() && ThreadPool.PendingWorkItemCount == 0 ? calm + 1 : 0;
            }

            Next()?.Fire();
        }
    }

    private Waiting? Next()
    {
        lock (_lock)
        {
            while (_timers.TryDequeue(out var timer, out var at))
            {
                if (!timer.IsDueAt(at.Order)) continue;
                _ticks = Math.Max(_ticks, at.Due);
                return timer;
            }
        }

        return null;
    }

    // The timers of Task.Delay fire once; a period is not needed and refused.
    private sealed class Waiting(PlayTime time, Action act) : ITimer
    {
        private long _order = -1;

        public bool IsDueAt(long order) => Interlocked.CompareExchange(ref _order, -1, order) == order;

        public void Fire() => act();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException($"a period of {period}");
            lock (time._lock)
            {
                _order = dueTime == Timeout.InfiniteTimeSpan ? -1 : time._order++;
                if (_order >= 0) time._timers.Enqueue(this, (time._ticks + dueTime.Ticks, _order));
            }

            return true;
        }

        public void Dispose() => Interlocked.Exchange(ref _order, -1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
