using System.Diagnostics;
using System.Text;
using SQLitePCL;
using static SQLitePCL.raw;

namespace SocialCommerce.Bench;

/// <summary>
/// The baseline: one commit per cut in the same kind of file under the same settings, straight on SQLite's functions with prepared
/// statements, without waiting for anybody and without checking anything but the key, which is an index of SQLite's own.
/// </summary>
internal sealed class CommitPerCut : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insert;
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);

    /// <param name="path">Its own file, made here.</param>
    public CommitPerCut(string path)
    {
        Batteries_V2.Init();
        Check(sqlite3_open_v2(path, out _connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, null));
        Check(sqlite3_exec(_connection,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"));
        Check(sqlite3_exec(_connection,
            "CREATE TABLE cuts (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, kind INTEGER NOT NULL, payload TEXT NOT NULL, UNIQUE (stream, version))"));
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insert = Prepare("INSERT INTO cuts (stream, version, kind, payload) VALUES (?1, ?2, ?3, ?4)");
    }

    public long Committed { get; private set; }

    /// <summary>Commits for the time given; cuts a second.</summary>
    public double Run(TimeSpan window)
    {
        var before = Committed;
        var started = Stopwatch.GetTimestamp();
        var ends = started + (long)(window.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < ends)
        {
            var number = Committed;
            Step(_begin);
            Insert(CutUnits.BargainStream((int)(number % CutUnits.Appenders), (int)(number / CutUnits.Appenders % 40)), 101, CutUnits.CutPayload);
            Insert(CutUnits.HelperStream(0, number / 3), 30, CutUnits.HelpedPayload);
            Step(_commit);
            Committed++;
        }

        return (Committed - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _insert }) statement.Dispose();
        sqlite3_close_v2(_connection);
    }

    private void Insert(string stream, int kind, byte[] payload)
    {
        var version = _versions.GetValueOrDefault(stream) + 1;
        _versions[stream] = version;
        Span<byte> name = stackalloc byte[256];
        sqlite3_bind_text(_insert, 1, name[..Encoding.ASCII.GetBytes(stream, name)]);
        sqlite3_bind_int(_insert, 2, version);
        sqlite3_bind_int(_insert, 3, kind);
        sqlite3_bind_text(_insert, 4, payload);
        Step(_insert);
    }

    private void Step(sqlite3_stmt statement)
    {
        Check(sqlite3_step(statement));
        sqlite3_reset(statement);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(sqlite3_prepare_v3(_connection, sql, SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    private void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE)) throw new BenchFaultException($"SQLite: {sqlite3_errmsg(_connection).utf8_to_string()}");
    }
}
