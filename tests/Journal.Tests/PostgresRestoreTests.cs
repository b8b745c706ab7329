using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SocialCommerce.TestSupport;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

/// <summary>The way that the runbook tells: a dump of a running server, restored into a new one, and on.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresRestoreTests(PostgresCluster cluster)
{
    private const int Streams = 40;

    [PostgresFact]
    public async Task A_dump_restored_into_a_new_server_goes_on_where_it_was_taken()
    {
        var old = cluster.Server.CreateDatabase();
        await using var oldDatabase = NpgsqlDataSource.Create(old);
        PostgresSchema.Migrate(oldDatabase);
        await GrowTransactionIds(oldDatabase);
        using var folder = new TempFolder();
        var dump = folder.File("journal.dump");

        IReadOnlyList<FeedEvent> before;
        FeedPosition halfway;
        await using (var journal = Open(old))
        {
            for (var n = 0; n < Streams; n++) await journal.Append(Of(To($"s/{n}", 0, events: 3).Due(Noon)).With($"key {n}"));
            await journal.Documents.Write("document", "content"u8.ToArray(), null);
            before = await ReadToEnd(journal, FeedPosition.Start, Streams * 3);
            halfway = before[(Streams * 3 / 2) - 1].Position;
            // As it is made in earnest: the engine goes on meanwhile.
            Run("pg_dump", old, "--format=custom", "--schema=journal", "--file=" + dump);
            await journal.Append(To("s/0", 3));
        }

        using var newServer = ThrowawayPostgres.Start("autovacuum=off");
        var restored = newServer.CreateDatabase();
        await using var newDatabase = NpgsqlDataSource.Create(restored);
        Run("pg_restore", restored, "--no-owner", "--single-transaction", "--exit-on-error", dump);

        // A new server counts its transactions from the beginning, so what it wrote would come before what was read long ago.
        Assert.Contains("restored", Assert.Single(PostgresSchema.Check(newDatabase)), StringComparison.Ordinal);
        Assert.Throws<JournalUnavailableException>(() => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = restored }));

        PostgresSchema.Migrate(newDatabase);

        Assert.Empty(PostgresSchema.Check(newDatabase));
        await using var goesOn = Open(restored);
        Assert.Equal(before.Select(Told), (await ReadToEnd(goesOn, FeedPosition.Start, Streams * 3)).Select(Told));
        Assert.Equal(3, await goesOn.Version("s/0"));
        Assert.Equal("answer to key 7", (await goesOn.FindReceipt("key 7"))!.Answer.Text());
        Assert.Equal("content", (await goesOn.Documents.Find("document"))!.Content.Text());
        Assert.Equal(Streams, await CountDue(goesOn));

        // A receipt is as taken as it was, and what is new comes after all that is old: also for a consumer who had read half.
        await goesOn.Conflicts(Of(To("s/other", 0)).With("key 7"));
        await goesOn.Append(To("s/0", 3).NoLongerDue(), To("s/new", 0));
        var rest = await ReadToEnd(goesOn, halfway, (Streams * 3 / 2) + 2);
        Assert.Equal(before.Skip(Streams * 3 / 2).Select(Told).Concat(["s/0:4", "s/new:1"]), rest.Select(Told));
        Assert.Equal(Streams - 1, await CountDue(goesOn));
    }

    private static PostgresJournal Open(string connection) => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = connection });

    private static string Told(FeedEvent happened) => string.Create(CultureInfo.InvariantCulture, $"{happened.Stream}:{happened.Version}");

    /// <summary>An old server is ahead of a new one by all the transactions of its life.</summary>
    private static async Task GrowTransactionIds(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        for (var n = 0; n < 2_000; n++)
        {
            await using var command = new NpgsqlCommand("SELECT pg_current_xact_id()::text", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The feed follows a commit when older transactions have ended, so it is read until it has what must be there.</summary>
    private static async Task<IReadOnlyList<FeedEvent>> ReadToEnd(PostgresJournal journal, FeedPosition after, int expected)
    {
        var events = new List<FeedEvent>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var page = await journal.Feed(after, 50);
            events.AddRange(page.Events);
            after = page.Next;
            if (page.AtEnd && events.Count >= expected) return events;
            if (page.AtEnd) await journal.WaitForFeed(after, TimeSpan.FromSeconds(5), patience.Token);
        }
    }

    private static async Task<int> CountDue(PostgresJournal journal)
    {
        var due = 0;
        for (var shard = 0; shard < journal.DeadlineShards; shard++) due += (await journal.Due(shard, Noon, Streams + 1)).Count;
        return due;
    }

    private static void Run(string program, string connection, params string[] arguments)
    {
        var database = new NpgsqlConnectionStringBuilder(connection);
        string[] where = ["--host", database.Host!, "--port", database.Port.ToString(CultureInfo.InvariantCulture), "--username", database.Username!, "--dbname", database.Database!];
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(PostgresBinaries.Folder, program), [.. where, .. arguments]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors}");
    }
}
