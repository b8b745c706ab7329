using System.Diagnostics;
using System.Globalization;
using SocialCommerce.Journal;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>A million open bargains of one campaign: start-up, ends on time, very many ends at once, and what a cut costs then.</summary>
internal sealed class MillionSuite : ISuite
{
    private const int Connections = 256;
    private const int DuePerSecond = 1_000;
    private const int DueSeconds = 8;
    private const int Few = 10_000;
    private const int EndsRead = 3_000;

    // Of each round cuts over all and over the few are measured in short slices in turn: much of what a slice swings by is what others take of
    // the machine, and one in two or three meets a collection of up to a quarter of a second.
    private const int SlicesOfRound = 3;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    // Between the last bargain that is written and the first that is due: the server has to start, in every round.
    private static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AheadPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AheadQuiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AheadPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenWaves = TimeSpan.FromSeconds(6);

    public string Name => "million";

    public async Task Run(Bench bench)
    {
        await Run(bench, "sqlite", "SQLite", null);
        await Run(bench, "postgres", "PostgreSQL", BenchPostgres.Start(bench, million: true).CreateDatabase());
    }

    private async Task Run(Bench bench, string store, string storeName, string? connection)
    {
        var all = bench.Options.Million;
        var atOnce = (int)(all * 0.3);
        var lasting = all - atOnce - (DuePerSecond * DueSeconds);
        var folder = bench.Workshop.NewFolder("million-" + store);
        using (var first = await Server.LaunchEngine(folder, connection).Ready()) await BargainField.Start(first.Port, "million", 1, stock: all + 1);

        var waves = await Fill(bench, Open(folder, connection), lasting, atOnce);
        var ten = new BargainField([.. waves.Lasting.Take(Few)]);
        var everyone = new BargainField([.. waves.Lasting.Skip(Few)]);
        var cutsOfTen = new SpreadCuts(ten, "t");
        var cutsOfAll = new SpreadCuts(everyone, "a");

        var (server, started, firstCuts) = await Start(bench.Options.Rounds, folder, connection, cutsOfTen);
        using var ending = server;
        var late = waves.FirstDue - DateTimeOffset.UtcNow;
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  {storeName}: first cut {firstCuts[^1]:0.0} s after the last of {firstCuts.Count} starts; the first is due in {late.TotalSeconds:0.0} s"));

        var lags = new Latencies();
        foreach (var end in await Ends.Of(server.Port, waves.Steady)) lags.Add(end.EndedAt - end.ExpiresAt);
        // One in so many, evenly over the order in which they were written: the last of these is as late as the last of all, but for a thousandth.
        var sample = waves.AtOnce.Where((_, number) => number % Math.Max(1, atOnce / EndsRead) == 0).ToList();
        var ends = await Ends.Of(server.Port, sample);
        var allEnded = ends.Max(end => end.EndedAt - end.ExpiresAt).TotalSeconds;
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  {storeName}: {atOnce:#,##0} due at once had ended after {allEnded:0.0} s"));

        var (atHand, ahead) = await ReadAhead(server, started);
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  {storeName}: {atHand:#,##0} of {lasting:#,##0} open ones were at hand {ahead:0.0} s after the start"));

        List<LoadResult> few = [], many = [];
        await WarmUp.Run(server, Connections, bench.Options, cutsOfTen);
        // Waking a bargain is code of its own, which the few that are awake don't warm. It wakes a sixth of all.
        await WarmUp.Run(server, Connections, bench.Options, cutsOfAll);
        for (var slice = 0; slice < bench.Options.Rounds * SlicesOfRound; slice++)
        {
            if (slice % 2 == 0) await MeasureFew();
            many.Add((await Load.Closed(server.Port, Connections, Slice, cutsOfAll)).Clean("cuts over all of many"));
            if (slice % 2 == 1) await MeasureFew();
        }

        async Task MeasureFew() => few.Add((await Load.Closed(server.Port, Connections, Slice, cutsOfTen)).Clean("cuts over a few of many"));

        server.ThrowIfEnded();
        var resident = server.ResidentBytes;
        bench.Audited($"million, {storeName}, {Few} of them", await Audit.Check(server.Port, ten, [cutsOfTen], cutsOfEvery: 20));
        bench.Audited($"million, {storeName}, all others", await Audit.Check(server.Port, everyone, [cutsOfAll], cutsOfEvery: 20, bargainsOfEvery: 100));
        bench.Audited($"million, {storeName}, ends", string.Create(CultureInfo.InvariantCulture,
            $"{waves.Steady.Count:#,##0} and a sample of {sample.Count:#,##0} of {atOnce:#,##0} ended once as expired, none early"));
        var name = $"{Machine.EngineName} on {storeName}, {all:#,##0} open bargains";
        bench.Add(
            Row.Of($"million.{store}.fill", $"{name}: written to the journal", "bargains/s", [waves.PerSecond]),
            Row.Of($"million.{store}.start", "the same: process start → first cut answered", "s", firstCuts, floor: 5, goal: 1.5, moreIsBetter: false),
            Row.Of($"million.{store}.lag.p50", $"the same: lag of the end, {DuePerSecond} due a second, p50", "s", [lags.Percentile(50) / 1_000]),
            Row.Of($"million.{store}.lag.p99", "the same, p99 of the lag", "s", [lags.Percentile(99) / 1_000], floor: 1, goal: 0.25, moreIsBetter: false),
            Row.Of($"million.{store}.at-once", $"the same: {atOnce:#,##0} due at one instant → all ended", "s", [allEnded], floor: 60, goal: 15, moreIsBetter: false),
            Row.Of($"million.{store}.ahead", $"the same: process start → {atHand:#,##0} open ones read ahead, beside all of that", "s", [ahead]),
            Row.Of($"million.{store}.few", $"the same: cuts over {Few:#,##0} of them, {Connections} connections", "cuts/s", Rates(few)),
            Row.Of($"million.{store}.all", $"the same: cuts over the {lasting:#,##0} that last, most of them asleep", "cuts/s", Rates(many)),
            Row.Ratio($"million.{store}.cost", $"the same: cuts over all that last ÷ over {Few:#,##0}", Rates(many), Rates(few), floor: 0.7, goal: 0.9),
            Row.Of($"million.{store}.memory", "the same: memory of the process after that", "MB", [resident / 1e6]));
    }

    /// <summary>Starts it once for each round and leaves the last one running. Gives since when it runs, and how many seconds each took to its first cut.</summary>
    private static async Task<(Server Server, long Started, List<double> FirstCuts)> Start(int rounds, string folder, string? connection, CutTraffic cuts)
    {
        List<double> firstCuts = [];
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var server = Server.LaunchEngine(folder, connection);
            firstCuts.Add(await FirstCut.After(started, server, cuts));
            if (firstCuts.Count == rounds) return (server, started, firstCuts);
            server.Dispose();
        }
    }

    /// <summary>The rate of each round: all its slices are as long.</summary>
    private static List<double> Rates(IEnumerable<LoadResult> slices) => [.. HttpSuite.Rates(slices).Chunk(SlicesOfRound).Select(rates => rates.Average())];

    /// <summary>Waits until the engine reads no more bargains ahead: cuts are measured as they are from then on. Gives how many it has at hand, and since when.</summary>
    private static async Task<(int Count, double Seconds)> ReadAhead(Server server, long started)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        var (count, at) = (0, started);
        while (count == 0 || Stopwatch.GetElapsedTime(at) < AheadQuiet)
        {
            if (Stopwatch.GetElapsedTime(started) > AheadPatience) throw new BenchFaultException($"The engine still reads ahead after {AheadPatience.TotalSeconds:0} s; it has {count} bargains at hand.");
            // Another process tells nobody that it has read the last one; asked too rarely to be a load.
            await Task.Delay(AheadPause);
            if (Resting(await client.GetStringAsync("/metrics")) is var now && now != count) (count, at) = (now, Stopwatch.GetTimestamp());
        }

        return (count, Stopwatch.GetElapsedTime(started, at).TotalSeconds);
    }

    private static int Resting(string metrics)
    {
        const string Name = "socialcommerce_bargains_resting ";
        return metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line ? int.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture) : 0;
    }

    private static IJournal Open(string folder, string? connection) => connection is null
        ? SqliteJournal.Open(new SqliteJournalOptions { Path = Path.Combine(folder, "journal.db") })
        : PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = connection });

    private static async Task<Waves> Fill(Bench bench, IJournal journal, int lasting, int atOnce)
    {
        await using var closing = (IAsyncDisposable)journal;
        var steady = DuePerSecond * DueSeconds;
        var crowd = await Crowd.ModelledOn(journal, lasting + atOnce + steady);
        var clock = Stopwatch.StartNew();
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        var ids = await crowd.Put(journal, "l-", lasting, _ => tomorrow);
        var perSecond = lasting / clock.Elapsed.TotalSeconds;
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  {lasting:#,##0} open bargains are written, {perSecond:#,##0} a second"));

        var firstDue = DateTimeOffset.UtcNow + TimeSpan.FromSeconds((atOnce + steady) / perSecond * 1.3) + StartAllowance;
        var together = firstDue + TimeSpan.FromSeconds(DueSeconds) + BetweenWaves;
        return new Waves(
            ids,
            await crowd.Put(journal, "o-", atOnce, _ => together),
            await crowd.Put(journal, "d-", steady, number => firstDue.AddSeconds(number / (double)DuePerSecond)),
            firstDue,
            perSecond);
    }

    /// <summary>Bargains by when they end: not in this run, together, one after the other.</summary>
    private sealed record Waves(IReadOnlyList<string> Lasting, IReadOnlyList<string> AtOnce, IReadOnlyList<string> Steady, DateTimeOffset FirstDue, double PerSecond);
}
