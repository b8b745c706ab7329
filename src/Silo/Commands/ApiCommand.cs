using Microsoft.Extensions.DependencyInjection.Extensions;
using SocialCommerce.Api;

namespace SocialCommerce.Silo;

/// <summary>The API alone: a client of a cluster, without grains of its own.</summary>
internal static class ApiCommand
{
    private const string Usage = "socialcommerce api [--port N]";

    public static async Task<int> Run(string[] args)
    {
        var arguments = new Arguments(args, ["--port"], []);
        var port = arguments.Whole("--port", 1, 65_535);
        arguments.ThrowIfFaulty(Usage);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var settings = ClusterSettingsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        var app = Build(builder, settings, port);
        await AtStart.Serve(app, () => Console.Out.WriteLineAsync($"API for {settings.ClusterId} serves at {string.Join(", ", app.Urls)}"));
        return 0;
    }

    /// <summary>Wires the process; nothing listens yet.</summary>
    internal static WebApplication Build(WebApplicationBuilder builder, ClusterSettings settings, int? port)
    {
        ProcessWiring.SetUp(builder);
        ProcessWiring.Listen(builder, port);
        Clusters.AddClient(builder, settings);
        ProcessWiring.AddDrain(builder, settings, services => services.GetRequiredService<ClientReadiness>().Stopping);
        builder.AddSocialCommerceApi();
        builder.Services.Replace(ServiceDescriptor.Singleton<IReadiness>(services => services.GetRequiredService<ClientReadiness>()));
        var app = builder.Build();
        app.MapSocialCommerceApi();
        return app;
    }
}
