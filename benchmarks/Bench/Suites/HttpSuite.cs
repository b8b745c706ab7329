namespace SocialCommerce.Bench;

/// <summary>The engine's executable on SQLite, through HTTP: accepted cuts, one hot bargain, refusals.</summary>
internal sealed class HttpSuite : ISuite
{
    private const string Engine = $"{Machine.EngineName} on SQLite";
    private const int Many = 256;
    private const int Few = 32;
    private const int CancelledBargains = 50;
    private const int Watching = 1_000;
    private const int JoinsPerSecond = 20;

    public string Name => "http";

    public async Task Run(Bench bench)
    {
        var options = bench.Options;
        using var nothing = await Server.LaunchSelf($"{Machine.EngineName} on nothing", "host", "--journal", "memory").Ready();
        using var server = await Server.LaunchEngine(bench.Workshop.NewFolder("engine")).Ready();
        var field = await BargainField.Start(server.Port, "field", options.Bargains);
        var hotField = await BargainField.Start(server.Port, "hot", options.Rounds + 1);
        var refusals = await Refusals.Prepare(server.Port, CancelledBargains);
        var teams = await TeamField.Open(server.Port, "teams", options.Bargains);
        bench.Say($"  {options.Bargains} bargains and as many teams are open");

        var spread = new SpreadCuts(field, "s");
        var hots = Enumerable.Range(0, options.Rounds + 1).Select(bargain => new HotCuts(hotField, $"h{bargain}-", bargain)).ToList();
        var spreadOnNothing = new SpreadCuts(await BargainField.Start(nothing.Port, "field", options.Bargains), "s");
        await WarmUp.Run(nothing, Many, options, spreadOnNothing);
        await WarmUp.Run(server, Many, options, spread);
        await Load.Closed(server.Port, Many, options.ShortWindow, hots[options.Rounds]);
        foreach (var refused in new[] { Refusals.Repeats(spread), Refusals.QuotaUsed(spread), refusals.Over() }) await Load.Closed(server.Port, Many, options.Window, refused);
        // The first team is half full, and its members look on.
        await Load.Open(server.Port, Few, JoinsPerSecond * 10, TimeSpan.FromSeconds(2.5), teams);
        var firstTeams = new ReplayTraffic([Requests.Get("/v1/campaigns/teams/teams?open=true&limit=5")], 200);

        List<LoadResult> many = [], onNothing = [], few = [], hot = [], watched = [], watchedTeam = [], lists = [], open = [], repeats = [], usedUp = [], over = [];
        List<double> cpu = [], hotCpu = [], seen = [], written = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            var cpuBefore = server.CpuTime;
            many.Add((await Load.Closed(server.Port, Many, options.Window, spread)).Clean("cuts"));
            cpu.Add((server.CpuTime - cpuBefore).TotalMicroseconds / many[^1].Answered);
            onNothing.Add((await Load.Closed(nothing.Port, Many, options.Window, spreadOnNothing)).Clean("cuts on nothing"));
            few.Add((await Load.Closed(server.Port, Few, options.Window, spread)).Clean("cuts over few connections"));
            cpuBefore = server.CpuTime;
            hot.Add((await Load.Closed(server.Port, Many, options.Window, hots[round])).Clean("cuts on one bargain"));
            hotCpu.Add((server.CpuTime - cpuBefore).TotalMicroseconds / hot[^1].Answered);
            await using (var viewers = await Viewers.Open(server.Port, $"bargains/{hotField.Ids[round]}", Watching))
            {
                var seenBefore = viewers.Received;
                watched.Add((await Load.Closed(server.Port, Many, options.ShortWindow, hots[round])).Clean("cuts on one bargain that is watched"));
                seen.Add((viewers.Received - seenBefore) / watched[^1].Seconds);
            }

            await using (await Viewers.Open(server.Port, $"teams/{teams.First}", Watching))
            {
                var joining = Load.Open(server.Port, Few, JoinsPerSecond, options.ShortWindow, teams);
                watchedTeam.Add((await Load.Closed(server.Port, Many, options.ShortWindow, spread)).Clean("cuts while a team is watched"));
                (await joining).Clean("joins of a team that is watched");
            }

            lists.Add((await Load.Closed(server.Port, Many, options.ShortWindow, firstTeams)).Clean("lists of open teams"));
            open.Add((await Load.Open(server.Port, Many, many[^1].PerSecond / 2, options.Window, spread)).Clean("cuts at half of the rate"));

            await server.Settled();
            var writtenBefore = server.BytesWritten ?? 0;
            repeats.Add((await Load.Closed(server.Port, Many, options.ShortWindow, Refusals.Repeats(spread))).Clean("repeats"));
            usedUp.Add((await Load.Closed(server.Port, Many, options.ShortWindow, Refusals.QuotaUsed(spread))).Clean("helps over the limit"));
            over.Add((await Load.Closed(server.Port, Many, options.ShortWindow, refusals.Over())).Clean("cuts after the end"));
            // In one of the rounds it may be the copy of the campaigns' figures, which follows cuts that came before.
            written.Add((server.BytesWritten ?? 0) - writtenBefore);
            bench.Say($"  round {round + 1} of {options.Rounds}");
        }

        server.ThrowIfEnded();
        bench.Audited("http, all bargains", await Audit.Check(server.Port, field, [spread], options.Quick ? 20 : 4));
        bench.Audited("http, hot bargains", await Audit.Check(server.Port, hotField, hots));
        bench.Audited("http, teams", await teams.Check(server.Port));

        var rates = Rates(many);
        bench.Add(
            Row.Of("http.cuts.256", $"{Engine}: cuts over {options.Bargains} bargains, {Many} connections", "cuts/s", rates),
            Row.Of("http.cuts.256.p50", "the same, p50", "ms", Percentiles(many, 50)),
            Row.Of("http.cuts.256.p99", "the same, p99", "ms", Percentiles(many, 99)),
            Row.Of("http.cuts.cpu", "the same, the engine's CPU time for one cut", "µs", cpu),
            Row.Of("http.nothing.256", $"{Machine.EngineName} on a journal that writes nothing: the same", "cuts/s", Rates(onNothing)),
            Row.Ratio("http.durable", "durable rate ÷ rate with a journal that writes nothing", rates, Rates(onNothing), floor: 0.6, goal: 0.85),
            Row.Of("http.cuts.32", $"{Engine}: {Few} connections", "cuts/s", Rates(few)),
            Row.Of("http.cuts.32.p50", "the same, p50", "ms", Percentiles(few, 50)),
            Row.Of("http.cuts.32.p99", "the same, p99, closed loop", "ms", Percentiles(few, 99), floor: 10, goal: 5, moreIsBetter: false),
            Row.Of("http.half.p99", $"{Engine}: open loop at half of the rate, p99", "ms", Percentiles(open, 99), floor: 100, goal: 15, moreIsBetter: false),
            Row.Of("http.hot", $"{Engine}: one hot bargain, {Many} connections", "cuts/s", Rates(hot)),
            Row.Of("http.hot.cpu", "the same, the engine's CPU time for one cut", "µs", hotCpu),
            Row.Ratio("http.watched", $"the same while {Watching:#,##0} watch it live ÷ while nobody does", Rates(watched), Rates(hot)),
            Row.Of("http.watched.seen", "live events that all who watch it get", "events/s", seen),
            Row.Ratio("http.watched.team", $"cuts over all bargains while {Watching:#,##0} members watch a team of as many seats that {JoinsPerSecond} join a second ÷ while nobody does", Rates(watchedTeam), rates),
            Row.Of("http.list", $"the fullest five of {options.Bargains} open teams listed, {Many} connections", "lists/s", Rates(lists)),
            Row.Ratio("http.refused.repeat", "repeated ÷ accepted cuts", Rates(repeats), rates, floor: 1.5, goal: 2.5),
            Row.Ratio("http.refused.quota", "refused for the daily limit ÷ accepted cuts", Rates(usedUp), rates, floor: 1.5, goal: 2.5),
            Row.Ratio("http.refused.over", "refused after the end ÷ accepted cuts", Rates(over), rates, floor: 1.5, goal: 2.5),
            Row.Of("http.refused.written", "written to disk during the refusals of a round", "bytes", written, goal: 0, moreIsBetter: false));
    }

    public static List<double> Rates(IEnumerable<LoadResult> results) => [.. results.Select(result => result.PerSecond)];

    public static List<double> Percentiles(IEnumerable<LoadResult> results, double percent) => [.. results.Select(result => result.Latencies.Percentile(percent))];
}
