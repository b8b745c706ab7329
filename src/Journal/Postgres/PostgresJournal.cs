using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>
/// A journal in PostgreSQL, for any number of processes at once. Each has one writer connection with group commit; the primary key
/// (stream, version) is the fence between them.
/// </summary>
/// <remarks>
/// When the server is lost, appends are refused until it is back, which needs nobody's help. A commit that was cut off is looked up
/// before its units are told anything. The feed shows an event once every older transaction on the server has ended, which may be a
/// moment after its append was acknowledged.
/// </remarks>
public sealed class PostgresJournal : IJournal
{
    private readonly NpgsqlDataSource _direct;
    private readonly NpgsqlDataSource _pool;
    private readonly PostgresQueries _queries;
    private readonly PostgresBatchStore _store;
    private readonly PostgresReader[] _readers;
    private readonly ReadQueue[] _reads;
    private readonly CommitQueue _queue;
    private readonly PostgresFeed _feed;
    private readonly FeedEnd _end;
    private readonly PostgresFeedPoller _poller;
    private readonly Absences? _absent;
    // Where others write as well: names that may be of streams.
    private readonly AbsentNames? _own;
    private int _disposed;

    private PostgresJournal(PostgresJournalOptions options, int shards, TimeProvider time)
    {
        _direct = options.CreateDirectSource();
        _pool = options.CreatePooledSource();
        DeadlineShards = shards;
        _queries = new PostgresQueries(_pool);
        _feed = new PostgresFeed(_queries);
        _end = new FeedEnd(time);
        _absent = options.SoleWriter ? new Absences(new AbsentNames(StreamsAfter, time), new AbsentNames(ReceiptsAfter, time)) : null;
        _own = options.SoleWriter ? null : new AbsentNames(StreamsAfter, time);
        _store = new PostgresBatchStore(_direct, shards, _absent);
        var heads = new HeadCache(options.Queue.HeadsMax);
        _readers = [.. Enumerable.Range(0, Math.Max(1, options.Readers)).Select(_ => new PostgresReader(_direct, heads, time))];
        _reads = [.. _readers.Select(reader => new ReadQueue(reader.Answer, "journal reader"))];
        _poller = new PostgresFeedPoller(_feed, _end, options.FeedPollInterval, time);
        _queue = new CommitQueue(_store, options.Queue, heads, _absent, "journal writer", AfterCommit, time);
        Documents = new PostgresDocuments(_queries);
    }

    public int DeadlineShards { get; }

    public IDocumentStore Documents { get; }

    public JournalStatus Status => _queue.Status;

    /// <summary>Connects, checks the schema and takes up work.</summary>
    /// <param name="time">Measures patience; the system's when null.</param>
    /// <exception cref="JournalUnavailableException">The server can't be reached, or what <see cref="PostgresSchema.Check"/> finds; names every fault.</exception>
    public static PostgresJournal Open(PostgresJournalOptions options, TimeProvider? time = null)
    {
        using var start = options.CreateStartSource();
        if (options.MigrateAtStart) PostgresSchema.Migrate(start, options.DeadlineShards);
        var faults = PostgresSchema.Check(start, options.AllowUnsafeDurability);
        if (faults.Count > 0) throw new JournalUnavailableException($"The journal's database is not fit: {string.Join("; ", faults)}.");
        return new PostgresJournal(options, PostgresFaults.Guard(() => StoredShards(start)), time ?? TimeProvider.System);
    }

    public Task Append(JournalUnit unit) => _queue.Append(unit);

    public void Own() => _own?.Begin();

    public ValueTask<IReadOnlyList<StoredEvent>?> ReadOwn(string stream)
    {
        if (_own is null) return new(Read(stream)!);
        UnitCheck.CheckName(stream, nameof(stream));
        return _queue.ReadingOwn(stream, _own) ? new(Read(stream)!) : default;
    }

    public Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue)
    {
        UnitCheck.CheckName(stream, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (!_queue.Reading(stream)) return Absences.NoEvents;
        return Reads(stream).Ask(new StreamRead(stream, afterVersion, limit));
    }

    public void Recall(string stream, int version) => _queue.Recall(stream, version);

    public Task<IReadOnlyList<string>> Waiting(string after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return NamesAfter("SELECT stream FROM journal.deadlines WHERE stream > $1 ORDER BY stream LIMIT $2", after, limit);
    }

    public Task<StoredReceipt?> FindReceipt(string key)
    {
        UnitCheck.CheckKey(key, nameof(key));
        if (!_queue.ReadingReceipt(key)) return Absences.NoReceipt;
        return Reads(key).Ask(new ReceiptRead(key));
    }

    public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000) => _queries.Write("""
        WITH gone AS (DELETE FROM journal.receipts WHERE key = ANY (ARRAY(SELECT key FROM journal.receipts WHERE kept_until < $1 LIMIT $2)) RETURNING 1)
        SELECT count(*)::int FROM gone
        """,
        [new NpgsqlParameter<DateTime> { TypedValue = Moment.Of(Moment.Now(now)).UtcDateTime }, new NpgsqlParameter<int> { TypedValue = limit }],
        async reader => await reader.ReadAsync() ? reader.GetInt32(0) : 0);

    public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit)
    {
        DeadlineShard.Check(shard, DeadlineShards);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _queries.Read("SELECT stream, due_at FROM journal.deadlines WHERE shard = $1 AND due_at <= $2 ORDER BY due_at, stream LIMIT $3",
            [new NpgsqlParameter<int> { TypedValue = shard }, new NpgsqlParameter<DateTime> { TypedValue = Moment.Of(Moment.Now(now)).UtcDateTime }, new NpgsqlParameter<int> { TypedValue = limit }],
            async reader =>
            {
                var due = new List<DueStream>();
                while (await reader.ReadAsync()) due.Add(new DueStream(reader.GetString(0), new DateTimeOffset(reader.GetDateTime(1))));
                return (IReadOnlyList<DueStream>)due;
            });
    }

    public Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _feed.Page(after, limit, kinds);
    }

    public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default)
    {
        var wait = _end.Wait(after, patience, cancellation);
        if (!wait.IsCompleted) _poller.Kick();
        return wait;
    }

    /// <summary>Commits what was handed over, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _queue.DisposeAsync();
        if (_absent is not null) await _absent.DisposeAsync();
        if (_own is not null) await _own.DisposeAsync();
        foreach (var reads in _reads) await reads.DisposeAsync();
        _end.Close();
        await _poller.DisposeAsync();
        foreach (var reader in _readers) reader.Dispose();
        _store.Dispose();
        await _pool.DisposeAsync();
        await _direct.DisposeAsync();
    }

    private ReadQueue Reads(string name) => _reads[_reads.Length == 1 ? 0 : DeadlineShard.Of(name, _reads.Length)];

    private Task<IReadOnlyList<string>> StreamsAfter(string name, int limit) =>
        NamesAfter("SELECT stream FROM journal.events WHERE stream > $1 AND version = 1 ORDER BY stream LIMIT $2", name, limit);

    private Task<IReadOnlyList<string>> ReceiptsAfter(string key, int limit) => NamesAfter("SELECT key FROM journal.receipts WHERE key > $1 ORDER BY key LIMIT $2", key, limit);

    private Task<IReadOnlyList<string>> NamesAfter(string sql, string name, int limit) => _queries.Read(
        sql,
        [new NpgsqlParameter<string> { TypedValue = name }, new NpgsqlParameter<int> { TypedValue = limit }],
        async reader =>
        {
            var names = new List<string>();
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
            return (IReadOnlyList<string>)names;
        });

    private void AfterCommit()
    {
        if (_end.Waiting > 0) _poller.Kick();
    }

    private static int StoredShards(NpgsqlDataSource source)
    {
        using var command = source.CreateCommand("SELECT deadline_shards FROM journal.store");
        return (int)command.ExecuteScalar()!;
    }
}
