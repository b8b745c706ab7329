using SQLitePCL;
using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>
/// One connection to the file, for one thread at a time. Directly over SQLite's own functions: bytes go in and out without becoming
/// strings, every result code is at hand, and an insert costs two thirds of what it does through ADO.NET (3.1 instead of 4.6 µs).
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteConnection()
    {
        Batteries_V2.Init();
        GatheringVfs.Register();
        PacingVfs.Register();
    }

    /// <param name="vfs">How it gets at its files: <see cref="GatheringVfs"/> for one that commits much, <see cref="PacingVfs"/> for one that moves the log, or null.</param>
    /// <exception cref="SqliteFault">The file can't be opened.</exception>
    public SqliteConnection(string path, bool create, TimeSpan lockPatience, string? vfs = null)
    {
        var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
        var code = sqlite3_open_v2(path, out _handle, flags, vfs);
        if (code != SQLITE_OK)
        {
            var message = sqlite3_errstr(code).utf8_to_string();
            sqlite3_close_v2(_handle);
            throw new SqliteFault(code, message);
        }

        sqlite3_extended_result_codes(_handle, 1);
        // Else a statement with LIMIT ? is parsed and planned anew each time it is bound: https://www.sqlite.org/qpsg.html
        sqlite3_db_config(_handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        sqlite3_busy_timeout(_handle, (int)lockPatience.TotalMilliseconds);
    }

    public bool InTransaction => sqlite3_get_autocommit(_handle) == 0;

    /// <summary>A statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(sqlite3_prepare_v3(_handle, sql, SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs one or more statements without results.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_handle, sql));

    /// <summary>The number that a statement such as a pragma gives.</summary>
    public long Number(string sql)
    {
        Check(sqlite3_prepare_v3(_handle, sql, 0, out var handle));
        using var statement = new SqliteStatement(this, handle);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Pages that this connection has written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        sqlite3_db_status(_handle, SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Moves the log into the file as far as readers and the writer allow; null when something was in the way altogether.</summary>
    public LogPages? Checkpoint(bool truncate)
    {
        var mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
        var code = sqlite3_wal_checkpoint_v2(_handle, "main", mode, out var frames, out var moved);
        return code == SQLITE_OK ? new LogPages(frames, moved) : null;
    }

    public void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE)) throw new SqliteFault(code, sqlite3_errmsg(_handle).utf8_to_string());
    }

    /// <summary>Ends a transaction that can't be finished, if SQLite has not done so itself.</summary>
    public void RollBack()
    {
        if (InTransaction) Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        sqlite3_close_v2(_handle);
    }
}

/// <summary>What a checkpoint found and did.</summary>
/// <param name="Written">Pages in the log.</param>
/// <param name="Moved">As many of them, from the first on, are in the file by now.</param>
internal readonly record struct LogPages(int Written, int Moved);
