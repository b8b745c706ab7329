using SocialCommerce.TestSupport;

namespace SocialCommerce.Journal.Tests;

/// <summary>One server for all tests that need one; each test gets a database of its own.</summary>
public sealed class PostgresCluster : IDisposable
{
    // Started with the first use: without a server on this machine the fixture is made all the same.
    // Autovacuum's own transactions would hold up the end of the feed now and then.
    private readonly Lazy<ThrowawayPostgres> _server = new(() => ThrowawayPostgres.Start("autovacuum=off"));

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
