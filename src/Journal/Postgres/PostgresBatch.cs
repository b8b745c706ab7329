using Npgsql;
using NpgsqlTypes;

namespace SocialCommerce.Journal;

/// <summary>The rows of one commit as arrays, and the statements that write them. Its lists are used again for the next commit.</summary>
internal sealed class PostgresBatch(int shards)
{
    private const string InsertEvents = """
        INSERT INTO journal.events (epoch, place, version, kind, stream, payload)
        SELECT (SELECT epoch_base + pg_current_xact_id()::text::bigint FROM journal.store WHERE only_row), place, version, kind, stream, payload
        FROM unnest($1, $2, $3, $4, $5) AS e (place, version, kind, stream, payload)
        """;

    private const string SetDeadlines = """
        INSERT INTO journal.deadlines (due_at, shard, stream) SELECT due_at, shard, stream FROM unnest($1, $2, $3) AS d (due_at, shard, stream)
        ON CONFLICT (stream) DO UPDATE SET due_at = excluded.due_at
        """;

    private const string ClearDeadlines = "DELETE FROM journal.deadlines WHERE stream = ANY ($1)";

    private const string InsertReceipts = """
        INSERT INTO journal.receipts (kept_until, key, fingerprint, answer)
        SELECT kept_until, key, fingerprint, answer FROM unnest($1, $2, $3, $4) AS r (kept_until, key, fingerprint, answer)
        """;

    private const string MarkCommit = """
        INSERT INTO journal.writers (writer, commit_no, seen_at) VALUES ($1, $2, now())
        ON CONFLICT (writer) DO UPDATE SET commit_no = excluded.commit_no, seen_at = excluded.seen_at
        """;

    private readonly List<(StreamAppend Append, int Place)> _appends = [];
    private readonly List<int> _places = [];
    private readonly List<int> _versions = [];
    private readonly List<short> _kinds = [];
    private readonly List<string> _streams = [];
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private readonly SortedDictionary<string, DateTime?> _deadlines = new(StringComparer.Ordinal);
    private readonly List<DateTime> _dueAt = [];
    private readonly List<int> _dueShards = [];
    private readonly List<string> _dueStreams = [];
    private readonly List<string> _clearedStreams = [];
    private readonly List<ReceiptWrite> _receipts = [];

    /// <summary>
    /// Takes the units' rows. They are written in the order of their streams, so that two writers that meet wait for one another
    /// instead of deadlocking; their places in the feed follow the order of the units.
    /// </summary>
    public void Fill(IReadOnlyList<PendingUnit> units)
    {
        _appends.Clear();
        _receipts.Clear();
        var place = 1;
        foreach (var pending in units)
        {
            foreach (var append in pending.Appends)
            {
                _appends.Add((append, place));
                place += append.Events.Count;
            }

            if (pending.Unit.Receipts is { } receipts) _receipts.AddRange(receipts);
        }

        FillDeadlines();
        _appends.Sort(static (left, right) => string.CompareOrdinal(left.Append.Stream, right.Append.Stream) is var order and not 0 ? order : left.Place.CompareTo(right.Place));
        _receipts.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        FillEvents();
    }

    /// <summary>The statements, to be sent in one round trip.</summary>
    public NpgsqlBatch Create(NpgsqlConnection connection, Guid writer, long commitNumber)
    {
        var batch = new NpgsqlBatch(connection);
        Add(batch, MarkCommit, new NpgsqlParameter<Guid> { TypedValue = writer }, new NpgsqlParameter<long> { TypedValue = commitNumber });
        Add(batch, InsertEvents, ArrayOf(_places), ArrayOf(_versions), ArrayOf(_kinds), ArrayOf(_streams), ArrayOf(_payloads, NpgsqlDbType.Text));
        if (_dueStreams.Count > 0) Add(batch, SetDeadlines, ArrayOf(_dueAt, NpgsqlDbType.TimestampTz), ArrayOf(_dueShards), ArrayOf(_dueStreams));
        if (_clearedStreams.Count > 0) Add(batch, ClearDeadlines, ArrayOf(_clearedStreams));
        if (_receipts.Count > 0)
        {
            Add(batch, InsertReceipts,
                ArrayOf(_receipts.ConvertAll(receipt => Moment.Of(Moment.From(receipt.KeptUntil)).UtcDateTime), NpgsqlDbType.TimestampTz),
                ArrayOf(_receipts.ConvertAll(receipt => receipt.Key)),
                ArrayOf(_receipts.ConvertAll(receipt => receipt.Fingerprint)),
                ArrayOf(_receipts.ConvertAll(receipt => receipt.Answer), NpgsqlDbType.Bytea));
        }

        return batch;
    }

    private void FillEvents()
    {
        _places.Clear();
        _versions.Clear();
        _kinds.Clear();
        _streams.Clear();
        _payloads.Clear();
        foreach (var (append, place) in _appends)
        {
            for (var i = 0; i < append.Events.Count; i++)
            {
                _places.Add(place + i);
                _versions.Add(append.ExpectedVersion + 1 + i);
                _kinds.Add(append.Events[i].Kind);
                _streams.Add(append.Stream);
                _payloads.Add(append.Events[i].Payload);
            }
        }
    }

    // Of several changes of one stream's due time in a commit the last one holds; one statement may touch a row only once.
    private void FillDeadlines()
    {
        _deadlines.Clear();
        _dueAt.Clear();
        _dueShards.Clear();
        _dueStreams.Clear();
        _clearedStreams.Clear();
        foreach (var (append, _) in _appends)
        {
            if (append.Deadline is { } deadline) _deadlines[append.Stream] = deadline.DueAt is { } dueAt ? Moment.Of(Moment.From(dueAt)).UtcDateTime : null;
        }

        foreach (var (stream, dueAt) in _deadlines)
        {
            if (dueAt is null)
            {
                _clearedStreams.Add(stream);
                continue;
            }

            _dueAt.Add(dueAt.Value);
            _dueShards.Add(DeadlineShard.Of(stream, shards));
            _dueStreams.Add(stream);
        }
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<List<T>> ArrayOf<T>(List<T> values) => new() { TypedValue = values };

    // Payloads are UTF-8 already: bytes go out as text without becoming strings.
    private static NpgsqlParameter<List<T>> ArrayOf<T>(List<T> values, NpgsqlDbType element) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
