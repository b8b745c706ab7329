namespace SocialCommerce.Journal;

/// <summary>
/// Where the events lie that the index by stream does not have yet. One thread writes and moves, any may look.
/// </summary>
/// <remarks>
/// Entries of the index lie scattered: one written with its event would cost a page, ten times what the event does. So the newest are kept
/// here, and moved once they are many, in the index's order, so that those on one page are written together: a log-structured merge of two
/// levels (O'Neil, Cheng, Gawlick, O'Neil: The Log-Structured Merge-Tree, 1996). One generation fills while the one before is moved.
/// Streams are known by their hash alone: whoever looks must see whether an event is of the stream that was meant.
/// </remarks>
/// <param name="generationMax">Events after which a generation is full.</param>
internal sealed class RecentEvents(int generationMax)
{
    private const int SortedAtOnce = 1_000;
    private const int HeadsMost = 10_000;

    private readonly Lock _gate = new();
    private Generation _filling = new();
    private Generation? _full;
    // The one that was moved last: its arrays are large, and would be garbage of the costly kind every time.
    private Generation? _spare;
    // Of streams that were read and are not written to yet.
    private readonly Dictionary<string, int> _heads = new(StringComparer.Ordinal);
    private Task? _sorting;
    private int _moved;
    private int _dropped;

    /// <summary>How many generations were dropped, being in the index by then. Who looks finds everything that was added since it was as it is.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    /// <summary>A stream ended with this version in a state of the file that was taken after so many generations were dropped.</summary>
    public void Read(string stream, int head, int dropped)
    {
        lock (_gate)
        {
            if (dropped == _dropped && _heads.Count < HeadsMost) _heads[stream] = head;
        }
    }

    /// <summary>Whether the stream ended with this version when it was read; whatever was added since is still among the recent ones. Told once.</summary>
    public bool TakeHead(string stream, int head)
    {
        lock (_gate) return _heads.Remove(stream, out var read) && read == head;
    }

    /// <summary>So many entries came since the generation before was full; for <see cref="RollBack"/>.</summary>
    public int Count => _filling.Count;

    public void Add(RecentEvent added)
    {
        lock (_gate) _filling.Add(added);
    }

    /// <summary>Takes back what was added after there were so many.</summary>
    public void RollBack(int count)
    {
        lock (_gate) _filling.RollBack(count);
    }

    /// <summary>The entries under the hash that are behind a version, oldest first.</summary>
    public IReadOnlyList<RecentEvent> Find(long hash, int afterVersion)
    {
        lock (_gate)
        {
            // Nearly always so: most who are read have slept.
            if (_filling.Newest(hash) is null && _full?.Newest(hash) is null) return [];
            var found = new List<RecentEvent>();
            _full?.Find(hash, afterVersion, found);
            _filling.Find(hash, afterVersion, found);
            return found;
        }
    }

    /// <summary>The version of the newest entry under the hash; 0 where there is none.</summary>
    public int NewestVersion(long hash)
    {
        lock (_gate) return _filling.Newest(hash) ?? _full?.Newest(hash) ?? 0;
    }

    /// <summary>The hashes of streams that begin here.</summary>
    public IReadOnlyList<long> Beginnings()
    {
        lock (_gate) return [.. (_full?.Entries ?? []).Concat(_filling.Entries).Where(entry => entry.Version == 1).Select(entry => entry.Hash)];
    }

    /// <summary>The next entries to be moved, at least so many if there are, in the index's order; none while a generation fills.</summary>
    /// <param name="indexedTo">With the generation's last ones: up to this position everything is in the index then; else 0.</param>
    public ReadOnlySpan<RecentEvent> NextToMove(int least, out long indexedTo)
    {
        indexedTo = 0;
        if (_sorting is not { IsCompleted: true }) return default;
        // Throws what sorting threw.
        _sorting.GetAwaiter().GetResult();
        var count = Math.Min(least, _full!.Count - _moved);
        if (_moved + count == _full.Count) indexedTo = _full.LastPosition;
        return _full.Sorted(_moved, count);
    }

    /// <summary>So many were moved and committed. When all of the full generation are, the next one's turn comes.</summary>
    public void Moved(int count)
    {
        lock (_gate)
        {
            _moved += count;
            if (_full is not null)
            {
                if (_moved < _full.Count) return;
                _full.Clear();
                Volatile.Write(ref _dropped, _dropped + 1);
                _heads.Clear();
                (_spare, _full, _sorting, _moved) = (_full, null, null, 0);
            }

            if (_filling.Count < generationMax) return;
            var full = _full = _filling;
            _filling = _spare ?? new Generation();
            _spare = null;
            // Beside the writer, where it takes longer than to hand it over: commits don't wait for it.
            if (full.Count > SortedAtOnce)
            {
                _sorting = Task.Run(full.Sort);
                return;
            }

            full.Sort();
            _sorting = Task.CompletedTask;
        }
    }

    private sealed class Generation
    {
        private readonly Dictionary<long, int> _newest = [];
        private Entry[] _entries = new Entry[256];
        private RecentEvent[] _sorted = [];

        public int Count { get; private set; }

        public long LastPosition => _entries[Count - 1].Event.Position;

        public IEnumerable<RecentEvent> Entries => _entries.Take(Count).Select(entry => entry.Event);

        public void Add(RecentEvent added)
        {
            if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
            _entries[Count] = new Entry(added, _newest.TryGetValue(added.Hash, out var before) ? before : -1);
            _newest[added.Hash] = Count++;
        }

        public void RollBack(int count)
        {
            while (Count > count)
            {
                var (taken, before) = _entries[--Count];
                if (before < 0) _newest.Remove(taken.Hash);
                else _newest[taken.Hash] = before;
            }
        }

        public int? Newest(long hash) => _newest.TryGetValue(hash, out var newest) ? _entries[newest].Event.Version : null;

        public void Find(long hash, int afterVersion, List<RecentEvent> found)
        {
            var from = found.Count;
            for (var at = _newest.GetValueOrDefault(hash, -1); at >= 0; at = _entries[at].Before)
            {
                if (_entries[at].Event.Version > afterVersion) found.Add(_entries[at].Event);
            }

            found.Reverse(from, found.Count - from);
        }

        /// <summary>Sorts them; nothing is added any more.</summary>
        public void Sort()
        {
            if (_sorted.Length < Count) _sorted = new RecentEvent[_entries.Length];
            for (var i = 0; i < Count; i++) _sorted[i] = _entries[i].Event;
            Array.Sort(_sorted, 0, Count);
        }

        public ReadOnlySpan<RecentEvent> Sorted(int from, int count) => _sorted.AsSpan(from, count);

        public void Clear()
        {
            Count = 0;
            _newest.Clear();
        }

        /// <param name="Event">An event.</param>
        /// <param name="Before">The place of the entry before it under the same hash; -1 where there is none.</param>
        private readonly record struct Entry(RecentEvent Event, int Before);
    }
}

/// <summary>An entry of the index by stream, in its order.</summary>
internal readonly record struct RecentEvent(long Hash, int Version, long Position) : IComparable<RecentEvent>
{
    public int CompareTo(RecentEvent other)
    {
        var byHash = Hash.CompareTo(other.Hash);
        if (byHash != 0) return byHash;
        var byVersion = Version.CompareTo(other.Version);
        return byVersion != 0 ? byVersion : Position.CompareTo(other.Position);
    }
}
