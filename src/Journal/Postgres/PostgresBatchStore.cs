using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>The writer's connection. Everything here runs on the writer's thread.</summary>
internal sealed class PostgresBatchStore : IBatchStore, IDisposable
{
    private const int RepeatsMax = 10;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresBatch _batch;
    private readonly Absences? _absent;
    private NpgsqlConnection? _connection;
    private Guid _writer;
    private PostgresBackend _backend;
    // The server's process that a commit was sent to whose outcome is not known; it stays that one however many connections are tried since.
    private PostgresBackend? _doubtful;
    // Of the last commit that happened, and the last that may have: a number that was in doubt is not used again.
    private long _committed;
    private long _sent;

    /// <param name="absent">Where this is to be the only writer; null where others may write as well.</param>
    /// <exception cref="NpgsqlException">The server can't be reached.</exception>
    /// <exception cref="JournalUnavailableException">Other writers are at work, and one of us has to be alone.</exception>
    public PostgresBatchStore(NpgsqlDataSource source, int shards, Absences? absent)
    {
        _source = source;
        _batch = new PostgresBatch(shards);
        _absent = absent;
        Connect();
    }

    public bool LastCommitHappened { get; private set; }

    public string? Obstacle { get; private set; }

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
                _doubtful = _backend;
                // One round trip: PostgreSQL runs what comes in one batch as one transaction.
                using var batch = _batch.Create(_connection!, _writer, _sent + 1);
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

        _committed = ++_sent;
        _doubtful = null;
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
            if (_connection is { FullState: System.Data.ConnectionState.Open } && _doubtful is null) return Recovery.NextCommitTells;
            Obstacle = null;
            Connect();
            if (_doubtful is { } doubtful)
            {
                if (!doubtful.End(_connection!)) return Recovery.Away;
                LastCommitHappened = ReadCommitNumber(_connection!) == _sent + 1;
                _sent++;
                if (LastCommitHappened) _committed = _sent;
                _doubtful = null;
            }

            return Recovery.Back;
        }
        catch (NpgsqlException)
        {
            // Still away. What is wrong was told with the fault that brought us here.
            return Recovery.Away;
        }
        catch (JournalUnavailableException taken)
        {
            Obstacle = taken.Message;
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
            WriterPlace.Take(connection, alone: _absent is not null, _doubtful ?? _backend);
            _backend = PostgresBackend.Of(connection);
            // Keeps its name over all its connections: the commit that is in doubt was made under it.
            if (_writer == Guid.Empty) _writer = NewName(connection);
            else if (_committed - ReadCommitNumber(connection) is > 0 and var lost) throw Behind(lost);
            else if (_absent is not null && OthersWrote(connection)) throw Overtaken();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        _connection = connection;
        _absent?.Begin();
        RemoveOldWriters();
    }

    private static Guid NewName(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("INSERT INTO journal.writers (writer, commit_no, seen_at) VALUES (gen_random_uuid(), 0, now()) RETURNING writer", connection);
        return (Guid)command.ExecuteScalar()!;
    }

    /// <summary>Whether the last event is of a transaction behind the one that last touched this writer's row, which is its own last commit.</summary>
    private bool OthersWrote(NpgsqlConnection connection)
    {
        // A row has the lower half of its transaction's number: what is less than half a round ahead came later.
        using var command = new NpgsqlCommand("""
            SELECT (((SELECT max(epoch) FROM journal.events) - (SELECT epoch_base FROM journal.store) - xmin::text::bigint) & 4294967295) BETWEEN 1 AND 2147483647
            FROM journal.writers WHERE writer = $1
            """, connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = _writer } } };
        return command.ExecuteScalar() is true;
    }

    // The grains and shoppers of a process that writes alone never look again: they would refuse by what is no longer so.
    private static JournalUnavailableException Overtaken() => new(
        "Another process has had this database since this one lost its connection, and has written to it: what this one remembers is old. Restart the process; it goes on from what is there");

    // What this process knows of its streams is not so there: what it wrote next would leave gaps in them.
    private static JournalUnavailableException Behind(long commits) => new(
        $"The database is behind: commits that this process has acknowledged are not in it (at most {commits}), as after a failover to a standby that had not received them. Restart the process; it goes on from what is there");

    // Long: a process that had nothing to write for so long must find its own.
    private void RemoveOldWriters()
    {
        using var command = new NpgsqlCommand("DELETE FROM journal.writers WHERE seen_at < now() - interval '1 year'", _connection);
        command.ExecuteNonQuery();
    }

    private long ReadCommitNumber(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT commit_no FROM journal.writers WHERE writer = $1", connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = _writer } } };
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private Exception Refused(NpgsqlException fault)
    {
        if (!PostgresFaults.IsRefusal(fault))
        {
            // While there is no connection another process may take the place.
            _absent?.Pause();
            return new StoreLostException(PostgresFaults.Reason(fault), fault);
        }

        _doubtful = null;
        return PostgresFaults.IsKeyTaken(fault)
            ? new KeyTakenException(fault.Message, fault)
            : new JournalUnavailableException(PostgresFaults.Reason(fault), false, fault);
    }
}
