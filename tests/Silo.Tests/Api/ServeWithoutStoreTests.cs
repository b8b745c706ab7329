namespace SocialCommerce.Silo.Tests.Api;

/// <summary>Alone in the process: the pool of threads is everybody's, and other hosts change it, too, when their store keeps them waiting.</summary>
[CollectionDefinition(nameof(ServeWithoutStoreTests), DisableParallelization = true)]
public sealed class ServeWithoutStore;

/// <summary><c>serve --postgres</c> whose server goes away and comes back, on a host of its own.</summary>
[Collection(nameof(ServeWithoutStoreTests))]
public sealed class ServeWithoutStoreTests : IAsyncLifetime
{
    private readonly int _workers = Workers();
    private readonly PostgresHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [PostgresFact]
    public async Task It_is_not_ready_while_the_store_is_away_though_nobody_writes()
    {
        await ApiSuite.Ready(_host.Api);

        _host.Postgres.StopServer("immediate");
        await Waiting.Until(
            () => _host.Api.Get("/health/ready"),
            reply => reply.Status == 503 && reply.Text.Contains("PostgreSQL", StringComparison.Ordinal),
            "ready says that the store is away");
        Assert.Equal(200, (await _host.Api.Get("/health/live")).Status);
        await Waiting.Until(() => Task.FromResult(Workers() > _workers), "there are threads for those that wait for the store");

        _host.Postgres.StartServer();
        await ApiSuite.Ready(_host.Api);
        await Waiting.Until(() => Task.FromResult(Workers() == _workers), "the pool of threads is as it was");
    }

    private static int Workers()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }
}
