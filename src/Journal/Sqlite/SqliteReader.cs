namespace SocialCommerce.Journal;

/// <summary>A connection that only reads, and the queries on it. Everything here runs on one reader's thread.</summary>
/// <remarks>
/// SQLite forgets all pages that it has read whenever somebody else has committed, unless the same read transaction goes on. While grains
/// wake by the thousand that is half of what a read costs: so the transaction goes on from one read to the next, as long as what it shows of
/// the streams that are asked for is known to be all that there is.
/// </remarks>
internal sealed class SqliteReader : IDisposable
{
    // Positions are dense, so a page that looks for rare kinds reads at most this many events.
    private const int FeedSpan = 50_000;

    private readonly string _path;
    private readonly HeadCache _heads;
    private readonly RecentEvents _recent;
    private readonly Func<string, long> _hashOf;
    private readonly List<IReadOnlyList<RecentEvent>> _recents = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _stream;
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _streams;
    private readonly SqliteStatement _receipts;
    private readonly SqliteStatement _receipt;
    private readonly SqliteStatement _due;
    private readonly SqliteStatement _waiting;
    private readonly SqliteStatement _feed;
    private readonly SqliteStatement _lastPosition;
    private readonly SqliteStatement _document;
    private readonly SqliteStatement _documents;
    private bool _holds;
    private int _droppedBefore;

    public SqliteReader(SqliteJournalOptions options, HeadCache heads, RecentEvents recent)
    {
        _path = options.Path;
        _heads = heads;
        _recent = recent;
        _hashOf = options.HashOf;
        _connection = new SqliteConnection(options.Path, create: false, options.LockPatience);
        _connection.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -4096;");
        _begin = _connection.Prepare("BEGIN");
        _end = _connection.Prepare("COMMIT");
        _stream = _connection.Prepare("""
            SELECT e.version, e.kind, e.payload FROM stream_index AS i CROSS JOIN events AS e ON e.position = i.position
            WHERE i.hash = ?1 AND i.version > ?2 AND e.stream = ?3 ORDER BY i.version LIMIT ?4
            """);
        _event = _connection.Prepare("SELECT version, kind, payload FROM events WHERE position = ?1 AND stream = ?2");
        _streams = _connection.Prepare("SELECT DISTINCT hash FROM stream_index WHERE hash > ?1 AND version = 1 ORDER BY hash LIMIT ?2");
        _receipts = _connection.Prepare("SELECT key FROM receipts WHERE key > ?1 ORDER BY key LIMIT ?2");
        _receipt = _connection.Prepare("SELECT fingerprint, answer FROM receipts WHERE key = ?1");
        _due = _connection.Prepare("SELECT stream, due_at FROM deadlines WHERE shard = ?1 AND due_at <= ?2 ORDER BY due_at, stream LIMIT ?3");
        _waiting = _connection.Prepare("SELECT stream FROM deadlines WHERE stream > ?1 ORDER BY stream LIMIT ?2");
        _feed = _connection.Prepare("SELECT position, stream, version, kind, payload FROM events WHERE position > ?1 AND position <= ?2 AND (?3 OR kind IN (SELECT value FROM json_each(?4))) ORDER BY position LIMIT ?5");
        _lastPosition = _connection.Prepare("SELECT max(position) FROM events");
        _document = _connection.Prepare("SELECT key, content, tag FROM documents WHERE key = ?1");
        _documents = _connection.Prepare("SELECT key, content, tag FROM documents WHERE key >= ?1 AND key < ?2 ORDER BY key");
    }

    /// <summary>Answers all requests from one state of the file.</summary>
    /// <param name="mayHold">Whether the transaction may stay open behind it, until <see cref="Release"/> or the next answer.</param>
    public void Answer(IReadOnlyList<ReadRequest> requests, bool mayHold)
    {
        // Looked up before that state: what is moved into the index meanwhile is found there as well, but never in neither.
        _recents.Clear();
        var oldStreamsOnly = true;
        foreach (var request in requests)
        {
            var recent = request is StreamRead read ? _recent.Find(_hashOf(read.Stream), read.AfterVersion) : [];
            oldStreamsOnly &= request is StreamRead && recent.Count == 0;
            _recents.Add(recent);
        }

        // Of a stream that nothing recent is known of, everything was there already when no generation was dropped since: in the order of the
        // look above and this.
        Read(requests, anew: !(oldStreamsOnly && _recent.Dropped == _droppedBefore), hold: mayHold && oldStreamsOnly);
    }

    /// <summary>Ends a transaction that is held.</summary>
    public void Release()
    {
        if (_holds) _end.Run();
        _holds = false;
    }

    /// <summary>The streams in the index, as <see cref="IndexedStream"/> writes them.</summary>
    public IReadOnlyList<string> StreamsAfter(string indexed, int limit)
    {
        var streams = new List<string>();
        _streams.Bind(1, indexed.Length == 0 ? long.MinValue : IndexedStream.Hash(indexed)).Bind(2, limit);
        while (_streams.Step()) streams.Add(IndexedStream.Name(_streams.Long(0)));
        return streams;
    }

    public IReadOnlyList<string> ReceiptsAfter(string key, int limit)
    {
        var keys = new List<string>();
        _receipts.Bind(1, key).Bind(2, limit);
        while (_receipts.Step()) keys.Add(_receipts.Text(0));
        return keys;
    }

    public IReadOnlyList<DueStream> Due(int shard, long now, int limit)
    {
        var due = new List<DueStream>();
        _due.Bind(1, shard).Bind(2, now).Bind(3, limit);
        while (_due.Step()) due.Add(new DueStream(_due.Text(0), Moment.Of(_due.Long(1))));
        return due;
    }

    public IReadOnlyList<string> Waiting(string after, int limit)
    {
        var streams = new List<string>();
        _waiting.Bind(1, after).Bind(2, limit);
        while (_waiting.Step()) streams.Add(_waiting.Text(0));
        return streams;
    }

    public FeedPage Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds)
    {
        var last = Number(_lastPosition);
        if (after.Epoch > 0 || after.Sequence >= last) return new FeedPage([], after, true);
        var until = Math.Min(last, after.Sequence + Math.Max(limit, FeedSpan));
        var events = new List<FeedEvent>();
        _feed.Bind(1, after.Sequence).Bind(2, until).Bind(3, kinds is null ? 1 : 0).Bind(4, $"[{string.Join(',', kinds ?? (IEnumerable<short>)[])}]").Bind(5, limit);
        while (_feed.Step()) events.Add(new FeedEvent(new FeedPosition(0, _feed.Long(0)), _feed.Text(1), _feed.Int(2), (short)_feed.Int(3), _feed.Bytes(4)));
        var next = events.Count == limit ? events[^1].Position.Sequence : until;
        return new FeedPage(events, new FeedPosition(0, next), next == last);
    }

    public StoredDocument? Document(string key)
    {
        var found = _document.Bind(1, key).Step() ? Document(_document) : null;
        _document.Reset();
        return found;
    }

    public IReadOnlyList<StoredDocument> Documents(string prefix)
    {
        var found = new List<StoredDocument>();
        // Keys are printable ASCII, so DEL is behind every continuation of the prefix.
        _documents.Bind(1, prefix).Bind(2, prefix + '\x7f');
        while (_documents.Step()) found.Add(Document(_documents));
        return found;
    }

    public void Dispose() => _connection.Dispose();

    private void Read(IReadOnlyList<ReadRequest> requests, bool anew, bool hold)
    {
        try
        {
            if (anew) Release();
            if (!_holds)
            {
                _droppedBefore = _recent.Dropped;
                _begin.Run();
            }

            for (var i = 0; i < requests.Count; i++)
            {
                switch (requests[i])
                {
                    case StreamRead read: read.Answer(Stream(read, _recents[i])); break;
                    case ReceiptRead read: read.Answer(Receipt(read.Key)); break;
                    case ISqliteRead read: read.AnswerFrom(this); break;
                    default: throw new InvalidOperationException($"No answer to {requests[i].GetType().Name}.");
                }
            }

            _holds = true;
            if (!hold) Release();
        }
        catch (Exception thrown)
        {
            _holds = false;
            _connection.RollBack();
            if (thrown is SqliteFault fault) throw fault.For(_path);
            throw;
        }
    }

    private List<StoredEvent> Stream(StreamRead read, IReadOnlyList<RecentEvent> recent)
    {
        var events = new List<StoredEvent>();
        _stream.Bind(1, _hashOf(read.Stream)).Bind(2, read.AfterVersion).Bind(3, read.Stream).Bind(4, read.Limit);
        while (_stream.Step()) events.Add(Event(_stream));
        foreach (var next in recent)
        {
            if (events.Count >= read.Limit) break;
            if (events.Count > 0 && next.Version <= events[^1].Version) continue;
            // Of another stream, if two meet in their hash; or not committed yet.
            if (_event.Bind(1, next.Position).Bind(2, read.Stream).Step()) events.Add(Event(_event));
            _event.Reset();
        }

        // Who reads a stream is likely to write to it; the writer then need not ask for its version.
        if (events.Count > 0)
        {
            _heads.Raise(read.Stream, events[^1].Version);
            if (recent.Count == 0 && events.Count < read.Limit) _recent.Read(read.Stream, events[^1].Version, _droppedBefore);
        }

        return events;
    }

    private static StoredEvent Event(SqliteStatement row) => new(row.Int(0), (short)row.Int(1), row.Bytes(2));

    private StoredReceipt? Receipt(string key)
    {
        var found = _receipt.Bind(1, key).Step() ? new StoredReceipt(key, _receipt.Text(0), _receipt.Bytes(1)) : null;
        _receipt.Reset();
        return found;
    }

    private static StoredDocument Document(SqliteStatement row) =>
        new(row.Text(0), row.Bytes(1), row.Long(2).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static long Number(SqliteStatement statement)
    {
        var number = statement.Step() ? statement.Long(0) : 0;
        statement.Reset();
        return number;
    }
}

/// <summary>A query that is not gathered with others.</summary>
internal interface ISqliteRead
{
    void AnswerFrom(SqliteReader reader);
}

internal sealed class SqliteRead<T>(Func<SqliteReader, T> query) : ReadRequest<T>, ISqliteRead
{
    public void AnswerFrom(SqliteReader reader) => Answer(query(reader));
}
