using System.Globalization;
using Npgsql;

namespace SocialCommerce.Silo;

/// <summary>
/// Orleans' tables in PostgreSQL (membership, reminders, grain state) and the statements that Orleans looks up in them. Our own, to
/// Orleans' contract; in the schema <c>orleans</c>, which <see cref="SearchPath"/> leads to.
/// </summary>
internal static class OrleansSchema
{
    /// <summary>The version this program works with.</summary>
    public const int Version = 1;

    /// <summary>Orleans asks for its statements without naming a schema.</summary>
    public const string SearchPath = "orleans";

    // "SCO1": whoever migrates holds this lock.
    private const long MigrationLock = 0x53434F31;

    private static readonly string[] Columns =
    [
        "schema.version integer", "orleansquery.querykey text", "orleansquery.querytext text",
        "membership_version.deployment_id text", "membership_version.version integer", "membership_version.changed_at timestamp with time zone",
        "membership.deployment_id text", "membership.address text", "membership.port integer", "membership.generation integer", "membership.silo_name text",
        "membership.host_name text", "membership.status integer", "membership.proxy_port integer", "membership.suspect_times text",
        "membership.start_time timestamp with time zone", "membership.i_am_alive_time timestamp with time zone",
        "reminders.service_id text", "reminders.grain_id text", "reminders.reminder_name text", "reminders.start_time timestamp with time zone",
        "reminders.period_ms bigint", "reminders.grain_hash integer", "reminders.version integer",
        "state.service_id text", "state.grain_type text", "state.key_n0 bigint", "state.key_n1 bigint", "state.key_text text", "state.version integer",
        "state.modified_at timestamp with time zone", "state.payload bytea",
    ];

    private static readonly string[] Indexes =
    [
        "orleansquery_pkey (querykey)", "membership_version_pkey (deployment_id)", "membership_pkey (deployment_id, address, port, generation)",
        "reminders_pkey (service_id, grain_id, reminder_name)", "reminders_ring (service_id, grain_hash)",
        "state_pkey (service_id, grain_type, key_n0, key_n1, key_text)",
    ];

    /// <summary>Makes the tables or brings older ones up to date, and writes every statement. May be repeated, and may run in several processes at once.</summary>
    /// <exception cref="SiloFaultException">The schema is newer than this program.</exception>
    /// <exception cref="NpgsqlException">The server can't be reached or refuses.</exception>
    public static void Migrate(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})");
        var version = StoredVersion(connection);
        if (version > Version) throw new SiloFaultException(Newer(version));
        if (version < 1)
        {
            Execute(connection, Resource("orleans-001.sql"));
            Execute(connection, "INSERT INTO orleans.schema (version) VALUES (1)");
        }

        foreach (var (name, text) in Queries())
        {
            using var write = new NpgsqlCommand("INSERT INTO orleans.orleansquery VALUES ($1, $2) ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext", connection);
            write.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            write.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            write.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>What keeps Orleans from working on this database; empty when all is well.</summary>
    /// <exception cref="NpgsqlException">The server can't be reached.</exception>
    public static IReadOnlyList<string> Check(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        var version = StoredVersion(connection);
        if (version == 0) return ["the schema 'orleans' is missing; run db migrate"];
        if (version > Version) return [Newer(version)];
        if (version < Version) return [$"the schema 'orleans' has version {version}, this program needs {Version}; run db migrate"];

        var faults = new List<string>();
        var columns = Texts(connection, "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'orleans'");
        faults.AddRange(Columns.Where(column => !columns.Contains(column)).Select(column => $"column orleans.{column} is missing"));
        var indexes = Texts(connection, "SELECT indexname || ' ' || substring(indexdef FROM '\\(.*\\)') FROM pg_indexes WHERE schemaname = 'orleans'");
        faults.AddRange(Indexes.Where(index => !indexes.Contains(index)).Select(index => $"index orleans.{index} is missing"));
        if (!columns.Contains("orleansquery.querykey text") || !columns.Contains("orleansquery.querytext text")) return faults;

        var stored = StoredQueries(connection);
        foreach (var (name, text) in Queries())
        {
            if (!stored.TryGetValue(name, out var found)) faults.Add($"statement {name} is missing in orleans.orleansquery; run db migrate");
            else if (found != text) faults.Add($"statement {name} in orleans.orleansquery is not this program's; run db migrate");
        }

        return faults;
    }

    /// <summary>The statements by the names under which Orleans looks for them.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Queries() =>
    [
        .. Resource("orleans-queries.sql").Split("\n--- ").Skip(1).Select(part =>
        {
            var (name, text) = (part[..part.IndexOf('\n', StringComparison.Ordinal)], part[part.IndexOf('\n', StringComparison.Ordinal)..]);
            return KeyValuePair.Create(name.Trim(), text.Trim());
        }),
    ];

    private static string Newer(int version) => $"the schema 'orleans' has version {version}, this program knows {Version}; use a newer program";

    private static string Resource(string name)
    {
        using var stream = typeof(OrleansSchema).Assembly.GetManifestResourceStream($"SocialCommerce.Silo.Database.{name}")
            ?? throw new InvalidOperationException($"No resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // 0 where nothing is.
    private static int StoredVersion(NpgsqlConnection connection)
    {
        if (!Texts(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'orleans'").Contains("schema")) return 0;
        return Texts(connection, "SELECT version::text FROM orleans.schema").Select(text => int.Parse(text, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
    }

    private static Dictionary<string, string> StoredQueries(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT querykey, querytext FROM orleans.orleansquery", connection);
        using var reader = command.ExecuteReader();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read()) found[reader.GetString(0)] = reader.GetString(1);
        return found;
    }

    // The texts are constants and resources of this program, never input.
#pragma warning disable CA2100
    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
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
