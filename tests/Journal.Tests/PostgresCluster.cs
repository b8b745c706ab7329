using SocialCommerce.TestSupport;

namespace SocialCommerce.Journal.Tests;

/// <summary>One server for all tests that need one; each test gets a database of its own.</summary>
public sealed class PostgresCluster : IDisposable
{
    // Started with the first use: without a server on this machine the fixture is made all the same.
    // Autovacuum's own transactions would hold up the end of the feed now and then. After a crash the server syncs every file of all these
    // databases, which takes a minute on a busy machine; Linux can do it by file system.
    private readonly Lazy<ThrowawayPostgres> _server = new(() =>
        ThrowawayPostgres.Start(["autovacuum=off", .. OperatingSystem.IsLinux() ? ["recovery_init_sync_method=syncfs"] : Array.Empty<string>()]));

    public ThrowawayPostgres Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresCluster>
{
    public const string Name = "postgres";
}
