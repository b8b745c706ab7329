namespace SocialCommerce.Silo.Tests.Database;

/// <summary>One server for all facts about databases, started with the first that needs one.</summary>
public sealed class DatabaseServer : IDisposable
{
    private readonly Lazy<ThrowawayPostgres> _server = new(() => ThrowawayPostgres.Start());

    public ThrowawayPostgres Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class DatabaseTests : ICollectionFixture<DatabaseServer>
{
    public const string Name = "databases";
}
