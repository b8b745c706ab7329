using System.Diagnostics;
using System.Net;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>
/// Silos on one PostgreSQL: what one silo of a cluster does of what the engine does alone, and, of two, when the bargains of the one that is
/// killed, or stands still, take cuts again. Orleans' alone.
/// </summary>
internal sealed class ClusterSuite : ISuite
{
    private const int Bargains = 200;
    private static readonly bool IsOneProcess = Machine.EngineName == "Embedded";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public string Name => "cluster";

    public async Task Run(Bench bench)
    {
        if (IsOneProcess)
        {
            bench.Say("  left out: the embedded engine is one process");
            return;
        }

        // For `quick` the losses alone: warming two engines takes as long as all of it may.
        if (!bench.Options.Quick) await CompareWithAlone(bench);
        await LoseOneOfTwo(bench);
    }

    /// <summary>Both with the API in the same process, on the same PostgreSQL.</summary>
    private static async Task CompareWithAlone(Bench bench)
    {
        var postgres = BenchPostgres.Start(bench);
        var family = BenchPostgres.FamilyOf(postgres);
        var database = postgres.CreateDatabase();
        await Server.MigrateDatabase(database);
        using var silo = new Contestant("one silo of a cluster", Server.LaunchSilo("one silo", database));
        using var alone = new Contestant("the engine alone", Server.LaunchEngine(bench.Workshop.NewFolder("alone"), postgres.CreateDatabase()));
        foreach (var contestant in new[] { silo, alone }) await contestant.Prepare(bench.Options);
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            Contestant[] inTurn = round % 2 == 0 ? [silo, alone] : [alone, silo];
            foreach (var contestant in inTurn) await contestant.MeasureMany(bench.Options.ShortWindow, family);
            foreach (var contestant in inTurn) await contestant.MeasureHot(round, bench.Options, family);
        }

        foreach (var contestant in new[] { silo, alone }) bench.Audited($"cluster, {contestant.Name}", await contestant.Check(cutsOfEvery: 20));
        bench.Add(
            Row.Of("cluster.cuts", "one silo of a cluster, 256 connections", "/s", HttpSuite.Rates(silo.Many)),
            Row.Ratio("cluster.cuts/alone", "one silo of a cluster ÷ the engine alone", HttpSuite.Rates(silo.Many), HttpSuite.Rates(alone.Many)),
            Row.Ratio("cluster.hot/alone", "the same, one hot bargain, each cut a new shopper's", HttpSuite.Rates(silo.Hot), HttpSuite.Rates(alone.Hot)),
            Row.Ratio("cluster.p99/alone", "p99 at saturation, one silo of a cluster ÷ the engine alone", HttpSuite.Percentiles(silo.Many, 99), HttpSuite.Percentiles(alone.Many, 99)));
    }

    private static async Task LoseOneOfTwo(Bench bench)
    {
        using var postgres = ThrowawayPostgres.Start();
        var database = postgres.CreateDatabase();
        await Server.MigrateDatabase(database);
        using var survivor = await Server.LaunchSilo("the silo that stays", database).Ready();
        var other = await Server.LaunchSilo("the silo that is lost", database).Ready();
        try
        {
            var field = await BargainField.Start(survivor.Port, "cluster", Bargains);
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Bargains }) { BaseAddress = new Uri($"http://127.0.0.1:{survivor.Port}") };
            await LastCut(http, field, "warm");
            List<double> killed = [], frozen = [];
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                killed.Add(await AfterLossOf(silo => silo.Kill(), $"killed-{round}"));
                frozen.Add(await AfterLossOf(silo => silo.Freeze(), $"frozen-{round}"));
            }

            bench.Add(
                Row.Of("cluster.kill", $"{Machine.EngineName}: two silos, one killed → every bargain of {Bargains} takes a cut again", "s", killed, floor: 20, goal: 8, moreIsBetter: false),
                Row.Of("cluster.freeze", "the same, one frozen (SIGSTOP), as when its machine loses power", "s", frozen, floor: 20, goal: 8, moreIsBetter: false));

            async Task<double> AfterLossOf(Action<Server> lose, string round)
            {
                // So that grains live on both: what was on the silo that was lost has moved to the one that stays.
                await Task.WhenAll(Enumerable.Range(0, Bargains).Select(each => Cut(http, field.Ids[each], $"before-{round}-{each}")));
                lose(other);
                var seconds = await LastCut(http, field, round);
                other.Dispose();
                other = await Server.LaunchSilo("the silo that is lost", database).Ready();
                // New owners and helpers are placed on both again.
                field = await BargainField.Start(other.Port, $"cluster-{round}", Bargains);
                return seconds;
            }
        }
        finally
        {
            other.Dispose();
        }
    }

    /// <summary>One cut of every bargain, all at once, by helpers of this round; gives the seconds until the last is taken.</summary>
    private static async Task<double> LastCut(HttpClient http, BargainField field, string round)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(field.Ids.Select((id, each) => Cut(http, id, $"{round}-{each}")));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // Asked for again, by the same helper, until it is answered: taken then or before, it counts once.
    private static async Task Cut(HttpClient http, string bargainId, string helperId)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Requests.CutsPath(bargainId));
            request.Headers.Add("X-Api-Key", Requests.ApiKey);
            request.Headers.Add("X-User-Id", helperId);
            using var answer = await http.SendAsync(request);
            if (answer.IsSuccessStatusCode) return;
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) throw new BenchFaultException($"a cut was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new BenchFaultException($"a cut was not taken within {Patience.TotalSeconds} s");
        }
    }
}
