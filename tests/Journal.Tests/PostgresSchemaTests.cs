using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SocialCommerce.TestSupport;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

[Collection(PostgresTests.Name)]
public sealed class PostgresSchemaTests(PostgresCluster cluster)
{
    [PostgresFact]
    public void A_database_without_the_schema_is_told_so()
    {
        using var database = NpgsqlDataSource.Create(cluster.Server.CreateDatabase());

        Assert.Contains("missing", Assert.Single(PostgresSchema.Check(database)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Migrating_may_be_repeated_and_done_by_several_at_once()
    {
        await using var database = NpgsqlDataSource.Create(cluster.Server.CreateDatabase());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PostgresSchema.Migrate(database, 5))));
        PostgresSchema.Migrate(database, 7);

        Assert.Empty(PostgresSchema.Check(database));
        await using var journal = PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = database.ConnectionString });
        Assert.Equal(5, journal.DeadlineShards);
    }

    [PostgresFact]
    public async Task Every_fault_of_the_schema_is_named()
    {
        await using var database = NpgsqlDataSource.Create(cluster.Server.CreateDatabase());
        PostgresSchema.Migrate(database);
        await Execute(database, "ALTER TABLE journal.receipts DROP COLUMN fingerprint; DROP INDEX journal.events_feed; DROP TABLE journal.documents");

        var faults = PostgresSchema.Check(database);

        foreach (var missing in new[] { "receipts.fingerprint", "events_feed", "documents.tag", "documents_pkey" })
        {
            Assert.Contains(faults, fault => fault.Contains(missing, StringComparison.Ordinal));
        }

        var refusal = Assert.Throws<JournalUnavailableException>(() => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = database.ConnectionString }));
        Assert.Contains("events_feed", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_newer_schema_is_refused()
    {
        await using var database = NpgsqlDataSource.Create(cluster.Server.CreateDatabase());
        PostgresSchema.Migrate(database);
        await Execute(database, "UPDATE journal.store SET schema_version = 2");

        Assert.Contains("version 2", Assert.Single(PostgresSchema.Check(database)), StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Throws<JournalUnavailableException>(() => PostgresSchema.Migrate(database)).Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void A_server_that_does_not_write_through_is_refused_unless_allowed()
    {
        var unsafeConnection = cluster.Server.CreateDatabase() + ";Options=-c synchronous_commit=off";

        var refusal = Assert.Throws<JournalUnavailableException>(() => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = unsafeConnection, MigrateAtStart = true }));

        Assert.Contains("synchronous_commit is off", refusal.Message, StringComparison.Ordinal);
        using var database = NpgsqlDataSource.Create(unsafeConnection);
        Assert.Empty(PostgresSchema.Check(database, allowUnsafeDurability: true));
    }

    [PostgresFact]
    public void A_server_that_is_not_there_is_told_in_one_line()
    {
        var refusal = Assert.Throws<JournalUnavailableException>(() => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2" }));

        Assert.Contains("can't be reached", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    // Appends are refused after five seconds; before the start nobody waits for one.
    [Fact]
    public void A_start_waits_for_a_server_that_stands_still_as_long_as_the_connection_string_says()
    {
        using var still = new TcpListener(IPAddress.Loopback, 0);
        still.Start();
        var connection = $"Host=127.0.0.1;Port={((IPEndPoint)still.LocalEndpoint).Port};Username=nobody;Timeout=7";
        var started = Stopwatch.GetTimestamp();

        Assert.Throws<JournalUnavailableException>(() => PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = connection }));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(6.5), TimeSpan.FromSeconds(60));
    }

    [PostgresFact]
    public async Task Data_restored_onto_a_server_with_younger_transactions_goes_on_in_order()
    {
        var connection = cluster.Server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connection);
        PostgresSchema.Migrate(database);
        // As a dump of an old server leaves it: epochs that this server's transactions have not reached.
        await Execute(database, "INSERT INTO journal.events (epoch, place, version, kind, stream, payload) SELECT 9000000000 + n, 1, n, 1, 'old', '{}' FROM generate_series(1, 3) n");
        Assert.Contains("restored", Assert.Single(PostgresSchema.Check(database)), StringComparison.Ordinal);

        PostgresSchema.Migrate(database);

        Assert.Empty(PostgresSchema.Check(database));
        await using var journal = PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = connection });
        var restored = await journal.Feed(FeedPosition.Start, 10);
        Assert.Equal(3, restored.Events.Count);
        await journal.Append(To("old", 3), To("new", 0));
        Assert.Equal(["old", "new"], (await journal.Feed(restored.Next, 10)).Events.Select(e => e.Stream));
    }

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
