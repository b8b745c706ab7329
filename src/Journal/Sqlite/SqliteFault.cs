using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>SQLite said no, with its extended result code. Inside the journal only.</summary>
internal sealed class SqliteFault : Exception
{
    public SqliteFault() { }
    public SqliteFault(string message) : base(message) { }
    public SqliteFault(string message, Exception innerException) : base(message, innerException) { }

    public SqliteFault(int code, string message) : base(message) => Code = code;

    public int Code { get; }

    public bool IsKeyTaken => Code is SQLITE_CONSTRAINT_PRIMARYKEY or SQLITE_CONSTRAINT_UNIQUE;

    /// <summary>The disk or its driver failed; whether the last write arrived is not known.</summary>
    public bool IsDisk => (Code & 0xff) == SQLITE_IOERR;

    /// <summary>The reason in one line, for people who run the engine.</summary>
    public JournalUnavailableException For(string path) => new((Code & 0xff) switch
    {
        SQLITE_FULL => $"No space left for '{path}'.",
        SQLITE_READONLY => $"'{path}' can't be written: {Message}.",
        SQLITE_CANTOPEN or SQLITE_PERM => $"'{path}' can't be opened: {Message}.",
        SQLITE_NOTADB => $"'{path}' is not a SQLite database.",
        SQLITE_CORRUPT => $"'{path}' is damaged: {Message}.",
        SQLITE_BUSY or SQLITE_LOCKED => $"'{path}' is locked by another process.",
        SQLITE_IOERR => $"The disk of '{path}' fails: {Message} ({Code}).",
        _ => $"SQLite refuses '{path}': {Message} ({Code}).",
    }, false, this);
}
