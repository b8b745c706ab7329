using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>This build of the engine against another one, in turn: what a change brought. <c>./bench compare REV</c> builds the other.</summary>
internal sealed class CompareSuite : ISuite
{
    // Two windows of the same build differ by several percent: the median of so few would, too.
    private const int RoundsMin = 8;

    public string Name => "compare";

    public async Task Run(Bench bench)
    {
        if (bench.Options.OtherBuild is not { } other) throw new BenchFaultException("compare needs a revision: ./bench compare REV");
        var options = bench.Options with { RoundsAtLeast = RoundsMin };
        var postgres = BenchPostgres.Start(bench);
        var database = BenchPostgres.FamilyOf(postgres);
        await Compare(bench, options, "postgres", "PostgreSQL", database, path => Server.LaunchEngine(bench.Workshop.NewFolder("engine"), postgres.CreateDatabase(), path), other);
        await Compare(bench, options, "sqlite", "SQLite", ProcessFamily.None, path => Server.LaunchEngine(bench.Workshop.NewFolder("engine"), program: path), other);
    }

    private static async Task Compare(Bench bench, BenchOptions options, string store, string storeName, ProcessFamily database, Func<string, Server> launch, string otherPath)
    {
        using var one = new Contestant("this build", launch(Server.SiloPath));
        using var other = new Contestant("the other build", launch(otherPath));
        foreach (var contestant in new[] { one, other })
        {
            await contestant.Prepare(options);
            await contestant.PrepareTeams(options);
        }

        bench.Say($"  {storeName}: both are warm");
        for (var round = 0; round < options.Rounds; round++)
        {
            Contestant[] inTurn = round % 2 == 0 ? [one, other] : [other, one];
            foreach (var contestant in inTurn) await contestant.MeasureMany(options.ShortWindow, database);
            foreach (var contestant in inTurn) await contestant.MeasureFew(options, database);
            foreach (var contestant in inTurn) await contestant.MeasureHot(round, options, database);
            foreach (var contestant in inTurn) await contestant.MeasureTeam(options, database);
            bench.Say($"  round {round + 1} of {options.Rounds}");
        }

        foreach (var contestant in new[] { one, other }) bench.Audited($"{storeName}, {contestant.Name}", await contestant.Check(cutsOfEvery: 20));
        string[] inWords = ["many bargains, 256 connections", "many bargains, 32 connections", "one hot bargain, 256 connections", "one team after the other, 256 connections"];
        string[] shorts = ["many", "few", "hot", "team"];
        var (ones, others) = (ResultsOf(one), ResultsOf(other));
        for (var i = 0; i < shorts.Length; i++)
        {
            var row = $"{store}.{shorts[i]}";
            bench.Add(
                Row.Of(row, $"{storeName}, {inWords[i]}: this build", "/s", HttpSuite.Rates(ones[i].Results)),
                Row.Ratio($"{row}.rate", "rate, this build ÷ the other", HttpSuite.Rates(ones[i].Results), HttpSuite.Rates(others[i].Results)),
                Row.Ratio($"{row}.cpu", "CPU time for one request, this build ÷ the other", ones[i].Cpu, others[i].Cpu),
                Row.Ratio($"{row}.p99", "p99, this build ÷ the other", HttpSuite.Percentiles(ones[i].Results, 99), HttpSuite.Percentiles(others[i].Results, 99)));
        }
    }

    private static (List<LoadResult> Results, List<double> Cpu)[] ResultsOf(Contestant contestant) =>
        [(contestant.Many, contestant.ManyCpu), (contestant.Few, contestant.FewCpu), (contestant.Hot, contestant.HotCpu), (contestant.Team, contestant.TeamCpu)];
}
