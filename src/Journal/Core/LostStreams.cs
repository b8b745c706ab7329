namespace SocialCommerce.Journal;

/// <summary>
/// Streams on which a unit has failed and that nobody has read since. What was decided on top of a failed unit must not slip in.
/// </summary>
/// <remarks>
/// Versions alone don't keep it out: where another process has meanwhile written just as many events as the failed units had, the
/// next pipelined unit finds exactly the version it expects, though it was decided on a state that never came to be. So a unit that
/// goes on where a failed one would have ended fails as well, until somebody knows the truth: a read of the stream, or a commit to
/// it. What was handed over before that stays refused. Thread-safe; bounded, the oldest losses are forgotten.
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

            return sequence <= loss.LastRefused && loss.Ends.Contains(expectedVersion);
        }
    }

    /// <summary>A unit failed. To be told before its owner can know.</summary>
    public void Lose(JournalUnit unit)
    {
        lock (_gate)
        {
            foreach (var append in unit.Appends)
            {
                if (!_losses.TryGetValue(append.Stream, out var loss))
                {
                    _losses[append.Stream] = loss = new Loss();
                    _oldest.Enqueue(append.Stream);
                }

                loss.Ends.Add(append.ExpectedVersion + append.Events.Count);
                loss.LastRefused = Unread;
            }

            while (_oldest.Count > capacity) _losses.Remove(_oldest.Dequeue());
            _count = _losses.Count;
        }
    }

    /// <summary>The stream is being read, or was committed to; units up to <paramref name="lastSequence"/> were handed over before.</summary>
    public void Know(string stream, long lastSequence)
    {
        if (Volatile.Read(ref _count) == 0) return;
        lock (_gate)
        {
            if (_losses.TryGetValue(stream, out var loss) && loss.LastRefused == Unread) loss.LastRefused = lastSequence;
        }
    }

    private sealed class Loss
    {
        /// <summary>Where the failed units would have ended.</summary>
        public HashSet<int> Ends { get; } = [];

        /// <summary>The last unit that may have been decided without knowing.</summary>
        public long LastRefused { get; set; } = Unread;
    }
}
