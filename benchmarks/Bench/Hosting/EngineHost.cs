using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Orleans.Runtime.Hosting;
using SocialCommerce.Api;
using SocialCommerce.Grains;
using SocialCommerce.Journal;

namespace SocialCommerce.Bench;

/// <summary>The engine with API, wired as its executable is, on a journal of choice: <c>host --journal memory|sqlite|postgres --store PATH|CONNECTION --port N</c>.</summary>
internal static class EngineHost
{
    /// <summary>Tells the managed bytes that live, after a full collection. Only here, never in the product.</summary>
    public const string MemoryPath = "/bench/memory";

    public static async Task<int> Run(Dictionary<string, string> options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(options["--port"], CultureInfo.InvariantCulture)));
        AddJournal(builder.Services, options["--journal"], options.GetValueOrDefault("--store") ?? "");
        builder.Services.AddSocialCommerceGrains().AddSoleProcess();
        builder.Services.AddOptions<EngineOptions>().Configure(engine =>
        {
            engine.DurationSecondsMin = 1;
            engine.ShareKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Server.FreePort(), gatewayPort: 0);
            Silo.SoleSilo.Configure(silo);
            silo.Services.AddGrainStorage(GrainsRegistration.SnapshotStore, (services, _) => new Silo.DocumentGrainStorage(services.GetRequiredService<IJournal>().Documents));
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(services => new Silo.DocumentReminderTable(services.GetRequiredService<IJournal>().Documents));
        });
        builder.AddSocialCommerceApi();
        await using var app = builder.Build();
        app.MapSocialCommerceApi();
        app.MapGet(MemoryPath, () => LiveBytes().ToString(CultureInfo.InvariantCulture));
        await app.StartAsync();
        await GrainsRegistration.StartSocialCommerce(app.Services);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void AddJournal(IServiceCollection services, string journal, string store)
    {
        switch (journal)
        {
            case "memory":
                services.AddMemoryJournal();
                break;
            case "sqlite":
                services.AddSqliteJournal(store);
                break;
            case "postgres":
                services.AddPostgresJournal(new PostgresJournalOptions { ConnectionString = store, MigrateAtStart = true, SoleWriter = true });
                break;
            default:
                throw new BenchFaultException($"there is no journal '{journal}'");
        }
    }

    private static long LiveBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
