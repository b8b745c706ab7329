namespace SocialCommerce.Journal;

/// <summary>What a journal's file looks like, and whether a file is one.</summary>
internal static class SqliteSchema
{
    /// <summary>Raised with every change of the tables; kept in the file's user_version.</summary>
    public const int Version = 2;

    // "SCJ1": tells a journal from other applications' files.
    private const long Application = 0x53434A31;

    // A stream's events are found by the hash of its name: docs/adr/0012-index-behind.md.
    private const string Events = """
        CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            stream   TEXT    NOT NULL,
            version  INTEGER NOT NULL,
            kind     INTEGER NOT NULL,
            payload  TEXT    NOT NULL
        );
        CREATE TABLE stream_index (
            hash     INTEGER NOT NULL,
            version  INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (hash, version, position)
        ) WITHOUT ROWID;
        """;

    // Version 1 had the index by stream as a constraint of the table, which can't be taken from it.
    private const string From1To2 = "ALTER TABLE events RENAME TO events_1; " + Events + """
        INSERT INTO events (position, stream, version, kind, payload) SELECT position, stream, version, kind, payload FROM events_1 ORDER BY position;
        DROP TABLE events_1;
        ALTER TABLE store ADD COLUMN indexed_to INTEGER NOT NULL DEFAULT 0;
        PRAGMA user_version = 2;
        """;

    private const string Tables = """
        CREATE TABLE store (
            id              INTEGER PRIMARY KEY CHECK (id = 1),
            deadline_shards INTEGER NOT NULL,
            last_tag        INTEGER NOT NULL DEFAULT 0,
            recoveries      INTEGER NOT NULL DEFAULT 0,
            indexed_to      INTEGER NOT NULL DEFAULT 0 -- stream_index has every event up to this position, and some behind it
        );
        """ + Events + """

        CREATE TABLE deadlines (
            stream TEXT    PRIMARY KEY,
            shard  INTEGER NOT NULL,
            due_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX deadlines_due ON deadlines (shard, due_at);
        CREATE TABLE receipts (
            key         TEXT    PRIMARY KEY,
            fingerprint TEXT    NOT NULL,
            answer      BLOB,
            kept_until  INTEGER NOT NULL
        );
        CREATE INDEX receipts_kept_until ON receipts (kept_until);
        CREATE TABLE documents (
            key     TEXT    PRIMARY KEY,
            tag     INTEGER NOT NULL,
            content BLOB
        );
        """;

    /// <summary>Sets how this connection works; on the writer's, before anything is read.</summary>
    public static void Configure(SqliteConnection connection)
    {
        // FULL: the log is on disk before a commit returns. When the log is moved into the file is decided here, not by SQLite.
        // The cache is small because SQLite looks through all of it after every commit that split a page; the system caches the file as well.
        connection.Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -8192;
            PRAGMA temp_store = MEMORY;
            """);
    }

    /// <summary>Makes an empty file a journal; refuses a file that is something else, newer, or damaged where it shows cheaply.</summary>
    /// <returns>The store's number of deadline shards: the one it was made with.</returns>
    public static int Prepare(SqliteConnection connection, string path, int deadlineShards)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var empty = connection.Number("SELECT count(*) FROM sqlite_master") == 0;
            var application = connection.Number("PRAGMA application_id");
            var version = connection.Number("PRAGMA user_version");
            if (empty && application == 0 && version == 0)
            {
                connection.Execute(Tables);
                connection.Execute($"INSERT INTO store (id, deadline_shards) VALUES (1, {deadlineShards}); PRAGMA application_id = {Application}; PRAGMA user_version = {Version};");
            }
            else if (application != Application)
            {
                throw new JournalUnavailableException($"'{path}' is another application's SQLite database.");
            }
            else if (version > Version)
            {
                throw new JournalUnavailableException($"'{path}' has schema version {version}; this program knows {Version}. Use a newer program.");
            }
            else if (version == 1)
            {
                connection.Execute(From1To2);
            }

            // Reads the root pages and the ends of the tables; a full check would take as long as reading the file.
            connection.Number("SELECT (SELECT max(position) FROM events) + (SELECT count(*) FROM (SELECT 1 FROM stream_index LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM deadlines LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM receipts LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM documents LIMIT 1))");
            var shards = connection.Number("SELECT deadline_shards FROM store");
            connection.Execute("COMMIT");
            return (int)shards;
        }
        finally
        {
            connection.RollBack();
        }
    }
}
