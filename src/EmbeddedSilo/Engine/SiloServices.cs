using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>Puts a silo's services into a container.</summary>
internal static class SiloServices
{
    /// <summary>May be repeated; there is one silo in a container.</summary>
    public static ISiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.All(service => service.ServiceType != typeof(Silo)))
        {
            services.AddLogging();
            services.AddOptions();
            services.TryAddSingleton(TimeProvider.System);

            // Orleans asks for the clock of each of its areas by a key; whoever sets none gets the common one.
            services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, _) => provider.GetRequiredService<TimeProvider>());
            services.AddSingleton<SiloOptions>();
            services.AddSingleton<Silo>();
            services.AddSingleton<IdleCollector>();
            services.AddSingleton<MemoryShedder>();
            services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
            services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
            services.AddScoped<IGrainContext>(static _ =>
                Activation.Current ?? throw new InvalidOperationException("There is a grain context in a grain's turns only."));
            services.AddHostedService<SiloHostedService>();
        }

        return new Builder(services, configuration);
    }

    private sealed record Builder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
