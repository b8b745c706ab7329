namespace SocialCommerce.Simulation.Tests;

/// <summary>A silo's monotonic time: the timeline's. Its timers end with the silo's life.</summary>
internal sealed class SiloTime(Timeline timeline, Life life) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => timeline.Now;

    public override long GetTimestamp() => timeline.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SiloTimer(timeline, life, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SiloTimer(Timeline timeline, Life life, TimerCallback callback, object? state) : Alarm, ITimer
    {
        private TimeSpan _period;

        public override void Ring()
        {
            if (life.IsOver) return;
            if (_period > TimeSpan.Zero) timeline.Set(this, _period);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime < TimeSpan.Zero) Setting++;
            else timeline.Set(this, dueTime);
            return true;
        }

        public void Dispose() => Setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A silo's clock, by which the rules go: a little before or after the true time.</summary>
internal sealed class SiloClock(Timeline timeline, TimeSpan skew, Defect defect) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => defect.Clock(timeline.Now + skew);
}
