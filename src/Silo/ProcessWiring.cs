using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using SocialCommerce.Api;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>What the kinds of process have in common.</summary>
internal static class ProcessWiring
{
    private const int PortDefault = 8_080;

    // What is under way when the silo stops, and the handing over of its grains.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    // A launch that wakes all that it can fills some 50 MB a second.
    private static readonly TimeSpan MemoryPollingPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Logging and telemetry.</summary>
    /// <exception cref="SiloFaultException">A level of the logging is none.</exception>
    public static void SetUp(WebApplicationBuilder builder)
    {
        // Here, since the framework says neither which setting it is nor what there is.
        foreach (var (path, level) in builder.Configuration.GetSection("Logging").AsEnumerable())
            if (path.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && level is { Length: > 0 } && !Enum.TryParse<LogLevel>(level, ignoreCase: true, out _))
                throw new SiloFaultException($"{path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}, not '{level}'");

        // What the process logs is what somebody should look at.
        builder.Logging.AddFilter("Orleans", LogLevel.Error).AddFilter("Polly", LogLevel.Error).AddFilter("Microsoft.Hosting", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddHostedService<TelemetryExport>();
    }

    /// <summary>Where a process of a cluster listens: <paramref name="port"/> on loopback, or what ASP.NET Core is configured to.</summary>
    public static void Listen(WebApplicationBuilder builder, int? port)
    {
        var isConfigured = !string.IsNullOrEmpty(builder.Configuration["urls"]) || !string.IsNullOrEmpty(builder.Configuration["http_ports"])
            || !string.IsNullOrEmpty(builder.Configuration["https_ports"]) || builder.Configuration.GetSection("Kestrel:Endpoints").Exists();
        if (port is not null || !isConfigured) builder.WebHost.UseUrls($"http://127.0.0.1:{port ?? PortDefault}");
    }

    /// <param name="shareKey">Makes a key where none is configured; null: there must be one.</param>
    /// <param name="cluster">Other silos change campaigns, too.</param>
    /// <exception cref="SiloFaultException">Settings can't be read.</exception>
    public static void AddGrains(WebApplicationBuilder builder, Func<string>? shareKey, bool cluster)
    {
        EngineOptionsCheck.ThrowIfUnreadable(builder.Configuration);
        // A default, which the settings that are bound afterwards come before.
        if (builder.Environment.IsDevelopment()) builder.Services.Configure<EngineOptions>(options => options.DurationSecondsMin = 1);
        builder.Services.AddSocialCommerceGrains();
        if (!cluster) builder.Services.AddSoleProcess();
        builder.Services.AddOptions<EngineOptions>()
            .Configure(options =>
            {
                if (shareKey is not null && options.ShareKey.Length == 0) options.ShareKey = shareKey();
            })
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EngineOptions>>(new EngineOptionsCheck(cluster));
        builder.Services.AddHostedService<JournalMeter>();
        // Idle grains go before the memory does (adr/0018); a cluster's settings say at which share of it.
        builder.Services.Configure<GrainCollectionOptions>(options =>
        {
            options.EnableActivationSheddingOnMemoryPressure = true;
            options.MemoryUsagePollingPeriod = MemoryPollingPeriod;
        });
    }

    /// <summary>Ready while the process serves and its journal can be written and read. After the API, whose own readiness it replaces.</summary>
    public static void AddReadiness(IServiceCollection services)
    {
        services.AddSingleton<SiloReadiness>();
        services.Replace(ServiceDescriptor.Singleton<IReadiness>(provider => provider.GetRequiredService<SiloReadiness>()));
        services.AddHostedService<StoreWatch>();
    }

    /// <param name="notReady">Gives what turns readiness off.</param>
    public static void AddDrain(WebApplicationBuilder builder, ClusterSettings settings, Func<IServiceProvider, Action> notReady)
    {
        var duration = TimeSpan.FromSeconds(settings.DrainSeconds);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = duration + StopPatience);
        builder.Services.AddSingleton(services => new Drain(notReady(services), duration, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddSingleton<ILongAnswers>(services => services.GetRequiredService<Drain>());
    }
}
