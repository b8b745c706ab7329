using System.Text;
using SQLitePCL;
using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>A prepared statement. Bind from 1, step, read columns from 0; running it to its end or <see cref="Reset"/> makes it ready again.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    // SQLITE_STMTSTATUS_REPREPARE: https://www.sqlite.org/c3ref/c_stmtstatus_counter.html
    private const int StatusReprepare = 5;

    public SqliteStatement Bind(int index, long value)
    {
        connection.Check(sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string text)
    {
        // Names are short and many: no array for each.
        Span<byte> bytes = stackalloc byte[1024];
        connection.Check(text.Length > 0 && Encoding.UTF8.TryGetBytes(text, bytes, out var length)
            ? sqlite3_bind_text(handle, index, bytes[..length])
            : sqlite3_bind_text(handle, index, text));
        return this;
    }

    /// <summary>Not empty: SQLite takes an empty span for null.</summary>
    public SqliteStatement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        connection.Check(sqlite3_bind_text(handle, index, utf8));
        return this;
    }

    /// <summary>An empty span is kept as null, which <see cref="Bytes"/> gives back as empty.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> bytes)
    {
        connection.Check(sqlite3_bind_blob(handle, index, bytes));
        return this;
    }

    /// <summary>How often it was parsed and planned anew since it was prepared.</summary>
    public int Replanned => sqlite3_stmt_status(handle, StatusReprepare, 0);

    /// <summary>True when there is a row to be read.</summary>
    public bool Step()
    {
        var code = sqlite3_step(handle);
        if (code == SQLITE_ROW) return true;
        try
        {
            connection.Check(code);
        }
        finally
        {
            // Gives the code of the failed step once more, which is thrown already.
            sqlite3_reset(handle);
        }

        return false;
    }

    /// <summary>Runs it without reading rows.</summary>
    public void Run()
    {
        while (Step())
        {
            // Rows of a write, if any, are not asked for.
        }
    }

    public void Reset() => sqlite3_reset(handle);

    public long Long(int column) => sqlite3_column_int64(handle, column);

    public int Int(int column) => sqlite3_column_int(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(sqlite3_column_blob(handle, column));

    /// <summary>The bytes of a blob, or a text's as UTF-8.</summary>
    public byte[] Bytes(int column) => sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();
}
