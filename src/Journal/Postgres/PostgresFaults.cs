using System.Net.Sockets;
using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>What PostgreSQL's refusals mean for a journal.</summary>
internal static class PostgresFaults
{
    /// <summary>The server refused and rolled back; everything else leaves it open whether a commit happened.</summary>
    public static bool IsRefusal(NpgsqlException fault) =>
        fault is PostgresException { InvariantSeverity: "ERROR" } refusal && !IsAway(refusal.SqlState);

    public static bool IsKeyTaken(NpgsqlException fault) => fault.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>Nothing was written, and the same again may well succeed: another writer was in the way.</summary>
    public static bool IsWorthRepeating(NpgsqlException fault) =>
        fault.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>The reason in one line, for people who run the engine.</summary>
    public static string Reason(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "No space left for PostgreSQL.",
        PostgresException refusal => $"PostgreSQL refuses: {refusal.MessageText} ({refusal.SqlState}).",
        { InnerException: SocketException socket } => $"PostgreSQL can't be reached: {socket.Message}.",
        { InnerException: { } inner } => $"The connection to PostgreSQL is lost: {inner.Message}",
        _ => $"The connection to PostgreSQL is lost: {fault.Message}",
    };

    /// <summary>Runs work whose failure means the same for every caller: it can't be done now.</summary>
    /// <exception cref="JournalUnavailableException">Instead of what Npgsql throws.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException fault)
        {
            throw new JournalUnavailableException(Reason(fault), false, fault);
        }
    }

    // A server that shuts down, starts up or has become a standby: another connection may find a better one.
    private static bool IsAway(string sqlState) =>
        sqlState.StartsWith("57P", StringComparison.Ordinal) || sqlState == PostgresErrorCodes.ReadOnlySqlTransaction;
}
