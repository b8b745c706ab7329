namespace SocialCommerce.Journal;

/// <summary>
/// A journal that writes nothing to disk: for tests, simulations and as the measure of what durability costs.
/// </summary>
/// <remarks>
/// Commits inline, on the caller's thread, without a queue: what it answers depends on the calls alone, so that a seeded simulation
/// replays. Payloads are kept as they are handed over, not copied.
/// </remarks>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock _gate;
    private readonly MemoryStore _store;
    private readonly HeadCache _heads = new(int.MaxValue);
    private readonly LostStreams _lost = new(int.MaxValue);
    private readonly BatchWriter _writer;
    private readonly FeedEnd _end;
    private readonly PendingUnit[] _batch = new PendingUnit[1];
    private bool _closed;
    private long _sequence;
    private long _units;
    private long _events;

    /// <param name="time">Measures the patience of <see cref="WaitForFeed"/>; the system's when null.</param>
    public MemoryJournal(TimeProvider? time = null, int deadlineShards = DeadlineShard.Default)
        : this(time, DeadlineShard.Checked(deadlineShards), new MemoryStore(deadlineShards), new MemoryDocuments(), new Lock())
    {
    }

    private MemoryJournal(TimeProvider? time, int deadlineShards, MemoryStore store, IDocumentStore documents, Lock gate)
    {
        DeadlineShards = deadlineShards;
        Documents = documents;
        _gate = gate;
        _store = store;
        _writer = new BatchWriter(_store, _heads, _lost);
        _end = new FeedEnd(time ?? TimeProvider.System);
    }

    public int DeadlineShards { get; }

    public IDocumentStore Documents { get; }

    public JournalStatus Status
    {
        get { lock (_gate) return new JournalStatus(!_closed, _closed ? "The journal is closed." : null, 0, _units, _events, _units); }
    }

    /// <summary>
    /// Another journal over the same store, as another process has one over the same database: it knows what it has read and written itself,
    /// and nothing of what this one does. Only <see cref="WaitForFeed"/> does not look for what the other commits.
    /// </summary>
    public MemoryJournal Beside(TimeProvider? time = null) => new(time, DeadlineShards, _store, Documents, _gate);

    public Task Append(JournalUnit unit)
    {
        UnitCheck.Check(unit);
        var pending = new PendingUnit(unit);
        lock (_gate)
        {
            if (_closed) return Task.FromException(new JournalUnavailableException("The journal is closed."));
            pending.Sequence = ++_sequence;
            _batch[0] = pending;
            _writer.Write(_batch);
            _writer.Settle(() => _sequence);
            if (_writer.Committed.Count == 0) return pending.Done;
            _units++;
            _events += pending.Events;
            _end.Reach(_store.End);
        }

        pending.Complete();
        return pending.Done;
    }

    public Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue)
    {
        UnitCheck.CheckName(stream, nameof(stream));
        lock (_gate)
        {
            _lost.Know(stream, _sequence);
            return Task.FromResult(_store.Read(stream, afterVersion, limit));
        }
    }

    public void Recall(string stream, int version)
    {
        UnitCheck.CheckName(stream, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        _heads.Raise(stream, version);
    }

    public Task<IReadOnlyList<string>> Waiting(string after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        lock (_gate) return Task.FromResult(_store.Waiting(after, limit));
    }

    public Task<StoredReceipt?> FindReceipt(string key)
    {
        UnitCheck.CheckKey(key, nameof(key));
        lock (_gate) return Task.FromResult(_store.FindReceipt(key));
    }

    public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000)
    {
        lock (_gate) return Task.FromResult(_store.ForgetReceipts(Moment.Now(now), limit));
    }

    public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit)
    {
        DeadlineShard.Check(shard, DeadlineShards);
        lock (_gate) return Task.FromResult(_store.Due(shard, Moment.Now(now), limit));
    }

    public Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        lock (_gate) return Task.FromResult(_store.Feed(after, limit, kinds));
    }

    public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default) =>
        _end.Wait(after, patience, cancellation);

    /// <summary>Refuses units from then on; what was committed can still be read.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) _closed = true;
        _end.Close();
        return ValueTask.CompletedTask;
    }
}
