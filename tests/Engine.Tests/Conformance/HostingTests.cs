using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;

namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class HostingTests
{
    [Fact]
    public async Task A_startup_task_can_call_grains_before_the_host_counts_as_started()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddStartupTask(async (services, _) =>
            await services.GetRequiredService<IGrainFactory>().GetGrain<IWorkGrain>("one").Note("from the startup task")));

        Assert.Equal(["from the startup task"], silo.Trace.Notes);
    }

    [Fact]
    public async Task Hosted_services_that_come_later_start_when_grains_can_be_called_and_stop_before_they_end()
    {
        await using var silo = await TestSilo.Start(builder => builder.Services.AddHostedService<Caller>());

        Assert.Equal(["started"], silo.Trace.Notes);
        await silo.Stop();
        Assert.Equal(["started", "stopping"], silo.Trace.Notes);
    }

    [Fact]
    public async Task A_silo_starts_on_any_kind_of_host_builder_and_knows_its_names()
    {
        using var host = new HostBuilder().UseOrleans((_, builder) => builder
            .UseLocalhostClustering(EngineProcess.FreePort(), EngineProcess.FreePort(), serviceId: "shop", clusterId: "blue")
            .ConfigureServices(services => services.AddSingleton<Trace>())).Build();
        await host.StartAsync();

        var names = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        Assert.Equal(("shop", "blue"), (names.ServiceId, names.ClusterId));
        await host.Services.GetRequiredService<IClusterClient>().GetGrain<IWorkGrain>("one").Note("called");
        Assert.Equal(["called"], host.Services.GetRequiredService<Trace>().Notes);
        await host.StopAsync();
    }

    private sealed class Caller(IGrainFactory grains, Trace trace) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => grains.GetGrain<IWorkGrain>("one").Note("started");

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await grains.GetGrain<IWorkGrain>("one").Counted();
            trace.Note("stopping");
        }
    }
}
