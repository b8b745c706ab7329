using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SocialCommerce.TestSupport;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

[Collection(PostgresTests.Name)]
public sealed class PostgresFaultTests(PostgresCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task A_crash_of_the_server_under_load_loses_and_doubles_nothing_and_appends_resume_by_themselves()
    {
        await using var journal = Open();
        var owners = new Owners(journal, 16);
        owners.Start();
        for (var crash = 0; crash < 3; crash++)
        {
            await owners.Advance(300, Patience);
            cluster.Server.Crash();
        }

        await owners.Advance(300, Patience);
        await owners.Stop();

        Assert.True(journal.Status.Writable);
        Assert.InRange(await owners.CountWritten(), owners.Acknowledged, owners.Acknowledged + owners.Faults);
    }

    [PostgresFact]
    public async Task Cut_connections_are_not_noticed_by_anybody()
    {
        await using var journal = Open();
        var owners = new Owners(journal, 16);
        owners.Start();
        for (var cut = 0; cut < 10; cut++)
        {
            await owners.Advance(100, Patience);
            await CutConnections();
        }

        await owners.Advance(100, Patience);
        await owners.Stop();

        Assert.Equal(0, owners.Faults);
        Assert.Equal(owners.Acknowledged, await owners.CountWritten());
        Assert.Equal(owners.Acknowledged, journal.Status.UnitsCommitted);
    }

    [PostgresFact]
    public async Task While_the_server_is_away_appends_are_refused_and_afterwards_they_work_again()
    {
        await using var journal = Open();
        await journal.Append(To("s", 0));
        cluster.Server.StopServer("fast");
        try
        {
            // The first one may still be on its way when the loss is found; it waits for its outcome and is told it.
            var cutOff = journal.Append(To("s", 1));
            while (journal.Status.Writable) await Task.Yield();

            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("t", 0)));
            Assert.False(refusal.OutcomeUnknown);
            Assert.Contains("PostgreSQL", journal.Status.Fault, StringComparison.Ordinal);
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Read("s"));
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Feed(FeedPosition.Start, 1));

            cluster.Server.StartServer();
            await cutOff.WaitAsync(Patience);
        }
        finally
        {
            if (!journal.Status.Writable) cluster.Server.StartServer();
        }

        await journal.Append(To("s", 2), To("t", 0));
        Assert.Equal(3, await journal.Version("s"));
    }

    [PostgresFact]
    public async Task A_database_that_has_lost_acknowledged_commits_is_not_written_to_until_the_process_is_a_new_one()
    {
        var database = cluster.Server.CreateDatabase();
        await using (var journal = Open(database, new CommitQueueOptions { OutcomePatience = TimeSpan.FromMilliseconds(100) }))
        {
            await journal.Append(To("s", 0));
            await journal.Append(To("s", 1));
            // As on a standby that had not received the last commit when it was promoted.
            await using (var server = NpgsqlDataSource.Create(database))
            {
                await using var behind = server.CreateCommand("DELETE FROM journal.events WHERE stream = 's' AND version = 2; UPDATE journal.writers SET commit_no = commit_no - 1");
                await behind.ExecuteNonQueryAsync();
            }

            await CutConnections();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 2)));

            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 2)));
            Assert.False(refusal.OutcomeUnknown);
            Assert.Contains("behind", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("(at most 1)", journal.Status.Fault, StringComparison.Ordinal);
            Assert.False(journal.Status.Writable);
            Assert.Equal(1, await journal.Version("s"));
        }

        await using var anew = Open(database);
        Assert.Equal(1, await anew.Version("s"));
        await anew.Append(To("s", 1));
        await CutConnections();
        await anew.Append(To("s", 2));
    }

    [PostgresFact]
    public async Task What_another_process_has_lost_leaves_no_gap_under_what_was_decided_on_it()
    {
        var database = cluster.Server.CreateDatabase();
        await using var journal = Open(database);
        await using (var other = Open(database)) await other.Append(To("s", 0, events: 2), To("t", 0));
        await journal.Append(To("own", 0));
        Assert.Equal((2, 1), (await journal.Version("s"), await journal.Version("t")));
        await using (var server = NpgsqlDataSource.Create(database))
        {
            await using var behind = server.CreateCommand("DELETE FROM journal.events WHERE stream = 's' AND version = 2");
            await behind.ExecuteNonQueryAsync();
        }

        await CutConnections();

        Assert.Equal(["s"], (await journal.Conflicts(Of(To("s", 2), To("t", 1)))).Streams);
        Assert.Equal(1, await journal.Version("s"));
        await journal.Append(To("s", 1), To("t", 1), To("own", 1));
        Assert.Equal((2, 2, 2), (await journal.Version("s"), await journal.Version("t"), await journal.Version("own")));
    }

    [PostgresFact]
    public async Task When_patience_ends_a_cut_off_unit_is_told_that_its_outcome_is_unknown()
    {
        await using var journal = Open(queue: new CommitQueueOptions { OutcomePatience = TimeSpan.FromMilliseconds(100) });
        await journal.Append(To("s", 0));
        cluster.Server.StopServer("immediate");
        try
        {
            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 1)));
            Assert.True(refusal.OutcomeUnknown);
        }
        finally
        {
            cluster.Server.StartServer();
        }

        while (!journal.Status.Writable) await Task.Delay(10);
        Assert.Equal(1, await journal.Version("s"));
        await journal.Append(To("s", 1));
    }

    [PostgresFact]
    public async Task A_commit_whose_process_stands_still_on_the_way_to_disk_is_told_as_it_ends_and_only_then()
    {
        var database = cluster.Server.CreateDatabase();
        await using var admin = NpgsqlDataSource.Create(database);
        // So long a commit stands between its last command and the disk, where nothing can end it.
        await using var journal = Open(database + ";Command Timeout=1;Options=-c commit_delay=100000 -c commit_siblings=0", new CommitQueueOptions { OutcomePatience = Patience });
        await journal.Append(To("s", 0));

        var writer = await Number(admin, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        var cutOff = journal.Append(To("s", 1));
        while (await Number(admin, $"SELECT count(backend_xid)::int FROM pg_stat_activity WHERE pid = {writer}") == 0) Assert.False(cutOff.IsCompleted);
        await Task.Delay(20);
        await Signal("STOP", writer);
        try
        {
            await Waiting.Until(() => Task.FromResult(!journal.Status.Writable), "the connection is given up");
            // Several tries, each of which finds the process there.
            await Task.Delay(TimeSpan.FromSeconds(8));
            Assert.False(cutOff.IsCompleted);
        }
        finally
        {
            await Signal("CONT", writer);
        }

        await cutOff.WaitAsync(Patience);
        Assert.Equal(2, await journal.Version("s"));
        await journal.Append(To("s", 2));
        Assert.Equal(3, await Number(admin, "SELECT count(*)::int FROM journal.events WHERE stream = 's'"));
    }

    [PostgresFact]
    public async Task A_server_that_is_away_is_not_tried_anew_for_every_read()
    {
        await using var journal = Open();
        await journal.Append(To("s", 0));
        cluster.Server.StopServer("immediate");
        try
        {
            using var door = new TcpListener(IPAddress.Loopback, cluster.Server.Port);
            door.Start();
            var tries = TurnAway(door);
            var started = Stopwatch.GetTimestamp();
            for (var read = 0; read < 500; read++)
            {
                var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Read("s"));
                Assert.Contains("PostgreSQL", refusal.Message, StringComparison.Ordinal);
            }

            var tenths = (int)(Stopwatch.GetElapsedTime(started) / TimeSpan.FromMilliseconds(100));
            door.Stop();
            // Npgsql knocks twice for one connection.
            Assert.InRange(await tries, 1, 2 * (tenths + 1));
        }
        finally
        {
            cluster.Server.StartServer();
        }

        await Waiting.Until(async () =>
        {
            try
            {
                return await journal.Version("s") == 1;
            }
            catch (JournalUnavailableException)
            {
                return false;
            }
        }, "the journal reads again");
    }

    [PostgresFact]
    public async Task Two_processes_that_write_at_once_leave_exactly_what_was_acknowledged()
    {
        var database = cluster.Server.CreateDatabase();
        await using var left = Open(database);
        await using var right = Open(database);
        var acknowledged = new List<(string Stream, int Version, string By)>();
        var failed = 0;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            var journal = writer % 2 == 0 ? left : right;
            var chance = new Random(writer);
            for (var n = 0; n < 60; n++)
            {
                string[] streams = [.. Enumerable.Range(0, 40).OrderBy(_ => chance.Next()).Take(3).Select(stream => $"s/{stream}")];
                var by = $"\"{writer}-{n}\"";
                var appends = new List<StreamAppend>();
                foreach (var stream in streams) appends.Add(new StreamAppend(stream, await journal.Version(stream), [Event(by)]));
                try
                {
                    await journal.Append(new JournalUnit(appends));
                    lock (acknowledged) acknowledged.AddRange(appends.Select(append => (append.Stream, append.ExpectedVersion + 1, by)));
                }
                catch (JournalConflictException conflict)
                {
                    Assert.NotEmpty(conflict.Streams);
                    Interlocked.Increment(ref failed);
                }
            }
        })));

        Assert.InRange(failed, 1, 32 * 60 - 1);
        var found = new List<(string Stream, int Version, string By)>();
        for (var stream = 0; stream < 40; stream++) found.AddRange((await left.Read($"s/{stream}")).Select(e => ($"s/{stream}", e.Version, e.Payload.Text())));
        Assert.Equal(acknowledged.Order(), found.Order());
    }

    [PostgresFact]
    public async Task A_writer_that_does_not_know_what_another_wrote_finds_conflicts_and_gaps_all_the_same()
    {
        var database = cluster.Server.CreateDatabase();
        await using var left = Open(database);
        await using var right = Open(database);
        await left.Append(To("s", 0, 2));
        await right.Append(To("s", 2, 3));

        Assert.Equal(["s"], (await left.Conflicts(Of(To("s", 2)))).Streams);
        Assert.Equal(["s"], (await left.Conflicts(Of(To("s", 6)))).Streams);
        await left.Append(To("s", 5));
        Assert.Equal(["s"], (await right.Conflicts(Of(To("s", 7)))).Streams);
        await right.Append(To("s", 6));
        Assert.Equal(7, await right.Version("s"));
    }

    [PostgresFact]
    public async Task A_consumer_of_the_feed_of_several_processes_misses_nothing_and_repeats_nothing()
    {
        const int Each = 200;
        var database = cluster.Server.CreateDatabase();
        var journals = Enumerable.Range(0, 3).Select(_ => Open(database)).ToArray();
        var consumed = new List<FeedEvent>();
        var consumer = Task.Run(async () =>
        {
            var at = FeedPosition.Start;
            while (true)
            {
                var page = await journals[2].Feed(at, 50, consumed.Count % 2 == 0 ? null : new HashSet<short> { 1 });
                consumed.AddRange(page.Events);
                at = page.Next;
                if (consumed.Count >= 24 * Each) return;
                if (page.AtEnd) await journals[2].WaitForFeed(at, Patience);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++) await journals[writer % 3].Append(To($"w/{writer}", n), To($"w/{writer}/{n}", 0));
        })));
        await consumer.WaitAsync(Patience);

        Assert.Equal(24 * Each, consumed.Select(e => (e.Stream, e.Version)).Distinct().Count());
        Assert.Equal(24 * Each, consumed.Count);
        for (var writer = 0; writer < 12; writer++) Assert.Equal(Enumerable.Range(1, Each), consumed.Where(e => e.Stream == $"w/{writer}").Select(e => e.Version));
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [PostgresFact]
    public async Task The_feed_waits_for_older_transactions_so_that_it_never_skips_their_events()
    {
        var database = cluster.Server.CreateDatabase();
        await using var journal = Open(database);
        await journal.Append(To("a", 0));
        var end = (await journal.Feed(FeedPosition.Start, 10)).Next;
        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync();
        await using var older = await other.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO journal.events (epoch, place, version, kind, stream, payload) VALUES (pg_current_xact_id()::text::bigint, 1, 1, 1, 'older', '{}')", other);
        await insert.ExecuteNonQueryAsync();

        await journal.Append(To("younger", 0));
        Assert.Empty((await journal.Feed(end, 10)).Events);
        var wait = journal.WaitForFeed(end, Patience);
        await older.CommitAsync();

        await wait;
        Assert.Equal(["older", "younger"], (await journal.Feed(end, 10)).Events.Select(e => e.Stream));
    }

    private static async Task<int> Number(NpgsqlDataSource database, string query)
    {
        await using var command = database.CreateCommand(query);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Signal(string name, int process)
    {
        using var kill = Process.Start("kill", ["-" + name, process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <returns>How many came to the door until it was stopped.</returns>
    private static async Task<int> TurnAway(TcpListener door)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var guest = await door.AcceptSocketAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return tries;
            }
        }
    }

    private async Task CutConnections()
    {
        await using var admin = NpgsqlDataSource.Create(cluster.Server.AdminConnectionString);
        await using var terminate = admin.CreateCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'journal%'");
        await terminate.ExecuteNonQueryAsync();
    }

    private PostgresJournal Open(string? database = null, CommitQueueOptions? queue = null) => PostgresJournal.Open(new PostgresJournalOptions
    {
        ConnectionString = database ?? cluster.Server.CreateDatabase(),
        MigrateAtStart = true,
        Queue = queue ?? new CommitQueueOptions(),
    });
}
