using SocialCommerce.TestSupport;

namespace SocialCommerce.Journal.Tests;

[Collection(PostgresTests.Name)]
public sealed class PostgresJournalTests(PostgresCluster cluster) : JournalContract, INeed
{
    private string? _database;

    public static string? Missing => PostgresBinaries.Missing;

    protected override bool Durable => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue)
    {
        _database ??= cluster.Server.CreateDatabase();
        return Task.FromResult<IJournal>(PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = _database, MigrateAtStart = true, Queue = queue }));
    }
}
