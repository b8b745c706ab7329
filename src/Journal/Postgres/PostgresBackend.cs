using Npgsql;
using NpgsqlTypes;

namespace SocialCommerce.Journal;

/// <summary>The server's process of one connection. Its number is used again one day; with its start it is one of a kind.</summary>
internal readonly record struct PostgresBackend(int Pid, DateTime Start)
{
    public static PostgresBackend Of(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new PostgresBackend(reader.GetInt32(0), reader.GetDateTime(1));
    }

    /// <summary>
    /// Ends it, over another connection. The server may still be busy with what was sent over a connection that was lost since; only when its
    /// process is gone nothing can follow.
    /// </summary>
    /// <returns>Whether it is gone.</returns>
    public bool End(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT bool_and(pg_terminate_backend(pid, 3000)) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2", connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = Pid }, new NpgsqlParameter<DateTime> { TypedValue = Start, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        };
        return command.ExecuteScalar() is not false;
    }
}
