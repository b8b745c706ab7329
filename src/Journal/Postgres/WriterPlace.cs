using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>
/// Who may write to a database: any number of processes that allow for one another, or a single one. Held by the writer's connection, as an
/// advisory lock, so it ends with it.
/// </summary>
internal static class WriterPlace
{
    // "SCJW".
    private const long Lock = 0x53434A57;

    // A process that was just killed: its server process is gone as soon as it notices.
    private const int PatienceMilliseconds = 3_000;

    /// <summary>Takes the place for as long as the connection lasts.</summary>
    /// <param name="lost">The connection that the same process had before: it no longer counts.</param>
    /// <exception cref="JournalUnavailableException">Somebody else is in the way; says who.</exception>
    /// <exception cref="NpgsqlException">The server can't be reached.</exception>
    public static void Take(NpgsqlConnection connection, bool alone, PostgresBackend lost)
    {
        if (TryTake(connection, alone) || lost != default && lost.End(connection) && TryTake(connection, alone)) return;
        throw new JournalUnavailableException(alone
            ? $"Others write to this database, which this process has to have for itself: {Holders(connection)}"
            : $"A process that has to have this database for itself works on it: {Holders(connection)}");
    }

    private static bool TryTake(NpgsqlConnection connection, bool alone)
    {
        using var batch = new NpgsqlBatch(connection);
        // For this transaction only; the lock outlasts it.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT set_config('lock_timeout', '{PatienceMilliseconds}', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_lock{(alone ? "" : "_shared")}({Lock})"));
        try
        {
            batch.ExecuteNonQuery();
            return true;
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    private static string Holders(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"""
            SELECT string_agg(format('server process %s (%s from %s, since %s)', pid, application_name, coalesce(host(client_addr), 'a local socket'), to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), ', ' ORDER BY backend_start)
            FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 0 AND objid = {Lock} AND objsubid = 1 AND granted
            """, connection);
        return command.ExecuteScalar() as string ?? "it has left meanwhile";
    }
}
