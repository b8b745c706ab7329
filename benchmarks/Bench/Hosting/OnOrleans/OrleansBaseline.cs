using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace SocialCommerce.Bench;

/// <summary>
/// Baseline O: a bargain and a shopper are grains that write their state through Orleans' ADO.NET storage, one after the other, behind the
/// engine's paths: <c>baseline --how o --store CONNECTION --port N</c>.
/// </summary>
internal static class OrleansBaseline
{
    public const string Store = "baseline";

    public static bool IsHere => true;

    /// <summary>Connections to the server, as many as the other baselines have.</summary>
    private const int PoolSize = 32;

    /// <summary>On a database that the product's own command has made Orleans' tables in.</summary>
    public static async Task<Server> Launch(string database)
    {
        using (var migrate = Process.Start(new ProcessStartInfo("dotnet", [Server.SiloPath, "db", "migrate", "--connection", database]) { RedirectStandardOutput = true })!)
        {
            var said = await migrate.StandardOutput.ReadToEndAsync();
            await migrate.WaitForExitAsync();
            if (migrate.ExitCode != 0) throw new BenchFaultException($"Orleans' tables could not be made: {said}");
        }

        return Server.LaunchSelf("baseline O", "baseline", "--how", "o", "--store", database);
    }

    public static async Task<int> Run(Dictionary<string, string> options)
    {
        var connection = new NpgsqlConnectionStringBuilder(options["--store"])
        {
            SearchPath = "orleans",
            MinPoolSize = PoolSize,
            MaxPoolSize = PoolSize,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Enlist = false,
            Options = "-c enable_seqscan=off -c jit=off",
        }.ConnectionString;
        var builder = WebApplication.CreateSlimBuilder();
        BaselineHost.Serve(builder, options);
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Server.FreePort(), Server.FreePort());
            silo.AddAdoNetGrainStorage(Store, storage => storage.Configure<Serializer>((settings, serializer) =>
            {
                (settings.Invariant, settings.ConnectionString) = ("Npgsql", connection);
                // Its default is JSON by reflection, which costs more than the rest of the help.
                settings.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
        });
        await using var app = builder.Build();
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        long started = 0;
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapPut("/v1/campaigns/{campaignId}", () => Results.Ok());
        app.MapPost("/v1/campaigns/{campaignId}/bargains", async (HttpContext http, string campaignId) =>
        {
            if (BaselineHost.ShopperOf(http) is not { } ownerId) return;
            var id = Interlocked.Increment(ref started);
            await grains.GetGrain<IStoredBargain>(id).Start(ownerId, "product-" + campaignId);
            BaselineHost.Write(http, StatusCodes.Status201Created, System.Text.Encoding.UTF8.GetBytes($$"""{"bargainId":"{{id}}"}"""));
        });
        app.MapPost("/v1/bargains/{bargainId:long}/cuts", async (HttpContext http, long bargainId) =>
        {
            if (BaselineHost.ShopperOf(http) is not { } helperId) return;
            var help = await grains.GetGrain<IStoredBargain>(bargainId).Help(helperId);
            var cut = help.Cut is { } taken ? new BaselineCut(help.Outcome, taken.Number, taken.CutFen, taken.PriceFen, taken.Used, taken.NewShopper, taken.At) : new BaselineCut(help.Outcome);
            BaselineHost.Answer(http, bargainId, helperId, cut);
        });
        app.MapGet("/v1/bargains/{bargainId:long}", async (HttpContext http, long bargainId) =>
        {
            var cuts = await grains.GetGrain<IStoredBargain>(bargainId).Cuts();
            Answer(http, new { bargainId, startPriceFen = BargainField.StartPriceFen, priceFen = cuts.Count > 0 ? cuts[^1].PriceFen : BargainField.StartPriceFen, cutCount = cuts.Count });
        });
        app.MapGet("/v1/bargains/{bargainId:long}/cuts", async (HttpContext http, long bargainId, int? after) =>
        {
            var cuts = await grains.GetGrain<IStoredBargain>(bargainId).Cuts();
            var page = cuts.Skip(after ?? 0).Take(200).Select(cut => new { helperId = cut.HelperId, cutFen = cut.CutFen, priceFen = cut.PriceFen }).ToList();
            Answer(http, new { items = page, next = page.Count == 200 ? ((after ?? 0) + 200).ToString(CultureInfo.InvariantCulture) : "" });
        });
        await app.RunAsync();
        return 0;
    }

    // For the audit alone.
    private static void Answer<T>(HttpContext http, T answer) => BaselineHost.Write(http, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(answer));
}
