using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo;
using SocialCommerce.Engine.Tests.Conformance;

namespace SocialCommerce.Engine.Tests.EmbeddedOnly;

public interface INobodysGrain : IGrainWithStringKey;

public sealed class ClearErrorTests
{
    [Fact]
    public async Task An_interface_that_two_classes_implement_names_both()
    {
        await using var silo = await TestSilo.Start();

        var error = Assert.Throws<ArgumentException>(() => silo.Grain<IWork>("one"));

        Assert.Contains(nameof(WorkGrain), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ReentrantGrain), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_no_class_implements_is_named()
    {
        await using var silo = await TestSilo.Start();

        var error = Assert.Throws<ArgumentException>(() => silo.Grain<INobodysGrain>("one"));

        Assert.Contains(nameof(INobodysGrain), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_without_its_storage_names_both()
    {
        await using var silo = await TestSilo.Start();

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => silo.Grain<INoteGrain>("one").Read());

        Assert.Contains("\"store\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"note\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_are_refused_before_the_start_and_after_the_stop()
    {
        using var host = TestSilo.Build(null);
        var grain = host.Services.GetRequiredService<IClusterClient>().GetGrain<IWorkGrain>("one");

        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Counted);
        await host.StartAsync();
        Assert.Equal(0, await grain.Counted());
        await host.StopAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Counted);
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_keep_the_silo_from_stopping()
    {
        await using var silo = await TestSilo.Start(builder => builder
            .Configure<EmbeddedSiloOptions>(options => options.DrainTimeout = TimeSpan.FromMilliseconds(50))
            .Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromMilliseconds(50)));
        var held = silo.Grain<ILifeGrain>("stuck").Hold("gate");
        await silo.Grain<ILifeGrain>("free").Number();
        await silo.Trace.Noted("in:gate");

        await silo.Stop();

        await silo.Trace.Noted("ended 1: ShuttingDown");
        Assert.Equal(0, silo.Trace.Count("out:gate"));
        silo.Trace.Open("gate");
        await held;
    }

    [Fact]
    public async Task A_long_queue_of_short_requests_does_not_exhaust_the_stack()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("one");
        var held = grain.Hold("gate");
        await silo.Trace.Noted("in:gate");

        var calls = Enumerable.Range(0, 50_000).Select(_ => grain.Counted()).ToArray();
        silo.Trace.Open("gate");

        await Task.WhenAll([held, .. calls]);
    }
}
