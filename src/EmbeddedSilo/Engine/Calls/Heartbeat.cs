namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>
/// A reading of the clock that costs a call nothing, and the beat on which overdue calls are looked for. It stops by itself while nothing
/// waits, so that virtual time may jump over quiet years.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly Func<long, bool> _beat;
    private readonly ITimer _timer;
    private long _ceiling;
    private int _beats;

    /// <param name="time">The clock.</param>
    /// <param name="period">Between beats, and so the precision of timeouts.</param>
    /// <param name="beat">Gets the time; says whether the beat must go on.</param>
    public Heartbeat(TimeProvider time, TimeSpan period, Func<long, bool> beat)
    {
        _time = time;
        _period = period;
        _beat = beat;
        _timer = Quiet.CreateTimer(time, static self => ((Heartbeat)self!).Beat(), this);
    }

    /// <summary>A timestamp that is not before now, and at most one period after it.</summary>
    public long Ceiling
    {
        get
        {
            if (Volatile.Read(ref _beats) == 0) Start();
            return Volatile.Read(ref _ceiling);
        }
    }

    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    public void Dispose() => _timer.Dispose();

    private void Start()
    {
        // First the reading, then the mark: whoever sees the mark reads a fresh ceiling.
        Read();
        if (Interlocked.Exchange(ref _beats, 1) == 0) _timer.Change(_period, Timeout.InfiniteTimeSpan);
    }

    private long Read()
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _ceiling, now + Ticks(_period));
        return now;
    }

    private void Beat()
    {
        if (_beat(Read()))
        {
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
            return;
        }

        Volatile.Write(ref _beats, 0);

        // A call that came in between saw the beat going and relied on it.
        if (_beat(Read())) Start();
    }
}
