namespace SocialCommerce.Journal;

/// <summary>Everything a journal keeps, in this process's memory. The owner holds its lock around every call.</summary>
internal sealed class MemoryStore(int deadlineShards) : IBatchStore
{
    private readonly Dictionary<string, List<StoredEvent>> _streams = new(StringComparer.Ordinal);
    private readonly List<FeedEvent> _feed = [];
    private readonly Dictionary<string, long> _dueAt = new(StringComparer.Ordinal);
    private readonly SortedSet<(long DueAt, string Stream)>[] _due = [.. Enumerable.Range(0, deadlineShards).Select(_ => new SortedSet<(long, string)>(ByDueTime))];
    private readonly Dictionary<string, (StoredReceipt Receipt, long KeptUntil)> _receipts = new(StringComparer.Ordinal);

    // Ordinal, as in the other stores: the default order of strings is a language's.
    private static readonly Comparer<(long DueAt, string Stream)> ByDueTime = Comparer<(long DueAt, string Stream)>.Create(
        (left, right) => left.DueAt != right.DueAt ? left.DueAt.CompareTo(right.DueAt) : string.CompareOrdinal(left.Stream, right.Stream));

    public FeedPosition End => new(0, _feed.Count);

    public bool LastCommitHappened => true;

    public StoreFacts Ask(IReadOnlyCollection<string> streams, IReadOnlyCollection<string> receiptKeys) => new(
        streams.ToDictionary(stream => stream, stream => _streams.TryGetValue(stream, out var events) ? events.Count : 0, StringComparer.Ordinal),
        receiptKeys.Where(_receipts.ContainsKey).ToHashSet(StringComparer.Ordinal));

    public void Commit(IReadOnlyList<PendingUnit> units)
    {
        // What a primary key does for the other stores.
        foreach (var pending in units)
        {
            var taken = pending.Unit.Appends.Any(append => _streams.TryGetValue(append.Stream, out var events) && events.Count > append.ExpectedVersion);
            if (taken || pending.Unit.Receipts?.Any(receipt => _receipts.ContainsKey(receipt.Key)) == true) throw new KeyTakenException();
        }

        foreach (var pending in units)
        {
            foreach (var append in pending.Unit.Appends) Keep(append);
            foreach (var receipt in pending.Unit.Receipts ?? [])
            {
                _receipts[receipt.Key] = (new StoredReceipt(receipt.Key, receipt.Fingerprint, receipt.Answer), Moment.From(receipt.KeptUntil));
            }
        }
    }

    public void Tidy()
    {
        // Nothing is left to be done after a commit.
    }

    public Recovery TryRecover() => Recovery.Back;

    public IReadOnlyList<StoredEvent> Read(string stream, int afterVersion, int limit)
    {
        if (!_streams.TryGetValue(stream, out var events) || afterVersion >= events.Count) return [];
        var from = Math.Max(0, afterVersion);
        return events.GetRange(from, Math.Min(limit, events.Count - from));
    }

    public StoredReceipt? FindReceipt(string key) => _receipts.TryGetValue(key, out var kept) ? kept.Receipt : null;

    public int ForgetReceipts(long now, int limit)
    {
        List<string> forgotten = [.. _receipts.Where(kept => kept.Value.KeptUntil < now).Take(limit).Select(kept => kept.Key)];
        foreach (var key in forgotten) _receipts.Remove(key);
        return forgotten.Count;
    }

    public IReadOnlyList<DueStream> Due(int shard, long now, int limit) =>
        [.. _due[shard].TakeWhile(due => due.DueAt <= now).Take(limit).Select(due => new DueStream(due.Stream, Moment.Of(due.DueAt)))];

    public IReadOnlyList<string> Waiting(string after, int limit) =>
        [.. _dueAt.Keys.Where(stream => string.CompareOrdinal(stream, after) > 0).Order(StringComparer.Ordinal).Take(limit)];

    public FeedPage Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds)
    {
        var page = new List<FeedEvent>();
        var at = after.Epoch > 0 ? _feed.Count : (int)Math.Clamp(after.Sequence, 0, _feed.Count);
        while (at < _feed.Count && page.Count < limit)
        {
            var next = _feed[at++];
            if (kinds is null || kinds.Contains(next.Kind)) page.Add(next);
        }

        var reached = new FeedPosition(0, at);
        return new FeedPage(page, reached > after ? reached : after, at == _feed.Count);
    }

    private void Keep(StreamAppend append)
    {
        if (!_streams.TryGetValue(append.Stream, out var events)) _streams[append.Stream] = events = [];
        foreach (var added in append.Events)
        {
            var stored = new StoredEvent(events.Count + 1, added.Kind, added.Payload);
            events.Add(stored);
            _feed.Add(new FeedEvent(new FeedPosition(0, _feed.Count + 1), append.Stream, stored.Version, stored.Kind, stored.Payload));
        }

        if (append.Deadline is not { } deadline) return;
        var shard = _due[DeadlineShard.Of(append.Stream, deadlineShards)];
        if (_dueAt.Remove(append.Stream, out var before)) shard.Remove((before, append.Stream));
        if (deadline.DueAt is not { } dueAt) return;
        _dueAt[append.Stream] = Moment.From(dueAt);
        shard.Add((Moment.From(dueAt), append.Stream));
    }
}
