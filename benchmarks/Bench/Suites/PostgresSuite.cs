using Npgsql;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>The engine on PostgreSQL against plain SQL on the same server, each behind HTTP, in turn.</summary>
internal sealed class PostgresSuite : ISuite
{
    private const string Engine = $"{Machine.EngineName} on PostgreSQL";
    private const int Many = 256;
    private const int Few = 32;

    public string Name => "postgres";

    public async Task Run(Bench bench)
    {
        if (PostgresBinaries.Missing is { } missing) throw new BenchFaultException(missing);
        var postgres = bench.Workshop.Keep(ThrowawayPostgres.Start("shared_buffers=512MB", "max_wal_size=8GB", "checkpoint_timeout=30min"));
        using var engine = new Contestant("engine", Server.LaunchSelf(Engine, "host", "--journal", "postgres", "--store", postgres.CreateDatabase()));
        using var single = new Contestant("s", Server.LaunchSelf("baseline S", "baseline", "--how", "s", "--store", postgres.CreateDatabase()));
        using var interactive = new Contestant("t", Server.LaunchSelf("baseline T", "baseline", "--how", "t", "--store", postgres.CreateDatabase()));
        Contestant[] all = [engine, single, interactive];
        foreach (var contestant in all) await contestant.Prepare(bench.Options);
        var database = new ProcessFamily(PostmasterOf(postgres));
        bench.Say("  three servers are warm");

        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var contestant in all) await contestant.Measure(round, bench.Options, database, few: contestant != interactive, hot: contestant != interactive);
        }

        foreach (var contestant in all) bench.Audited($"postgres, {contestant.Name}", await contestant.Check(bench.Options.Quick ? 20 : 4));
        AddRows(bench, engine, single, interactive);
    }

    private static void AddRows(Bench bench, Contestant engine, Contestant single, Contestant interactive)
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
            Row.Of("postgres.cpu", "engine: CPU time for one cut, server and database", "µs", engine.Cpu),
            Row.Of("postgres.s.cpu", "S: the same", "µs", single.Cpu),
            Row.Of("postgres.t.cpu", "T: the same", "µs", interactive.Cpu),
            Row.Ratio("postgres.cpu.s", "CPU time for one cut, S ÷ engine", single.Cpu, engine.Cpu),
            Row.Ratio("postgres.cpu.t", "CPU time for one cut, T ÷ engine", interactive.Cpu, engine.Cpu));
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
            await Load.Closed(server.Port, PostgresSuite.Many, options.WarmUp, _spread);
            await Load.Closed(server.Port, PostgresSuite.Many, options.ShortWindow, _hots[options.Rounds]);
        }

        public async Task Measure(int round, BenchOptions options, ProcessFamily database, bool few, bool hot)
        {
            var cpu = server.CpuTime + database.CpuTime;
            Many.Add((await Load.Closed(server.Port, PostgresSuite.Many, options.Window, _spread!)).Clean($"{name}: cuts"));
            Cpu.Add((server.CpuTime + database.CpuTime - cpu).TotalMicroseconds / Many[^1].Answered);
            if (few) Few.Add((await Load.Closed(server.Port, PostgresSuite.Few, options.ShortWindow, _spread!)).Clean($"{name}: few connections"));
            if (hot) Hot.Add((await Load.Closed(server.Port, PostgresSuite.Many, options.ShortWindow, _hots[round])).Clean($"{name}: one hot bargain"));
        }

        public async Task<string> Check(int cutsOfEvery)
        {
            server.ThrowIfEnded();
            var spread = await Audit.Check(server.Port, _field!, [_spread!], cutsOfEvery);
            return $"{spread}; hot: {await Audit.Check(server.Port, _hotField!, _hots)}";
        }

        public void Dispose() => server.Dispose();
    }
}
