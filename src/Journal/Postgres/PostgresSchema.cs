using System.Globalization;
using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>The journal's tables in PostgreSQL: makes them, brings them up to date, tells what is wrong with them.</summary>
public static class PostgresSchema
{
    /// <summary>The version this program works with.</summary>
    public const int Version = 1;

    // "SCJ1": whoever migrates holds this lock.
    private const long MigrationLock = 0x53434A31;

    private static readonly string[] DurabilitySettings = ["fsync", "full_page_writes", "synchronous_commit"];

    private static readonly string[] Columns =
    [
        "store.schema_version integer", "store.deadline_shards integer", "store.epoch_base bigint",
        "events.epoch bigint", "events.place integer", "events.version integer", "events.kind smallint", "events.stream text", "events.payload text",
        "deadlines.due_at timestamp with time zone", "deadlines.shard integer", "deadlines.stream text",
        "receipts.kept_until timestamp with time zone", "receipts.key text", "receipts.fingerprint text", "receipts.answer bytea",
        "documents.tag bigint", "documents.key text", "documents.content bytea",
        "writers.writer uuid", "writers.commit_no bigint", "writers.seen_at timestamp with time zone",
    ];

    private static readonly string[] Indexes =
    [
        "events_pkey (stream, version)", "events_feed (epoch, place)", "deadlines_pkey (stream)", "deadlines_due (shard, due_at, stream)",
        "receipts_pkey (key)", "receipts_kept_until (kept_until)", "documents_pkey (key)", "writers_pkey (writer)",
    ];

    /// <summary>
    /// Makes the tables or brings older ones up to date. May be repeated and may run in several processes at once. Also makes data that was
    /// restored from a dump of another server fit for writing.
    /// </summary>
    /// <param name="deadlineShards">For a new store; an existing one keeps its own.</param>
    /// <exception cref="JournalUnavailableException">The server can't be reached, or the store is newer than this program.</exception>
    public static void Migrate(NpgsqlDataSource dataSource, int deadlineShards = DeadlineShard.Default)
    {
        DeadlineShard.Checked(deadlineShards);
        PostgresFaults.Guard(() =>
        {
            using var connection = dataSource.OpenConnection();
            using var transaction = connection.BeginTransaction();
            Execute(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})");
            var version = StoredVersion(connection);
            if (version > Version) throw new JournalUnavailableException(NewerVersion(version));
            if (version < 1)
            {
                Execute(connection, Script(1));
                Execute(connection, $"INSERT INTO journal.store (schema_version, deadline_shards) VALUES (1, {deadlineShards})");
            }

            if (IsAheadOfServer(connection)) RaiseEpochBase(connection);
            transaction.Commit();
            return true;
        });
    }

    /// <summary>What keeps a journal from working on this database; empty when all is well.</summary>
    /// <param name="allowUnsafeDurability">Don't count it as a fault that the server does not write through to disk.</param>
    /// <exception cref="JournalUnavailableException">The server can't be reached.</exception>
    public static IReadOnlyList<string> Check(NpgsqlDataSource dataSource, bool allowUnsafeDurability = false) => PostgresFaults.Guard(() =>
    {
        using var connection = dataSource.OpenConnection();
        var faults = new List<string>();
        if (connection.PostgreSqlVersion.Major < 14) faults.Add($"PostgreSQL {connection.PostgreSqlVersion} is too old; 14 is the oldest");
        if (Text(connection, "SHOW server_encoding") is var encoding and not "UTF8") faults.Add($"the database's encoding is {encoding}; it must be UTF8");
        if (!allowUnsafeDurability)
        {
            foreach (var setting in DurabilitySettings)
            {
                if (Text(connection, $"SHOW {setting}") == "off") faults.Add($"{setting} is off: acknowledged events could be lost");
            }
        }

        var version = StoredVersion(connection);
        if (version == 0) faults.Add("the schema 'journal' is missing; run db migrate");
        else if (version > Version) faults.Add(NewerVersion(version));
        else if (version < Version) faults.Add($"the schema 'journal' has version {version}, this program needs {Version}; run db migrate");
        if (version != Version) return faults;

        var columns = Texts(connection, "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'journal'");
        faults.AddRange(Columns.Where(column => !columns.Contains(column)).Select(column => $"column journal.{column} is missing"));
        var indexes = Texts(connection, "SELECT indexname || ' ' || substring(indexdef FROM '\\(.*\\)') FROM pg_indexes WHERE schemaname = 'journal'");
        faults.AddRange(Indexes.Where(index => !indexes.Contains(index)).Select(index => $"index journal.{index} is missing"));
        if (faults.Count == 0 && IsAheadOfServer(connection)) faults.Add("the events come from a server with older transaction ids (a restored dump?); run db migrate");
        return (IReadOnlyList<string>)faults;
    });

    private static string NewerVersion(int version) => $"the schema 'journal' has version {version}, this program knows {Version}; use a newer program";

    // 0 where there is no journal.
    private static int StoredVersion(NpgsqlConnection connection)
    {
        if (Text(connection, "SELECT coalesce(to_regclass('journal.store')::text, '')") is "") return 0;
        return int.Parse(Text(connection, "SELECT coalesce(max(schema_version), 0)::text FROM journal.store"), CultureInfo.InvariantCulture);
    }

    // New events would come before ones that were read already, and those would never be handed out again.
    private static bool IsAheadOfServer(NpgsqlConnection connection) => Text(connection, """
        SELECT coalesce((SELECT max(epoch) FROM journal.events) >= (SELECT epoch_base FROM journal.store) + pg_snapshot_xmax(pg_current_snapshot())::text::bigint, false)::text
        """) == "true";

    private static void RaiseEpochBase(NpgsqlConnection connection) => Execute(connection, """
        LOCK TABLE journal.events IN EXCLUSIVE MODE;
        UPDATE journal.store SET epoch_base = (SELECT max(epoch) FROM journal.events) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
        """);

    private static string Script(int version)
    {
        var name = $"{typeof(PostgresSchema).Assembly.GetName().Name}.Postgres.schema-{version:000}.sql";
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"No resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

#pragma warning disable CA2100 // The texts are constants of this class, never input.
    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Text(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (string)command.ExecuteScalar()!;
    }

    private static HashSet<string> Texts(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }
#pragma warning restore CA2100
}
