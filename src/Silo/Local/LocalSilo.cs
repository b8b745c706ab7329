using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using SocialCommerce.Api;
using SocialCommerce.Grains;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>One process on whichever engine is there, with everything in it.</summary>
internal static class LocalSilo
{
    private const string JournalFile = "journal.db";
    private const string ShareKeyFile = "share.key";
    private const int ShareKeyBytes = 32;

    // More than a live page's watch takes. Whoever waits for a store that stands still is told, and comes again with the same key.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(12);

    /// <summary>Wires the process; nothing listens yet.</summary>
    /// <exception cref="SiloFaultException">The data folder can't be used.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, LocalSettings settings)
    {
        MakeUsable(settings.DataFolder);
        ProcessWiring.SetUp(builder);
        builder.Logging.AddFilter("SocialCommerce.EmbeddedSilo", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.Port));
        AddJournal(builder.Services, settings);
        // Made once and kept beside the journal, so that links live as long as the data.
        ProcessWiring.AddGrains(builder, () => KeptKey(Path.Combine(settings.DataFolder, ShareKeyFile)), cluster: false);
        builder.UseOrleans(silo =>
        {
            // No gateway: a client that came in by it would need no key and no quota.
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            SoleSilo.Configure(silo);
            silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
            silo.Services.AddGrainStorage(GrainsRegistration.SnapshotStore, (services, _) => new DocumentGrainStorage(services.GetRequiredService<IJournal>().Documents));
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(services => new DocumentReminderTable(services.GetRequiredService<IJournal>().Documents));
        });
        builder.AddSocialCommerceApi();
        ProcessWiring.AddReadiness(builder.Services);
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<SiloReadiness>().Stopping);
        app.MapSocialCommerceApi();
        return app;
    }

    /// <summary>Wakes what works by itself and says what to try. The process is ready when this returns.</summary>
    public static async Task Serve(WebApplication app, LocalSettings settings, TextWriter output)
    {
        await AtStart.Ask(() => GrainsRegistration.StartSocialCommerce(app.Services));
        var address = app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        string? bargainId = null;
        if (settings.Demo && app.Environment.IsDevelopment())
        {
            var now = app.Services.GetRequiredKeyedService<TimeProvider>(Clock.Domain).GetUtcNow();
            bargainId = await AtStart.Ask(() => DemoCampaigns.Publish(app.Services.GetRequiredService<IGrainFactory>(), now));
        }

        app.Services.GetRequiredService<SiloReadiness>().Ready();
        await output.WriteLineAsync(Welcome.Text(address, settings.DataFolder, bargainId));
    }

    private static void AddJournal(IServiceCollection services, LocalSettings settings)
    {
        if (settings.Postgres is { } connection) services.AddPostgresJournal(new PostgresJournalOptions { ConnectionString = connection, MigrateAtStart = true, SoleWriter = true });
        else services.AddSqliteJournal(Path.Combine(settings.DataFolder, JournalFile));
    }

    private static void MakeUsable(string folder)
    {
        try
        {
            // The journal tells who bought what, and the key beside it signs.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var probe = Path.Combine(folder, ".writable");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SiloFaultException($"the data folder {folder} can't be written: {fault.Message}", fault);
        }
    }

    private static string KeptKey(string path)
    {
        if (File.Exists(path))
        {
            var kept = File.ReadAllText(path).Trim();
            if (Convert.TryFromBase64String(kept, new byte[kept.Length], out var length) && length >= ShareKeyBytes) return kept;
            throw new SiloFaultException($"{path} holds no key, which is base64 of {ShareKeyBytes} bytes: restore it from a backup, or delete it and the links that it signed give no attribution");
        }

        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(ShareKeyBytes));
        // Whole or not at all, also when the power fails meanwhile.
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
        return key;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
