namespace SocialCommerce.Bench;

/// <summary>The engine on PostgreSQL against plain SQL on the same server, each behind HTTP, in turn.</summary>
internal sealed class PostgresSuite : ISuite
{
    private const string Engine = $"{Machine.EngineName} on PostgreSQL";

    public string Name => "postgres";

    public async Task Run(Bench bench)
    {
        var postgres = BenchPostgres.Start(bench);
        using var engine = new Contestant("engine", Server.LaunchEngine(bench.Workshop.NewFolder("engine"), postgres.CreateDatabase()));
        using var single = new Contestant("s", Server.LaunchSelf("baseline S", "baseline", "--how", "s", "--store", postgres.CreateDatabase()));
        using var interactive = new Contestant("t", Server.LaunchSelf("baseline T", "baseline", "--how", "t", "--store", postgres.CreateDatabase()));
        using var grains = OrleansBaseline.IsHere ? new Contestant("o", await OrleansBaseline.Launch(postgres.CreateDatabase())) : null;
        Contestant[] all = grains is null ? [engine, single, interactive] : [engine, single, interactive, grains];
        foreach (var contestant in all) await contestant.Prepare(bench.Options);
        var database = BenchPostgres.FamilyOf(postgres);
        await engine.PrepareTeams(bench.Options);
        bench.Say($"  {all.Length} servers are warm");

        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            // What is compared is measured one right after the other, and every other round the other way round: how much a shared machine
            // gives changes within seconds.
            Contestant[] inTurn = round % 2 == 0 ? all : [.. Enumerable.Reverse(all)];
            Contestant[] two = [.. inTurn.Where(contestant => contestant == engine || contestant == single)];
            foreach (var contestant in inTurn) await contestant.MeasureMany(two.Contains(contestant) ? bench.Options.Window : bench.Options.ShortWindow, database);
            foreach (var contestant in two) await contestant.MeasureFew(bench.Options, database);
            foreach (var contestant in two) await contestant.MeasureHot(round, bench.Options, database);
            await engine.MeasureTeam(bench.Options, database);
            bench.Say($"  round {round + 1} of {bench.Options.Rounds}");
        }

        foreach (var contestant in all) bench.Audited($"postgres, {contestant.Name}", await contestant.Check(bench.Options.Quick ? 20 : 4));
        AddRows(bench, engine, single, interactive);
        if (grains is not null) AddRowsOfO(bench, engine, grains);
    }

    private static void AddRows(Bench bench, Contestant engine, Contestant single, Contestant interactive)
    {
        var (rates, ratesOfS, ratesOfT) = (HttpSuite.Rates(engine.Many), HttpSuite.Rates(single.Many), HttpSuite.Rates(interactive.Many));
        var (few, fewOfS) = (HttpSuite.Rates(engine.Few), HttpSuite.Rates(single.Few));
        var (hot, hotOfS) = (HttpSuite.Rates(engine.Hot), HttpSuite.Rates(single.Hot));
        bench.Add(
            Row.Of("postgres.cuts.256", $"{Engine}: cuts over {bench.Options.Bargains} bargains, {Contestant.ManyConnections} connections", "cuts/s", rates),
            Row.Of("postgres.s.256", "S: one statement per help", "cuts/s", ratesOfS),
            Row.Of("postgres.t.256", "T: one interactive transaction per help", "cuts/s", ratesOfT),
            Row.Ratio("postgres.cuts/t", "engine ÷ T", rates, ratesOfT, floor: 3, goal: 8),
            Row.Ratio("postgres.cuts/s", "engine ÷ S", rates, ratesOfS, floor: 2, goal: 5),
            Row.Of("postgres.cuts.256.p99", "engine, p99 at saturation", "ms", HttpSuite.Percentiles(engine.Many, 99)),
            Row.Of("postgres.s.256.p99", "S, p99 at saturation", "ms", HttpSuite.Percentiles(single.Many, 99)),
            Row.Of("postgres.p99/s", "p99 at saturation, engine ÷ S", "x",
                HttpSuite.Percentiles(engine.Many, 99).Zip(HttpSuite.Percentiles(single.Many, 99), (one, other) => one / other), floor: 1, goal: 0.5, moreIsBetter: false),
            Row.Of("postgres.cuts.32", $"{Engine}: {Contestant.FewConnections} connections", "cuts/s", few),
            Row.Of("postgres.s.32", "S: the same", "cuts/s", fewOfS),
            Row.Ratio("postgres.cuts.32/s", "engine ÷ S, 32 connections", few, fewOfS, floor: 2, goal: 4),
            Row.Of("postgres.cuts.32.p99", "engine, p99, 32 connections", "ms", HttpSuite.Percentiles(engine.Few, 99), floor: 10, goal: 5, moreIsBetter: false),
            Row.Of("postgres.hot", $"{Engine}: one hot bargain", "cuts/s", hot),
            Row.Of("postgres.s.hot", "S: the same", "cuts/s", hotOfS),
            Row.Ratio("postgres.hot/s", "engine ÷ S, one hot bargain", hot, hotOfS, floor: 10, goal: 20),
            Row.Of("postgres.team", $"{Engine}: seats of one 1,000-seat team after the other, {Contestant.ManyConnections} connections", "seats/s", HttpSuite.Rates(engine.Team)),
            Row.Ratio("postgres.team/s", "engine, one team ÷ S, one hot bargain", HttpSuite.Rates(engine.Team), hotOfS, floor: 10, goal: 20),
            Row.Of("postgres.cpu", "engine: CPU time for one cut, server and database", "µs", engine.ManyCpu),
            Row.Of("postgres.s.cpu", "S: the same", "µs", single.ManyCpu),
            Row.Of("postgres.t.cpu", "T: the same", "µs", interactive.ManyCpu),
            Row.Ratio("postgres.cpu.s", "CPU time for one cut, S ÷ engine", single.ManyCpu, engine.ManyCpu),
            Row.Ratio("postgres.cpu.t", "CPU time for one cut, T ÷ engine", interactive.ManyCpu, engine.ManyCpu));
    }

    private static void AddRowsOfO(Bench bench, Contestant engine, Contestant grains)
    {
        var rates = HttpSuite.Rates(grains.Many);
        bench.Add(
            Row.Of("postgres.o.256", "O: Orleans grains that write their state through Orleans' storage", "cuts/s", rates),
            Row.Ratio("postgres.cuts/o", "engine ÷ O", HttpSuite.Rates(engine.Many), rates, floor: 5, goal: 12),
            Row.Of("postgres.o.256.p99", "O, p99 at saturation", "ms", HttpSuite.Percentiles(grains.Many, 99)),
            Row.Of("postgres.o.cpu", "O: CPU time for one cut, server and database", "µs", grains.ManyCpu));
    }
}
