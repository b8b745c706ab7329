using Npgsql;
using NpgsqlTypes;

namespace SocialCommerce.Journal;

/// <summary>The writer's connection. Everything here runs on the writer's thread.</summary>
internal sealed class PostgresBatchStore : IBatchStore, IDisposable
{
    private const int RepeatsMax = 10;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresBatch _batch;
    private NpgsqlConnection? _connection;
    private Guid _writer;
    private Backend _backend;
    private long _commitNumber;
    private bool _inDoubt;

    /// <exception cref="NpgsqlException">The server can't be reached.</exception>
    public PostgresBatchStore(NpgsqlDataSource source, int shards)
    {
        _source = source;
        _batch = new PostgresBatch(shards);
        Connect();
    }

    public bool LastCommitHappened { get; private set; }

    public StoreFacts Ask(IReadOnlyCollection<string> streams, IReadOnlyCollection<string> receiptKeys)
    {
        LastCommitHappened = false;
        try
        {
            using var batch = new NpgsqlBatch(_connection);
            var heads = new NpgsqlBatchCommand("SELECT s, coalesce((SELECT version FROM journal.events WHERE stream = s ORDER BY version DESC LIMIT 1), 0) FROM unnest($1) AS s");
            heads.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. streams] });
            batch.BatchCommands.Add(heads);
            var keys = new NpgsqlBatchCommand("SELECT k FROM unnest($1) AS k WHERE EXISTS (SELECT FROM journal.receipts WHERE key = k)");
            keys.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. receiptKeys] });
            batch.BatchCommands.Add(keys);

            using var reader = batch.ExecuteReader();
            var found = new Dictionary<string, int>(streams.Count, StringComparer.Ordinal);
            while (reader.Read()) found[reader.GetString(0)] = reader.GetInt32(1);
            reader.NextResult();
            var taken = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read()) taken.Add(reader.GetString(0));
            return new StoreFacts(found, taken);
        }
        catch (NpgsqlException fault)
        {
            throw Refused(fault);
        }
    }

    public void Commit(IReadOnlyList<PendingUnit> units)
    {
        LastCommitHappened = false;
        _batch.Fill(units);
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                _inDoubt = true;
                // One round trip: PostgreSQL runs what comes in one batch as one transaction.
                using var batch = _batch.Create(_connection!, _writer, _commitNumber + 1);
                batch.ExecuteNonQuery();
                break;
            }
            catch (NpgsqlException fault) when (PostgresFaults.IsWorthRepeating(fault) && repeats < RepeatsMax)
            {
                // Two writers met on the same rows in different order; one of them was rolled back.
            }
            catch (NpgsqlException fault)
            {
                throw Refused(fault);
            }
        }

        _commitNumber++;
        _inDoubt = false;
        LastCommitHappened = true;
    }

    public void Tidy()
    {
        // The server keeps its own house.
    }

    public Recovery TryRecover()
    {
        try
        {
            if (_connection is { FullState: System.Data.ConnectionState.Open } && !_inDoubt) return Recovery.NextCommitTells;
            var lost = _backend;
            Connect();
            if (_inDoubt)
            {
                if (!EndBackend(lost)) return Recovery.Away;
                LastCommitHappened = ReadCommitNumber() == _commitNumber + 1;
                if (LastCommitHappened) _commitNumber++;
                _inDoubt = false;
            }

            return Recovery.Back;
        }
        catch (NpgsqlException)
        {
            // Still away. What is wrong was told with the fault that brought us here.
            return Recovery.Away;
        }
    }

    public void Dispose()
    {
        try
        {
            using var forget = new NpgsqlCommand("DELETE FROM journal.writers WHERE writer = $1", _connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = _writer } } };
            if (_connection is { FullState: System.Data.ConnectionState.Open }) forget.ExecuteNonQuery();
        }
        catch (NpgsqlException)
        {
            // The row is only left behind; a later writer removes it.
        }

        _connection?.Dispose();
    }

    private void Connect()
    {
        _connection?.Dispose();
        _connection = null;
        var connection = _source.OpenConnection();
        try
        {
            using var command = new NpgsqlCommand("SELECT pid, backend_start, gen_random_uuid() FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection);
            using var reader = command.ExecuteReader();
            reader.Read();
            _backend = new Backend(reader.GetInt32(0), reader.GetDateTime(1));
            // Keeps its name over all its connections: the commit that is in doubt was made under it.
            if (_writer == Guid.Empty) _writer = reader.GetGuid(2);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        _connection = connection;
        RemoveOldWriters();
    }

    private void RemoveOldWriters()
    {
        using var command = new NpgsqlCommand("DELETE FROM journal.writers WHERE seen_at < now() - interval '30 days'", _connection);
        command.ExecuteNonQuery();
    }

    // The server may still be busy with what we sent over the lost connection. Only when its process is gone nothing can follow.
    private bool EndBackend(Backend lost)
    {
        using var command = new NpgsqlCommand("SELECT bool_and(pg_terminate_backend(pid, 3000)) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2", _connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = lost.Pid }, new NpgsqlParameter<DateTime> { TypedValue = lost.Start, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        };
        return command.ExecuteScalar() is not false;
    }

    private long ReadCommitNumber()
    {
        using var command = new NpgsqlCommand("SELECT commit_no FROM journal.writers WHERE writer = $1", _connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = _writer } } };
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private Exception Refused(NpgsqlException fault)
    {
        if (!PostgresFaults.IsRefusal(fault)) return new StoreLostException(PostgresFaults.Reason(fault), fault);
        _inDoubt = false;
        return PostgresFaults.IsKeyTaken(fault)
            ? new KeyTakenException(fault.Message, fault)
            : new JournalUnavailableException(PostgresFaults.Reason(fault), false, fault);
    }

    private readonly record struct Backend(int Pid, DateTime Start);
}
