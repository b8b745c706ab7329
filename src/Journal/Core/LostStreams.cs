namespace SocialCommerce.Journal;

/// <summary>
/// Streams on which a unit has failed and that nobody has read since. What was decided on top of a failed unit must not slip in.
/// </summary>
/// <remarks>
/// Versions alone don't keep it out: where another process has meanwhile written just as many events as the failed units had, the
/// next pipelined unit finds exactly the version it expects, though it was decided on a state that never came to be. So after a
/// failure at version v everything that expects more than v is refused until somebody knows the truth: a read of the stream, or a
/// commit at v or below. What was handed over before that stays refused. Thread-safe; bounded, the oldest losses are forgotten.
/// </remarks>
internal sealed class LostStreams(int capacity)
{
    private const long Unread = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Loss> _losses = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();
    private int _count;

    /// <summary>
    /// The unit that was handed over as number <paramref name="sequence"/> builds on a failed one. No unit before
    /// <paramref name="firstSequence"/> will be asked about any more.
    /// </summary>
    public bool Refuses(string stream, int expectedVersion, long sequence, long firstSequence)
    {
        if (Volatile.Read(ref _count) == 0) return false;
        lock (_gate)
        {
            if (!_losses.TryGetValue(stream, out var loss)) return false;
            if (loss.LastRefused < firstSequence)
            {
                _losses.Remove(stream);
                _count = _losses.Count;
                if (_count == 0) _oldest.Clear();
                return false;
            }

            return sequence <= loss.LastRefused && expectedVersion > loss.FailedVersion;
        }
    }

    /// <summary>A unit failed. To be told before its owner can know.</summary>
    public void Lose(JournalUnit unit)
    {
        lock (_gate)
        {
            foreach (var append in unit.Appends)
            {
                var failed = append.ExpectedVersion;
                if (_losses.TryGetValue(append.Stream, out var loss)) failed = Math.Min(failed, loss.FailedVersion);
                else _oldest.Enqueue(append.Stream);
                _losses[append.Stream] = new Loss(failed, Unread);
            }

            while (_oldest.Count > capacity) _losses.Remove(_oldest.Dequeue());
            _count = _losses.Count;
        }
    }

    /// <summary>The stream is being read, or was committed to at its true version; units up to <paramref name="lastSequence"/> were handed over before.</summary>
    public void Know(string stream, long lastSequence)
    {
        if (Volatile.Read(ref _count) == 0) return;
        lock (_gate)
        {
            if (_losses.TryGetValue(stream, out var loss) && loss.LastRefused == Unread) _losses[stream] = loss with { LastRefused = lastSequence };
        }
    }

    private readonly record struct Loss(int FailedVersion, long LastRefused);
}
