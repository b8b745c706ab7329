using Orleans.Configuration;
using Orleans.Dashboard;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>What makes a process a silo or a client of an Orleans cluster whose membership, reminders and grain state are in PostgreSQL.</summary>
internal static class Clusters
{
    private const string Invariant = "Npgsql";

    // A gateway that stands still is asked on until its death is read from the table.
    private static readonly TimeSpan GatewayRefreshPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    /// <summary>Adds the silo; its grains are those of this process.</summary>
    public static void AddSilo(WebApplicationBuilder builder, ClusterSettings settings)
    {
        // Before the silo, whose start ends when it has joined: it may wait for the dead whom only these will bury.
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StaleSilos>(services, settings));
        builder.Services.AddHostedService<MembershipLog>();
        builder.UseOrleans(silo => Configure(silo, settings));
    }

    private static void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        silo.Configure<ClusterOptions>(options => SetNames(options, settings));
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, ConnectionStringOf(settings)));
        silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, ConnectionStringOf(settings)));
        silo.AddAdoNetGrainStorage(GrainsRegistration.SnapshotStore, options => (options.Invariant, options.ConnectionString) = (Invariant, ConnectionStringOf(settings)));
        var isLocal = System.Net.IPAddress.IsLoopback(settings.AdvertisedAddress);
        silo.ConfigureEndpoints(settings.AdvertisedAddress, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !isLocal);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(settings.ProbeSeconds);
            // Nobody votes against a silo that was heard of within three of these, however many probes it has missed; four times as long, as
            // Orleans has it, are 24 s for which the grains of a machine without power would not answer (adr/0007).
            options.MaxProbeTimeout = options.ProbeTimeout;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            // A silo that was killed leaves a row behind; nobody needs it for longer than it takes to look into what happened.
            options.DefunctSiloExpiration = TimeSpan.FromDays(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        });
        silo.Configure<SiloOptions>(options => options.SiloName = $"{Environment.MachineName}-{settings.SiloPort}");
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = settings.ResponseTimeout);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.MemoryUsageLimitPercentage = settings.MemoryPercent;
            options.MemoryUsageTargetPercentage = settings.MemoryPercent * 0.9;
        });
        ShardPlacement.Configure(silo);
        silo.AddActivityPropagation();
        if (settings.Tls is { } tls) silo.UseTls(options => ClusterTls.Set(options, tls));
        if (settings.Dashboard) silo.AddDashboard();
    }

    /// <summary>Adds the client; every grain lives elsewhere.</summary>
    public static void AddClient(WebApplicationBuilder builder, ClusterSettings settings)
    {
        var readiness = new ClientReadiness();
        builder.Services.AddSingleton(readiness);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => SetNames(options, settings));
            client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, ConnectionStringOf(settings)));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = settings.ResponseTimeout);
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefreshPeriod);
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                // Silos may come up later than their clients; who waits for this process sees it in its probes.
                await Task.Delay(ConnectPause, cancellation);
                return true;
            });
            client.AddGatewayCountChangedHandler((_, change) => readiness.Gateways(change.NumberOfConnectedGateways));
            client.AddActivityPropagation();
            if (settings.Tls is { } tls) client.UseTls(options => ClusterTls.Set(options, tls));
        });
    }

    /// <summary>Serves the dashboard at a path of this process. Whoever is let in may see everything.</summary>
    public static void MapDashboard(WebApplication app, string path) => app.MapOrleansDashboard(routePrefix: path);

    private static void SetNames(ClusterOptions options, ClusterSettings settings) =>
        (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId);

    private static string ConnectionStringOf(ClusterSettings settings) =>
        new Npgsql.NpgsqlConnectionStringBuilder(settings.ConnectionString) { SearchPath = OrleansSchema.SearchPath, ApplicationName = "orleans" }.ConnectionString;
}
