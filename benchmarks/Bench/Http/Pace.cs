using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace SocialCommerce.Bench;

/// <summary>
/// The turns of an open loop: one after the other at a rate, whatever the answers do. A thread of its own gives them out, to the millisecond:
/// the timers of .NET go by a clock that moves every four, and what is due in between would go out at once.
/// </summary>
internal sealed class Pace : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly double _perSecond;
    private readonly long _startedAt;
    private readonly Lock _lock = new();
    private readonly Queue<Turn> _waiting = new();
    private readonly Thread _thread;
    private long _given;
    private volatile bool _ended;

    public Pace(double perSecond, long startedAt)
    {
        _perSecond = perSecond;
        _startedAt = startedAt;
        _thread = new Thread(GiveOut) { IsBackground = true, Name = "pace" };
        _thread.Start();
    }

    /// <summary>The time at which the request should go out, which is now or was before: nobody who is late is made to wait.</summary>
    /// <param name="turn">Of the one who asks, for one after the other.</param>
    public ValueTask<long> Next(Turn turn)
    {
        lock (_lock)
        {
            var dueAt = _startedAt + (long)(_given++ / _perSecond * Stopwatch.Frequency);
            if (dueAt <= Stopwatch.GetTimestamp()) return new ValueTask<long>(dueAt);
            _waiting.Enqueue(turn);
            return turn.WaitUntil(dueAt);
        }
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    private void GiveOut()
    {
        while (!_ended)
        {
            while (Due() is { } turn) turn.Come();
            // The thread is there for this alone; nothing tells it that a time has come.
            Thread.Sleep(Tick);
        }
    }

    private Turn? Due()
    {
        lock (_lock) return _waiting.TryPeek(out var first) && first.DueAt <= Stopwatch.GetTimestamp() ? _waiting.Dequeue() : null;
    }

    /// <summary>Whoever waits for his turns.</summary>
    internal sealed class Turn : IValueTaskSource<long>
    {
        private ManualResetValueTaskSourceCore<long> _source;

        public long DueAt { get; private set; }

        public ValueTask<long> WaitUntil(long dueAt)
        {
            _source.Reset();
            DueAt = dueAt;
            return new ValueTask<long>(this, _source.Version);
        }

        public void Come() => _source.SetResult(DueAt);

        long IValueTaskSource<long>.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource<long>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
