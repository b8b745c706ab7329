using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace SocialCommerce.Api;

/// <summary>The two calls by which a host serves the API.</summary>
public static class ApiHosting
{
    // Above the edge's own limits, so that most of what is too large gets a problem and not the server's bare status.
    private const int RequestLineBytesMax = 16 * 1024;
    private const int HeaderBytesMax = 64 * 1024;
    private const int HeadersMax = 200;

    /// <summary>
    /// Adds services, limits and options from the configuration section <c>Api</c>. The host brings an <c>IGrainFactory</c>, and may
    /// bring a <see cref="TimeProvider"/>, an <see cref="IReadiness"/> and an <see cref="ILongAnswers"/>.
    /// </summary>
    /// <exception cref="ConfigurationFaultsException">The section has faults, or nobody could call; every fault is named.</exception>
    public static WebApplicationBuilder AddSocialCommerceApi(this WebApplicationBuilder builder)
    {
        var options = ApiOptionsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IReadiness, AlwaysReady>();
        builder.Services.TryAddSingleton<ILongAnswers, UntilStopping>();
        builder.Services.TryAddSingleton<IShoppers, ShoppersByShard>();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddSingleton<FeedReaders>();
        builder.Services.AddSingleton<LiveHub>();
        builder.Services.AddSingleton<EdgeParts>();
        builder.Services.AddSingleton<MetricsListener>();
        builder.Services.AddApiDocument();

        // A line for every request would cost more than the request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // While this category may log anything at all, every request gets an Activity, and every await under it carries it along. Whoever
        // collects traces listens to them, and then they are made all the same.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.ConfigureKestrel(SetLimits);

        // Costs a call to the system for each request; a buffer of 4 kB for each connection that waits is cheaper.
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        return builder;
    }

    /// <summary>Maps every endpoint and page, with the layer that answers faults as problems around them.</summary>
    public static WebApplication MapSocialCommerceApi(this WebApplication app)
    {
        var parts = app.Services.GetRequiredService<EdgeParts>();
        app.UseMiddleware<EdgeMiddleware>();
        var routes = new EdgeRoutes(app, parts);
        routes.MapCampaigns();
        routes.MapBargains();
        routes.MapTeams();
        routes.MapPurchases();
        routes.MapShoppers();
        routes.MapFeed();
        app.MapHealth(parts.Options, app.Services.GetRequiredService<IReadiness>(), app.Services.GetRequiredService<MetricsListener>());
        app.MapPages();
        app.MapApiDocument();
        return app;
    }

    /// <summary>Maps health and metrics alone, for a process that serves no requests of the shop.</summary>
    public static WebApplication MapSocialCommerceOperations(this WebApplication app)
    {
        var parts = app.Services.GetRequiredService<EdgeParts>();
        app.UseMiddleware<EdgeMiddleware>();
        app.MapHealth(parts.Options, app.Services.GetRequiredService<IReadiness>(), app.Services.GetRequiredService<MetricsListener>());
        return app;
    }

    private static void SetLimits(KestrelServerOptions server)
    {
        server.AddServerHeader = false;

        // The server counts the framing of chunks too; what a body itself may have, its reader knows exactly.
        server.Limits.MaxRequestBodySize = 2 * BodyReader.BytesMax;
        server.Limits.MaxRequestLineSize = RequestLineBytesMax;
        server.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        server.Limits.MaxRequestHeaderCount = HeadersMax;
        server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
