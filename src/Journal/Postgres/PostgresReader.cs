using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>A connection that answers gathered reads: one query for all streams, one for all receipts, one round trip. One reader's thread.</summary>
internal sealed class PostgresReader(NpgsqlDataSource source, HeadCache heads) : IDisposable
{
    // As nearly always, and cheaper than the join below.
    private const string WholeStreams = "SELECT stream, version, kind, payload FROM journal.events WHERE stream = ANY ($1) ORDER BY version";

    // The limit within the lateral part keeps the join from fetching a stream that only its end was asked for.
    private const string PartsOfStreams = """
        SELECT r.n::int, e.version, e.kind, e.payload
        FROM unnest($1, $2, $3) WITH ORDINALITY AS r (stream, after, lim, n),
        LATERAL (SELECT version, kind, payload FROM journal.events WHERE stream = r.stream AND version > r.after ORDER BY version LIMIT r.lim) AS e
        """;

    private const string Receipts = "SELECT key, fingerprint, answer FROM journal.receipts WHERE key = ANY ($1)";

    private NpgsqlConnection? _connection;

    public void Answer(IReadOnlyList<ReadRequest> requests)
    {
        var asked = new Asked([], [], []);
        foreach (var request in requests)
        {
            switch (request)
            {
                case StreamRead { AfterVersion: 0, Limit: int.MaxValue } whole: asked.Whole.Add(whole); break;
                case StreamRead part: asked.Parts.Add(part); break;
                case ReceiptRead receipt: asked.Receipts.Add(receipt); break;
                default: throw new InvalidOperationException($"No answer to {request.GetType().Name}.");
            }
        }

        try
        {
            var fresh = _connection is null;
            try
            {
                Query(asked);
            }
            catch (NpgsqlException fault) when (!fresh && !PostgresFaults.IsRefusal(fault))
            {
                // The connection may have been cut while nobody read: once more on a new one.
                Drop();
                Query(asked);
            }
        }
        catch (NpgsqlException fault)
        {
            Drop();
            throw new JournalUnavailableException(PostgresFaults.Reason(fault), false, fault);
        }
    }

    public void Dispose() => Drop();

    private void Query(Asked asked)
    {
        _connection ??= source.OpenConnection();
        using var batch = new NpgsqlBatch(_connection);
        if (asked.Whole.Count > 0) Ask(batch, WholeStreams, Listed(asked.Whole.Select(read => read.Stream)));
        if (asked.Parts.Count > 0)
        {
            Ask(batch, PartsOfStreams,
                Listed(asked.Parts.Select(read => read.Stream)), Listed(asked.Parts.Select(read => read.AfterVersion)), Listed(asked.Parts.Select(read => read.Limit)));
        }

        if (asked.Receipts.Count > 0) Ask(batch, Receipts, Listed(asked.Receipts.Select(read => read.Key)));

        var whole = new Dictionary<string, List<StoredEvent>>(asked.Whole.Count, StringComparer.Ordinal);
        var parts = asked.Parts.ConvertAll(_ => new List<StoredEvent>());
        var receipts = new Dictionary<string, StoredReceipt>(StringComparer.Ordinal);
        foreach (var read in asked.Whole) whole[read.Stream] = [];
        using (var reader = batch.ExecuteReader())
        {
            if (asked.Whole.Count > 0)
            {
                while (reader.Read()) whole[reader.GetString(0)].Add(Event(reader));
                reader.NextResult();
            }

            if (asked.Parts.Count > 0)
            {
                while (reader.Read()) parts[reader.GetInt32(0) - 1].Add(Event(reader));
                reader.NextResult();
            }

            if (asked.Receipts.Count > 0)
            {
                while (reader.Read()) receipts[reader.GetString(0)] = new StoredReceipt(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));
            }
        }

        foreach (var read in asked.Whole) Answer(read, whole[read.Stream]);
        for (var i = 0; i < parts.Count; i++) Answer(asked.Parts[i], parts[i]);
        foreach (var read in asked.Receipts) read.Answer(receipts.GetValueOrDefault(read.Key));
    }

    private void Answer(StreamRead read, List<StoredEvent> events)
    {
        // Who reads a stream is likely to write to it; the writer then need not ask for its version.
        if (events.Count > 0) heads.Raise(read.Stream, events[^1].Version);
        read.Answer(events);
    }

    private static void Ask(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<List<T>> Listed<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private static StoredEvent Event(NpgsqlDataReader row) => new(row.GetInt32(1), row.GetInt16(2), row.GetFieldValue<byte[]>(3));

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private readonly record struct Asked(List<StreamRead> Whole, List<StreamRead> Parts, List<ReceiptRead> Receipts);
}
