namespace SocialCommerce.Silo.Tests.Api;

/// <summary><c>serve --postgres</c> whose server goes away and comes back, on a host of its own.</summary>
public sealed class ServeWithoutStoreTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [PostgresFact]
    public async Task It_is_not_ready_while_the_store_is_away_though_nobody_writes()
    {
        Assert.Equal(200, (await _host.Api.Get("/health/ready")).Status);
        var workers = Workers();

        _host.Postgres.StopServer("immediate");
        await Waiting.Until(async () => (await _host.Api.Get("/health/ready")).Status == 503, "ready says that the store is away");
        Assert.Contains("PostgreSQL", (await _host.Api.Get("/health/ready")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _host.Api.Get("/health/live")).Status);
        await Waiting.Until(() => Task.FromResult(Workers() > workers), "there are threads for those that wait for the store");

        _host.Postgres.StartServer();
        await Waiting.Until(async () => (await _host.Api.Get("/health/ready")).Status == 200, "ready says that the store is back");
        await Waiting.Until(() => Task.FromResult(Workers() == workers), "the pool of threads is as it was");
    }

    private static int Workers()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }
}
