using SQLitePCL;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

/// <summary>The whole contract with an index that is always a few events behind.</summary>
public sealed class SqliteMovingTests : JournalContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override bool Durable => true;
    protected override bool SparesReads => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue) =>
        Task.FromResult<IJournal>(SqliteJournal.Open(new SqliteJournalOptions { Path = _folder.File("journal.db"), Queue = queue, IndexEvery = 5 }));

    public void Dispose() => _folder.Dispose();
}

/// <summary>The whole contract where every stream shares its hash with many others.</summary>
public sealed class SqliteMeetingTests : JournalContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override bool Durable => true;
    protected override bool SparesReads => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue) => Task.FromResult<IJournal>(SqliteJournal.Open(
        new SqliteJournalOptions { Path = _folder.File("journal.db"), Queue = queue, IndexEvery = 20, HashOf = HashOf }));

    // All that are asked for in vain keep their own: that they are not there is known.
    private static long HashOf(string name) => name.StartsWith("no", StringComparison.Ordinal) ? StreamHash.Of(name) : StreamHash.Of(name) % 2;

    public void Dispose() => _folder.Dispose();
}

/// <summary>The index by stream, which is behind the commits.</summary>
public sealed class SqliteIndexTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.File("journal.db");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public async Task Streams_are_whole_at_every_step_of_the_way_into_the_index(int indexEvery)
    {
        var chance = new Random(indexEvery);
        var versions = new int[12];
        for (var opening = 0; opening < 4; opening++)
        {
            await using var journal = Open(indexEvery);
            for (var step = 0; step < 150; step++)
            {
                var stream = chance.Next(versions.Length);
                var count = chance.Next(1, 4);
                await journal.Append(To($"s/{stream}", versions[stream], count));
                versions[stream] += count;
                var looked = chance.Next(versions.Length);
                await Whole(journal, looked, after: chance.Next(versions[looked] + 1), limit: chance.Next(1, 9));
            }

            for (var stream = 0; stream < versions.Length; stream++) await Whole(journal, stream, after: 0, limit: int.MaxValue);
        }

        // Everything but the last few is in the index, once, and under its stream.
        Execute(connection =>
        {
            var events = Number(connection, "SELECT count(*) FROM events");
            Assert.Equal(versions.Sum(), events);
            Assert.InRange(Number(connection, "SELECT count(*) FROM stream_index"), events - (3 * indexEvery) - 20, events);
            Assert.Equal(0, Number(connection, "SELECT count(*) FROM stream_index AS i LEFT JOIN events AS e USING (position) WHERE e.version IS NOT i.version"));
            Assert.Equal(0, Number(connection, "SELECT count(*) FROM events WHERE position <= (SELECT indexed_to FROM store) AND position NOT IN (SELECT position FROM stream_index)"));
            Assert.True(Number(connection, "SELECT indexed_to FROM store") > 0);
        });

        async Task Whole(SqliteJournal journal, int stream, int after, int limit)
        {
            var read = await journal.Read($"s/{stream}", after, limit);
            Assert.Equal(Enumerable.Range(after + 1, (int)Math.Min(versions[stream] - after, (long)limit)), read.Select(e => e.Version));
            Assert.All(read, e => Assert.Equal($$"""{"to":"s/{{stream}}","version":{{e.Version}}}""", e.Payload.Text()));
        }
    }

    [Fact]
    public async Task Readers_beside_the_writer_miss_nothing_that_was_acknowledged()
    {
        const int streams = 6;
        await using var journal = Open(indexEvery: 50);
        var acknowledged = new int[streams];
        var ended = false;
        var readers = Enumerable.Range(0, streams).Select(stream => Task.Run(async () =>
        {
            var reads = 0;
            for (; !Volatile.Read(ref ended); reads++)
            {
                var known = Volatile.Read(ref acknowledged[stream]);
                var read = await journal.Read($"s/{stream}");
                Assert.True(read.Count >= known, $"{read.Count} events were read, {known} were acknowledged.");
                Assert.Equal(Enumerable.Range(1, read.Count), read.Select(e => e.Version));
            }

            return reads;
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Task.Run(async () =>
        {
            for (var version = 0; version < 400; version++)
            {
                await journal.Append(To($"s/{stream}", version));
                Volatile.Write(ref acknowledged[stream], version + 1);
            }
        })));
        Volatile.Write(ref ended, true);
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_stays_on_its_state_of_the_file_does_not_keep_the_log_from_beginning_anew(bool readsOn)
    {
        const int asleep = 200;
        await using (var before = Open(indexEvery: 10))
        {
            for (var stream = 0; stream < asleep; stream++) await before.Append(To($"asleep/{stream}", 0));
        }

        await using var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = File, CheckpointPages = 100 });
        var ended = false;
        var reader = Task.Run(async () =>
        {
            for (var stream = 0; !Volatile.Read(ref ended); stream = (stream + 1) % asleep)
            {
                Assert.Single(await journal.Read($"asleep/{stream}"));
                if (!readsOn) break;
            }
        });
        long longest = 0;
        for (var version = 0; version < 1_500; version++)
        {
            await journal.Append(To("busy", version));
            longest = Math.Max(longest, new FileInfo(File + "-wal").Length);
        }

        Volatile.Write(ref ended, true);
        await reader;
        // A commit writes several pages of 4 kB: in all, far more than this.
        Assert.InRange(longest, 1, 1_000 * 4_096);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(4)]
    [InlineData(1)]
    public void A_version_is_written_once_whatever_the_writer_believes(int indexEvery)
    {
        // Its versions go up and up: some lie in the index by now, some don't.
        using var connection = new SqliteConnection(File, create: true, TimeSpan.FromSeconds(1));
        var options = new SqliteJournalOptions { Path = File, IndexEvery = indexEvery };
        SqliteSchema.Configure(connection);
        SqliteSchema.Prepare(connection, File, 1);
        using var store = new SqliteBatchStore(connection, options, 1, new RecentEvents(indexEvery));
        for (var version = 0; version < 20; version++) store.Commit([new PendingUnit(Of(To("s/1", version), To($"other/{version}", 0)))]);

        for (var version = 0; version < 20; version++)
        {
            Assert.Throws<KeyTakenException>(() => store.Commit([new PendingUnit(Of(To($"new/{version}", 0))), new PendingUnit(Of(To("s/1", version)))]));
            Assert.Throws<KeyTakenException>(() => store.Commit([new PendingUnit(Of(To($"other/{version}", 0)))]));
            Assert.Equal(0, store.Ask([$"new/{version}"], []).Heads[$"new/{version}"]);
        }

        store.Commit([new PendingUnit(Of(To("s/1", 20)))]);
        Assert.Equal(21, store.Ask(["s/1"], []).Heads["s/1"]);
        Assert.Equal(41, connection.Number("SELECT count(*) FROM events"));
    }

    [Theory]
    [InlineData("told, written")]
    [InlineData("written, told")]
    [InlineData("written, told, moved")]
    [InlineData("written, moved, told")]
    public void What_a_reader_saw_counts_only_as_long_as_nothing_can_have_come_since(string order)
    {
        const int indexEvery = 4;
        using var connection = new SqliteConnection(File, create: true, TimeSpan.FromSeconds(1));
        SqliteSchema.Configure(connection);
        SqliteSchema.Prepare(connection, File, 1);
        var recent = new RecentEvents(indexEvery);
        using var store = new SqliteBatchStore(connection, new SqliteJournalOptions { Path = File, IndexEvery = indexEvery }, 1, recent);
        store.Commit([new PendingUnit(Of(To("s/1", 0)))]);
        MoveAll();

        // A reader saw version 1, and tells so sooner or later.
        var dropped = recent.Dropped;
        foreach (var step in order.Split(", "))
        {
            if (step == "told") recent.Read("s/1", 1, dropped);
            else if (step == "written") store.Commit([new PendingUnit(Of(To("s/1", 1)))]);
            else MoveAll();
        }

        Assert.Throws<KeyTakenException>(() => store.Commit([new PendingUnit(Of(To("s/1", 1)))]));
        MoveAll();
        recent.Read("s/1", 2, recent.Dropped);
        store.Commit([new PendingUnit(Of(To("s/1", 2)))]);
        Assert.Equal(3, store.Ask(["s/1"], []).Heads["s/1"]);

        void MoveAll()
        {
            for (var (until, i) = (recent.Dropped + 2, 0); recent.Dropped < until; i++) store.Commit([new PendingUnit(Of(To($"filler/{until}/{i}", 0)))]);
        }
    }

    [Fact]
    public async Task A_file_of_the_version_before_is_taken_over_whole()
    {
        Execute(connection =>
        {
            Run(connection, """
                CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), deadline_shards INTEGER NOT NULL, last_tag INTEGER NOT NULL DEFAULT 0, recoveries INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, kind INTEGER NOT NULL, payload TEXT NOT NULL, UNIQUE (stream, version));
                CREATE TABLE deadlines (stream TEXT PRIMARY KEY, shard INTEGER NOT NULL, due_at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX deadlines_due ON deadlines (shard, due_at);
                CREATE TABLE receipts (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer BLOB, kept_until INTEGER NOT NULL);
                CREATE INDEX receipts_kept_until ON receipts (kept_until);
                CREATE TABLE documents (key TEXT PRIMARY KEY, tag INTEGER NOT NULL, content BLOB);
                INSERT INTO store (id, deadline_shards) VALUES (1, 3);
                WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 499)
                INSERT INTO events (stream, version, kind, payload) SELECT 's/' || (i % 7), 1 + i / 7, 5, '{"i":' || i || '}' FROM n;
                INSERT INTO deadlines VALUES ('s/3', 1, 1000);
                PRAGMA application_id = 1396918833;
                PRAGMA user_version = 1;
                """);
        });

        for (var opening = 0; opening < 2; opening++)
        {
            await using var journal = Open(indexEvery: 30);
            Assert.Equal(3, journal.DeadlineShards);
            Assert.Single(await journal.Due(1, Noon, 10));
            var feed = (await journal.Feed(FeedPosition.Start, 1_000)).Events;
            Assert.Equal(500 + opening, feed.Count);
            for (var i = 0; i < 500; i++)
                Assert.Equal(($"s/{i % 7}", 1 + (i / 7), $$"""{"i":{{i}}}"""), (feed[i].Stream, feed[i].Version, feed[i].Payload.Text()));
            for (var stream = 0; stream < 7; stream++)
            {
                var read = await journal.Read($"s/{stream}");
                Assert.Equal(Enumerable.Range(0, read.Count).Select(n => n + 1), read.Select(e => e.Version));
                Assert.Equal((stream < 3 ? 72 : 71) + (stream == 6 ? opening : 0), read.Count);
            }

            await journal.Conflicts(new JournalUnit(To("s/1", 10)));
            await journal.Append(To("s/6", 71 + opening));
        }
    }

    [Fact]
    public void A_stream_has_the_hash_that_it_had()
    {
        // Stored in every file.
        Assert.Equal((-7883755325140891393L, -349684628531060654L), (StreamHash.Of("shopper/alice"), StreamHash.Of("bargain/b_1")));
        long[] hashes = [long.MinValue + 1, -1, 0, 1, long.MaxValue];
        Assert.Equal(hashes, hashes.Select(IndexedStream.Name).Order(StringComparer.Ordinal).Select(IndexedStream.Hash));
    }

    public void Dispose() => _folder.Dispose();

    private SqliteJournal Open(int indexEvery) => SqliteJournal.Open(new SqliteJournalOptions { Path = File, IndexEvery = indexEvery });

    private void Execute(Action<sqlite3> work)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(File, out var connection));
        try
        {
            work(connection);
        }
        finally
        {
            raw.sqlite3_close_v2(connection);
        }
    }

    private static void Run(sqlite3 connection, string sql) => Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(connection, sql));

    private static long Number(sqlite3 connection, string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(connection, sql, out var statement));
        using (statement)
        {
            Assert.Equal(raw.SQLITE_ROW, raw.sqlite3_step(statement));
            return raw.sqlite3_column_int64(statement, 0);
        }
    }
}
