using Npgsql;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>The engine on PostgreSQL against plain SQL on the same server, each behind HTTP, in turn.</summary>
internal sealed class PostgresSuite : ISuite
{
    private const string Engine = $"{Machine.EngineName} on PostgreSQL";
    private const int Many = 256;
    private const int Few = 32;
    private const int TeamsPerRound = 20;

    /// <summary>Of the throw-away server: memory as a small machine gives it, and no checkpoint in the middle of a window.</summary>
    public static readonly string[] Settings = ["shared_buffers=512MB", "max_wal_size=8GB", "checkpoint_timeout=30min"];

    public string Name => "postgres";

    public async Task Run(Bench bench)
    {
        if (PostgresBinaries.Missing is { } missing) throw new BenchFaultException(missing);
        var postgres = bench.Workshop.Keep(ThrowawayPostgres.Start(Settings));
        using var engine = new Contestant("engine", Server.LaunchEngine(bench.Workshop.NewFolder("engine"), postgres.CreateDatabase()));
        using var single = new Contestant("s", Server.LaunchSelf("baseline S", "baseline", "--how", "s", "--store", postgres.CreateDatabase()));
        using var interactive = new Contestant("t", Server.LaunchSelf("baseline T", "baseline", "--how", "t", "--store", postgres.CreateDatabase()));
        using var grains = OrleansBaseline.IsHere ? new Contestant("o", await OrleansBaseline.Launch(postgres.CreateDatabase())) : null;
        Contestant[] all = grains is null ? [engine, single, interactive] : [engine, single, interactive, grains];
        foreach (var contestant in all) await contestant.Prepare(bench.Options);
        var database = new ProcessFamily(PostmasterOf(postgres));
        var teams = await TeamField.Open(engine.Port, "teams", TeamsPerRound * (bench.Options.Rounds + 2));
        await Load.Closed(engine.Port, Many, bench.Options.Window, teams);
        List<LoadResult> team = [];
        bench.Say($"  {all.Length} servers are warm");

        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            // What is compared is measured one right after the other, and every other round the other way round: how much a shared machine
            // gives changes within seconds.
            Contestant[] inTurn = round % 2 == 0 ? all : [.. Enumerable.Reverse(all)];
            Contestant[] two = [.. inTurn.Where(contestant => contestant == engine || contestant == single)];
            foreach (var contestant in inTurn) await contestant.MeasureMany(bench.Options, database, two.Contains(contestant));
            foreach (var contestant in two) await contestant.MeasureFew(bench.Options);
            foreach (var contestant in two) await contestant.MeasureHot(round, bench.Options);
            team.Add((await Load.Closed(engine.Port, Many, bench.Options.ShortWindow, teams)).Clean("joins of one team"));
            bench.Say($"  round {round + 1} of {bench.Options.Rounds}");
        }

        foreach (var contestant in all) bench.Audited($"postgres, {contestant.Name}", await contestant.Check(bench.Options.Quick ? 20 : 4));
        bench.Audited("postgres, teams", await teams.Check(engine.Port));
        AddRows(bench, engine, single, interactive, team);
        if (grains is not null) AddRowsOfO(bench, engine, grains);
    }

    private static void AddRows(Bench bench, Contestant engine, Contestant single, Contestant interactive, List<LoadResult> team)
    {
        var (rates, ratesOfS, ratesOfT) = (HttpSuite.Rates(engine.Many), HttpSuite.Rates(single.Many), HttpSuite.Rates(interactive.Many));
        var (few, fewOfS) = (HttpSuite.Rates(engine.Few), HttpSuite.Rates(single.Few));
        var (hot, hotOfS) = (HttpSuite.Rates(engine.Hot), HttpSuite.Rates(single.Hot));
        bench.Add(
            Row.Of("postgres.cuts.256", $"{Engine}: cuts over {bench.Options.Bargains} bargains, {Many} connections", "cuts/s", rates),
            Row.Of("postgres.s.256", "S: one statement per help", "cuts/s", ratesOfS),
            Row.Of("postgres.t.256", "T: one interactive transaction per help", "cuts/s", ratesOfT),
            Row.Ratio("postgres.cuts/t", "engine ÷ T", rates, ratesOfT, floor: 3, goal: 8),
            Row.Ratio("postgres.cuts/s", "engine ÷ S", rates, ratesOfS, floor: 2, goal: 5),
            Row.Of("postgres.cuts.256.p99", "engine, p99 at saturation", "ms", HttpSuite.Percentiles(engine.Many, 99)),
            Row.Of("postgres.s.256.p99", "S, p99 at saturation", "ms", HttpSuite.Percentiles(single.Many, 99)),
            Row.Of("postgres.p99/s", "p99 at saturation, engine ÷ S", "x",
                HttpSuite.Percentiles(engine.Many, 99).Zip(HttpSuite.Percentiles(single.Many, 99), (one, other) => one / other), floor: 1, goal: 0.5, moreIsBetter: false),
            Row.Of("postgres.cuts.32", $"{Engine}: {Few} connections", "cuts/s", few),
            Row.Of("postgres.s.32", "S: the same", "cuts/s", fewOfS),
            Row.Ratio("postgres.cuts.32/s", "engine ÷ S, 32 connections", few, fewOfS, floor: 2, goal: 4),
            Row.Of("postgres.cuts.32.p99", "engine, p99, 32 connections", "ms", HttpSuite.Percentiles(engine.Few, 99), floor: 10, goal: 5, moreIsBetter: false),
            Row.Of("postgres.hot", $"{Engine}: one hot bargain", "cuts/s", hot),
            Row.Of("postgres.s.hot", "S: the same", "cuts/s", hotOfS),
            Row.Ratio("postgres.hot/s", "engine ÷ S, one hot bargain", hot, hotOfS, floor: 10, goal: 20),
            Row.Of("postgres.team", $"{Engine}: seats of one 1,000-seat team after the other, {Many} connections", "seats/s", HttpSuite.Rates(team)),
            Row.Ratio("postgres.team/s", "engine, one team ÷ S, one hot bargain", HttpSuite.Rates(team), hotOfS, floor: 10, goal: 20),
            Row.Of("postgres.cpu", "engine: CPU time for one cut, server and database", "µs", engine.Cpu),
            Row.Of("postgres.s.cpu", "S: the same", "µs", single.Cpu),
            Row.Of("postgres.t.cpu", "T: the same", "µs", interactive.Cpu),
            Row.Ratio("postgres.cpu.s", "CPU time for one cut, S ÷ engine", single.Cpu, engine.Cpu),
            Row.Ratio("postgres.cpu.t", "CPU time for one cut, T ÷ engine", interactive.Cpu, engine.Cpu));
    }

    private static void AddRowsOfO(Bench bench, Contestant engine, Contestant grains)
    {
        var rates = HttpSuite.Rates(grains.Many);
        bench.Add(
            Row.Of("postgres.o.256", "O: Orleans grains that write their state through Orleans' storage", "cuts/s", rates),
            Row.Ratio("postgres.cuts/o", "engine ÷ O", HttpSuite.Rates(engine.Many), rates, floor: 5, goal: 12),
            Row.Of("postgres.o.256.p99", "O, p99 at saturation", "ms", HttpSuite.Percentiles(grains.Many, 99)),
            Row.Of("postgres.o.cpu", "O: CPU time for one cut, server and database", "µs", grains.Cpu));
    }

    /// <summary>Its process id, once it is sure that the server writes through to disk.</summary>
    private static int PostmasterOf(ThrowawayPostgres postgres)
    {
        using var source = NpgsqlDataSource.Create(postgres.AdminConnectionString);
        using var asked = source.CreateCommand("SELECT pg_backend_pid()");
        var postmaster = ProcessFamily.ParentOf((int)asked.ExecuteScalar()!);
        using var command = source.CreateCommand("SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit') || ' ' || current_setting('full_page_writes')");
        if (command.ExecuteScalar() is not "on on on" and var found) throw new BenchFaultException($"fsync, synchronous_commit, full_page_writes are {found}");
        return postmaster;
    }

    /// <summary>One of the servers compared, with its own bargains and its results.</summary>
    private sealed class Contestant(string name, Server server) : IDisposable
    {
        private readonly List<HotCuts> _hots = [];
        private BargainField? _field;
        private BargainField? _hotField;
        private SpreadCuts? _spread;

        public string Name => name;
        public int Port => server.Port;
        public List<LoadResult> Many { get; } = [];
        public List<LoadResult> Few { get; } = [];
        public List<LoadResult> Hot { get; } = [];
        public List<double> Cpu { get; } = [];

        public async Task Prepare(BenchOptions options)
        {
            await server.Ready();
            _field = await BargainField.Start(server.Port, "field", options.Bargains);
            _hotField = await BargainField.Start(server.Port, "hot", options.Rounds + 1);
            _spread = new SpreadCuts(_field, "s");
            for (var bargain = 0; bargain <= options.Rounds; bargain++) _hots.Add(new HotCuts(_hotField, $"h{bargain}-", bargain));
            await WarmUp.Run(server, PostgresSuite.Many, options, _spread);
            await Load.Closed(server.Port, PostgresSuite.Many, options.ShortWindow, _hots[options.Rounds]);
        }

        public async Task MeasureMany(BenchOptions options, ProcessFamily database, bool longer)
        {
            var cpu = server.CpuTime + database.CpuTime;
            Many.Add((await Load.Closed(server.Port, PostgresSuite.Many, longer ? options.Window : options.ShortWindow, _spread!)).Clean($"{name}: cuts"));
            Cpu.Add((server.CpuTime + database.CpuTime - cpu).TotalMicroseconds / Many[^1].Answered);
        }

        public async Task MeasureFew(BenchOptions options) =>
            Few.Add((await Load.Closed(server.Port, PostgresSuite.Few, options.ShortWindow, _spread!)).Clean($"{name}: few connections"));

        public async Task MeasureHot(int round, BenchOptions options) =>
            Hot.Add((await Load.Closed(server.Port, PostgresSuite.Many, options.ShortWindow, _hots[round])).Clean($"{name}: one hot bargain"));

        public async Task<string> Check(int cutsOfEvery)
        {
            server.ThrowIfEnded();
            var spread = await Audit.Check(server.Port, _field!, [_spread!], cutsOfEvery);
            return $"{spread}; hot: {await Audit.Check(server.Port, _hotField!, _hots)}";
        }

        public void Dispose() => server.Dispose();
    }
}
