using Microsoft.Extensions.DependencyInjection.Extensions;
using SocialCommerce.Api;
using SocialCommerce.Grains;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>One silo of a cluster, with the API beside the grains unless told otherwise.</summary>
internal static class SiloCommand
{
    private const string Usage = "socialcommerce silo [--port N] [--silo-port N] [--gateway-port N] [--no-api] [--demo]";

    // For a pause to hold everywhere soon, and for a read to be saved on nearly every command.
    internal const int CampaignCacheMillisecondsDefault = 500;

    // One small read a second at most for each grain that is looked at.
    internal const int ConfirmMillisecondsDefault = 1_000;

    public static async Task<int> Run(string[] args)
    {
        var arguments = new Arguments(args, ["--port", "--silo-port", "--gateway-port"], ["--no-api", "--demo"]);
        var port = arguments.Whole("--port", 1, 65_535);
        var siloPort = arguments.Whole("--silo-port", 1, 65_535);
        var gatewayPort = arguments.Whole("--gateway-port", 1, 65_535);
        arguments.ThrowIfFaulty(Usage);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var settings = ClusterSettingsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        settings = settings with { SiloPort = siloPort ?? settings.SiloPort, GatewayPort = gatewayPort ?? settings.GatewayPort };
        var app = Build(builder, settings, port, withApi: !arguments.Has("--no-api"));
        await AtStart.Serve(app, async () =>
        {
            await app.Services.GetRequiredService<ShardWatch>().First.WaitAsync(app.Lifetime.ApplicationStopping);
            if (arguments.Has("--demo") && app.Environment.IsDevelopment())
            {
                var now = app.Services.GetRequiredKeyedService<TimeProvider>(Clock.Domain).GetUtcNow();
                await AtStart.Ask(() => DemoCampaigns.Publish(app.Services.GetRequiredService<IGrainFactory>(), now));
            }

            app.Services.GetRequiredService<SiloReadiness>().Ready();
            Console.WriteLine($"silo {settings.AdvertisedAddress}:{settings.SiloPort} of {settings.ClusterId} serves at {string.Join(", ", app.Urls)}");
        });
        return 0;
    }

    /// <summary>Wires the silo; nothing listens yet.</summary>
    internal static WebApplication Build(WebApplicationBuilder builder, ClusterSettings settings, int? port, bool withApi)
    {
        ProcessWiring.SetUp(builder);
        ProcessWiring.Listen(builder, port);
        builder.Services.Configure<EngineOptions>(options =>
            (options.CampaignCacheMilliseconds, options.ConfirmMilliseconds) = (CampaignCacheMillisecondsDefault, ConfirmMillisecondsDefault));
        ProcessWiring.AddGrains(builder, shareKey: null, cluster: true);
        builder.Services.AddPostgresJournal(settings.ConnectionString);
        Clusters.AddSilo(builder, settings);
        builder.Services.AddSingleton<ShardWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ShardWatch>());
        ProcessWiring.AddDrain(builder, settings, services => services.GetRequiredService<SiloReadiness>().Stopping);
        builder.AddSocialCommerceApi();
        ProcessWiring.AddReadiness(builder.Services);
        var app = builder.Build();
        if (settings.Dashboard) DashboardDoor.Map(app, () => Clusters.MapDashboard(app, DashboardDoor.Path));
        if (withApi) app.MapSocialCommerceApi();
        else app.MapSocialCommerceOperations();
        return app;
    }
}
