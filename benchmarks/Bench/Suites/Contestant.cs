namespace SocialCommerce.Bench;

/// <summary>One of the servers compared, with bargains and teams of its own and its results.</summary>
internal sealed class Contestant(string name, Server server) : IDisposable
{
    public const int ManyConnections = 256;
    public const int FewConnections = 32;

    // At most so many are filled in a round, or while they are warmed up.
    private const int TeamsPerRound = 60;

    private readonly List<HotCuts> _hots = [];
    private BargainField? _field;
    private BargainField? _hotField;
    private SpreadCuts? _spread;
    private TeamField? _teams;

    public string Name => name;
    public List<LoadResult> Many { get; } = [];
    public List<LoadResult> Few { get; } = [];
    public List<LoadResult> Hot { get; } = [];
    public List<LoadResult> Team { get; } = [];

    /// <summary>CPU time for one request, of server and database, in microseconds: over many bargains from many and from few connections, one bargain, one team.</summary>
    public List<double> ManyCpu { get; } = [];
    public List<double> FewCpu { get; } = [];
    public List<double> HotCpu { get; } = [];
    public List<double> TeamCpu { get; } = [];

    public async Task Prepare(BenchOptions options)
    {
        await server.Ready();
        _field = await BargainField.Start(server.Port, "field", options.Bargains);
        _hotField = await BargainField.Start(server.Port, "hot", options.Rounds + 1);
        _spread = new SpreadCuts(_field, "s");
        for (var bargain = 0; bargain <= options.Rounds; bargain++) _hots.Add(new HotCuts(_hotField, $"h{bargain}-", bargain));
        await WarmUp.Run(server, ManyConnections, options, _spread);
        await Load.Closed(server.Port, ManyConnections, options.ShortWindow, _hots[options.Rounds]);
    }

    /// <summary>For those that have teams.</summary>
    public async Task PrepareTeams(BenchOptions options)
    {
        _teams = await TeamField.Open(server.Port, "teams", TeamsPerRound * (options.Rounds + 2));
        await Load.Closed(server.Port, ManyConnections, options.Window, _teams);
    }

    public Task MeasureMany(TimeSpan window, ProcessFamily database) => Measure("cuts", ManyConnections, window, _spread!, Many, ManyCpu, database);

    public Task MeasureFew(BenchOptions options, ProcessFamily database) => Measure("few connections", FewConnections, options.ShortWindow, _spread!, Few, FewCpu, database);

    public Task MeasureHot(int round, BenchOptions options, ProcessFamily database) =>
        Measure("one hot bargain", ManyConnections, options.ShortWindow, _hots[round], Hot, HotCpu, database);

    public Task MeasureTeam(BenchOptions options, ProcessFamily database) => Measure("joins of one team", ManyConnections, options.ShortWindow, _teams!, Team, TeamCpu, database);

    /// <summary>Holds what the store has against what was acknowledged.</summary>
    /// <exception cref="BenchFaultException">They differ, or the server has ended.</exception>
    public async Task<string> Check(int cutsOfEvery)
    {
        server.ThrowIfEnded();
        var spread = await Audit.Check(server.Port, _field!, [_spread!], cutsOfEvery);
        var hot = await Audit.Check(server.Port, _hotField!, _hots);
        return _teams is null ? $"{spread}; hot: {hot}" : $"{spread}; hot: {hot}; teams: {await _teams.Check(server.Port)}";
    }

    public void Dispose() => server.Dispose();

    private async Task Measure(string what, int connections, TimeSpan window, Traffic traffic, List<LoadResult> results, List<double> cpus, ProcessFamily database)
    {
        var cpu = server.CpuTime + database.CpuTime;
        var result = (await Load.Closed(server.Port, connections, window, traffic)).Clean($"{name}: {what}");
        results.Add(result);
        cpus.Add((server.CpuTime + database.CpuTime - cpu).TotalMicroseconds / result.Answered);
    }
}
