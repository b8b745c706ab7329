using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace SocialCommerce.Silo.Tests.Api;

/// <summary>The engine as something with HTTP addresses, however it is run. Started once for all the facts that are run against it.</summary>
public abstract class ApiHost : IAsyncLifetime
{
    /// <summary>A key for shoppers' requests alone, beside <c>dev</c>, which may do everything.</summary>
    public const string ShopperKey = "shopper-key";

    private ShopApi? _api;

    /// <summary>Everything that callers see of it.</summary>
    public ShopApi Api => _api ?? throw new InvalidOperationException("This host can't be started here, so nobody may ask for it.");

    /// <summary>Configuration of every process, in the form of environment variables.</summary>
    protected static Dictionary<string, string> Settings => new()
    {
        ["Api__Keys__0__Name"] = "shoppers",
        ["Api__Keys__0__Sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ShopperKey))),
        ["Api__Keys__0__Scopes__0"] = "shopper",
        // Every publishing waits it out.
        ["Engine__CampaignCacheMilliseconds"] = "50",
    };

    /// <summary>The same for silos: of these none dies, so that none needs to be found dead, nor a call given up, on a machine that stands still.</summary>
    protected static Dictionary<string, string> SiloSettings => new(Settings) { ["Cluster__ProbeSeconds"] = "10" };

    /// <summary>Why it can't be started here; null when it can.</summary>
    protected abstract string? Missing { get; }

    public async Task InitializeAsync()
    {
        if (Missing is null) _api = new ShopApi(await Start());
    }

    public async Task DisposeAsync()
    {
        _api?.Dispose();
        if (Missing is null) await Stop();
    }

    protected abstract Task<IReadOnlyList<Uri>> Start();

    protected abstract Task Stop();
}

/// <summary><c>serve</c>, in this process, on whichever engine the build has.</summary>
public abstract class ServeHost : ApiHost
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("serve-");
    private WebApplication? _app;

    private protected async Task<IReadOnlyList<Uri>> Serve(string? postgres)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        // As of silos of which none dies.
        builder.Services.PostConfigure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMinutes(1));
        builder.Configuration.AddInMemoryCollection(Settings
            .Where(setting => setting.Key.StartsWith("Api__", StringComparison.Ordinal))
            .Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        var settings = new LocalSettings(Port: 0, _data.FullName, postgres, Demo: false);
        _app = LocalSilo.Build(builder, settings);
        await _app.StartAsync();
        await LocalSilo.Serve(_app, settings, TextWriter.Null);
        return [new Uri(_app.Urls.Single())];
    }

    protected override async Task Stop()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}

/// <summary><c>serve</c>: one process, one SQLite file.</summary>
public sealed class SqliteHost : ServeHost
{
    protected override string? Missing => null;

    protected override Task<IReadOnlyList<Uri>> Start() => Serve(postgres: null);
}

/// <summary><c>serve --postgres</c>: one process on PostgreSQL.</summary>
public sealed class PostgresHost : ServeHost
{
    private ThrowawayPostgres? _postgres;

    public ThrowawayPostgres Postgres => _postgres ?? throw new InvalidOperationException("The host was not started.");

    protected override string? Missing => PostgresBinaries.Missing;

    protected override Task<IReadOnlyList<Uri>> Start()
    {
        _postgres = ThrowawayPostgres.Start();
        return Serve(_postgres.CreateDatabase());
    }

    protected override async Task Stop()
    {
        await base.Stop();
        _postgres?.Dispose();
    }
}

/// <summary>Two silos with the API in each: one request goes here, the next one there.</summary>
public sealed class TwoSilosHost : ApiHost
{
    private ProcessCluster? _cluster;

    protected override string? Missing => OrleansNeed.MissingWithPostgres;

    protected override async Task<IReadOnlyList<Uri>> Start()
    {
        _cluster = await ProcessCluster.Open(typeof(LocalSilo).Assembly.Location, silos: 2, SiloSettings);
        return [.. _cluster.Silos.Select(silo => silo.Address)];
    }

    protected override async Task Stop()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}

/// <summary>The API in a process of its own, the grains in silos that serve none.</summary>
public sealed class ApiProcessHost : ApiHost
{
    private ProcessCluster? _cluster;

    /// <summary>Where the silos themselves listen.</summary>
    public IReadOnlyList<EngineProcess> Silos => _cluster!.Silos;

    protected override string? Missing => OrleansNeed.MissingWithPostgres;

    protected override async Task<IReadOnlyList<Uri>> Start()
    {
        _cluster = await ProcessCluster.Open(typeof(LocalSilo).Assembly.Location, silos: 2, SiloSettings, withApi: false);
        return [(await _cluster.StartApi()).Address];
    }

    protected override async Task Stop()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
