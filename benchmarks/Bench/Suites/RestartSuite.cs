using System.Diagnostics;

namespace SocialCommerce.Bench;

/// <summary>How soon the engine's executable answers a cut after its start, and after a kill -9 under load; and what is left then.</summary>
internal sealed class RestartSuite : ISuite
{
    private const string Engine = $"{Machine.EngineName} on SQLite";
    private const int Connections = 256;
    private static readonly TimeSpan FullRatePatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    public string Name => "restart";

    public async Task Run(Bench bench)
    {
        await FromStart(bench);
        await FromKill(bench);
    }

    /// <summary>A process on a folder with one open bargain.</summary>
    private static async Task FromStart(Bench bench)
    {
        var folder = bench.Workshop.NewFolder("start");
        BargainField field;
        using (var first = await Server.LaunchEngine(folder).Ready()) field = await BargainField.Start(first.Port, "start", 1);
        var cuts = new HotCuts(field, "h", 0);
        List<double> seconds = [];
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            using var server = Server.LaunchEngine(folder);
            seconds.Add(await FirstCut.After(started, server, cuts));
        }

        bench.Add(Row.Of("restart.start", $"{Engine}: process start → first cut answered", "s", seconds, floor: 5, goal: 1.5, moreIsBetter: false));
    }

    /// <summary>Killed at full load, again and again on the same data.</summary>
    private static async Task FromKill(Bench bench)
    {
        var options = bench.Options;
        var folder = bench.Workshop.NewFolder("kill");
        var server = await Server.LaunchEngine(folder).Ready();
        try
        {
            var field = await BargainField.Start(server.Port, "field", options.Bargains);
            var cuts = new SpreadCuts(field, "s");
            await WarmUp.Run(server, Connections, options, cuts);
            var rate = (await Load.Closed(server.Port, Connections, options.Window, cuts)).Clean("cuts before the kill").PerSecond;
            List<double> firstCut = [], fullRate = [];
            for (var round = 0; round < options.Rounds; round++)
            {
                var (load, result) = Load.Watched(server.Port, Connections, options.Window * 2, cuts);
                await Until(() => load.Answered > rate / 10, options.Window);
                server.Kill();
                await result;
                server.Dispose();
                var started = Stopwatch.GetTimestamp();
                server = Server.LaunchEngine(folder);
                firstCut.Add(await FirstCut.After(started, server, cuts));
                fullRate.Add(await FullRate(server, cuts, rate, started));
            }

            server.ThrowIfEnded();
            bench.Audited($"restart, {options.Rounds} times kill -9 at full load", await Audit.Check(server.Port, field, [cuts], options.Quick ? 20 : 1));
            bench.Add(
                Row.Of("restart.kill", $"{Engine}: kill -9 under load, start → first cut answered", "s", firstCut, floor: 5, goal: 1.2, moreIsBetter: false),
                Row.Of("restart.kill.rate", "the same → 90 % of the rate before", "s", fullRate, floor: 15, goal: 3, moreIsBetter: false));
        }
        finally
        {
            server.Dispose();
        }
    }

    private static async Task<double> FullRate(Server server, CutTraffic cuts, double rate, long started)
    {
        var (load, result) = Load.Watched(server.Port, Connections, FullRatePatience, cuts);
        var reached = double.NaN;
        while (!result.IsCompleted && double.IsNaN(reached))
        {
            var before = load.Answered;
            var since = Stopwatch.GetTimestamp();
            await Task.Delay(Slice);
            if ((load.Answered - before) / Stopwatch.GetElapsedTime(since).TotalSeconds >= rate * 0.9) reached = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        load.Stop();
        (await result).Clean("cuts after the restart");
        return double.IsNaN(reached) ? Stopwatch.GetElapsedTime(started).TotalSeconds : reached;
    }

    private static async Task Until(Func<bool> condition, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        // Another process tells nothing; a pause leaves it the CPU.
        while (!condition() && waited.Elapsed < patience) await Task.Delay(5);
    }
}
