using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using SocialCommerce.Silo;

namespace SocialCommerce.Engine.Tests;

/// <summary>A silo of the chosen engine in a host of its own, with ports of its own, and the trace that its grains write.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    // More than a gate's patience: what is held there on a machine that stands still is not given up before.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromMinutes(2);

    private readonly IHost _host;
    private bool _stopped;

    private TestSilo(IHost host) => _host = host;

    public Trace Trace => _host.Services.GetRequiredService<Trace>();

    public IServiceProvider Services => _host.Services;

    public static async Task<TestSilo> Start(Action<ISiloBuilder>? configure = null)
    {
        var silo = new TestSilo(Build(builder =>
        {
            builder.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
            configure?.Invoke(builder);
        }));
        await silo._host.StartAsync();
        return silo;
    }

    public static IHost Build(Action<ISiloBuilder>? configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Trace>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(EngineProcess.FreePort(), EngineProcess.FreePort());
            SoleSilo.Configure(silo);
            configure?.Invoke(silo);
        });
        return builder.Build();
    }

    public TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(key);

    public TGrain Grain<TGrain>(GrainId id)
        where TGrain : IAddressable => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(id);

    public Task Stop()
    {
        _stopped = true;
        return _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped) await _host.StopAsync();
        _host.Dispose();
    }
}
