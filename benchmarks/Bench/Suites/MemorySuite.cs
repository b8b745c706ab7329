using System.Globalization;

namespace SocialCommerce.Bench;

/// <summary>Managed bytes of an active bargain with 20 cuts: a fresh process, a full collection, the bargains read, a full collection.</summary>
internal sealed class MemorySuite : ISuite
{
    private const int Bargains = 2_000;
    private const int Cuts = 20;
    private const int WarmBargains = 500;
    private const int Rounds = 3;

    public string Name => "memory";

    public async Task Run(Bench bench)
    {
        var store = Path.Combine(bench.Workshop.NewFolder("memory"), "journal.db");
        BargainField warm, field;
        SpreadCuts cuts;
        using (var first = await Launch(store))
        {
            warm = await BargainField.Start(first.Port, "warm", WarmBargains);
            field = await BargainField.Start(first.Port, "field", Bargains);
            cuts = new SpreadCuts(field, "s", Bargains * Cuts);
            (await Load.Closed(first.Port, 64, TimeSpan.FromMinutes(2), cuts)).Clean("cuts");
            bench.Audited(Name, await Audit.Check(first.Port, field, [cuts], cutsOfEvery: 10));
        }

        List<double> bytes = [];
        for (var round = 0; round < Rounds; round++)
        {
            // What is active after a restart is what was asked for: bargains, and no shoppers.
            using var server = await Launch(store);
            await ReadAll(server, warm);
            var before = await LiveBytes(server);
            await ReadAll(server, field);
            bytes.Add((await LiveBytes(server) - before) / Bargains);
        }

        bench.Add(Row.Of("memory.bargain", $"{Machine.EngineName}: managed memory of an active bargain with {Cuts} cuts", "bytes", bytes, floor: 6_000, goal: 3_000, moreIsBetter: false));
    }

    private static Task<Server> Launch(string store) => Server.LaunchSelf($"{Machine.EngineName} on SQLite", "host", "--journal", "sqlite", "--store", store).Ready();

    private static async Task ReadAll(Server server, BargainField field)
    {
        var reads = field.Ids.Select(id => Requests.Get($"/v1/bargains/{id}")).ToList();
        (await Load.Closed(server.Port, 8, TimeSpan.FromMinutes(1), new OnceTraffic(reads, 200))).Clean("reading bargains");
    }

    private static async Task<double> LiveBytes(Server server)
    {
        using var client = new HttpClient();
        return double.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}{EngineHost.MemoryPath}")), CultureInfo.InvariantCulture);
    }
}
