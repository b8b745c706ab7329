using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>How late bargains end by themselves when a thousand are due every second, among others that are not.</summary>
internal sealed class DeadlineSuite : ISuite
{
    private const int DuePerSecond = 1_000;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);

    public string Name => "deadlines";

    public async Task Run(Bench bench)
    {
        var due = DuePerSecond * (bench.Options.Quick ? 3 : 10);
        using var server = await Server.LaunchEngine(bench.Workshop.NewFolder("deadlines")).Ready();
        await BargainField.Start(server.Port, "open", bench.Options.Bargains);
        // Due from some seconds after the last start on, at the pace at which they were started.
        var field = await BargainField.Start(server.Port, "due", due, durationSeconds: (due / DuePerSecond) + 5, perSecond: DuePerSecond);
        var lags = new Latencies();
        var ends = await Ends(server, field);
        foreach (var (expiresAt, endedAt) in ends) lags.Add(endedAt - expiresAt);

        var spread = ends.Max(end => end.ExpiresAt) - ends.Min(end => end.ExpiresAt);
        bench.Audited(Name, string.Create(CultureInfo.InvariantCulture, $"{ends.Count:#,##0} bargains due within {spread.TotalSeconds:0.0} s, every one ended once as expired, none early"));
        bench.Add(
            Row.Of("deadlines.p50", $"{Machine.EngineName} on SQLite: lag of the end, {DuePerSecond} due a second, {bench.Options.Bargains} more open; p50", "s", [lags.Percentile(50) / 1_000]),
            Row.Of("deadlines.p99", "the same, p99", "s", [lags.Percentile(99) / 1_000], floor: 1, goal: 0.25, moreIsBetter: false),
            Row.Of("deadlines.max", "the same, the latest", "s", [lags.Percentile(100) / 1_000]));
    }

    private static async Task<List<(DateTimeOffset ExpiresAt, DateTimeOffset EndedAt)>> Ends(Server server, BargainField field)
    {
        var ends = new List<(DateTimeOffset, DateTimeOffset)>(field.Ids.Count);
        using var wire = new WireConnection();
        await wire.Connect(server.Port);
        var patience = Stopwatch.StartNew();
        // From the last to the first: reading must not disturb those that are being ended.
        for (var i = field.Ids.Count - 1; i >= 0;)
        {
            var request = Requests.Get($"/v1/bargains/{field.Ids[i]}");
            request.CopyTo(wire.Request, 0);
            if (await wire.Exchange(request.Length) is not 200 and var status) throw new BenchFaultException($"reading a bargain answered {status}");
            using var bargain = JsonDocument.Parse(wire.Body.ToArray());
            var (expiresAt, how) = (bargain.RootElement.GetProperty("expiresAt").GetDateTimeOffset(), bargain.RootElement.GetProperty("status").GetString());
            if (how == "open")
            {
                if (patience.Elapsed > EndPatience) throw new BenchFaultException($"a bargain due at {expiresAt:O} was still open {EndPatience.TotalSeconds} s later");
                await Task.Delay(250);
                continue;
            }

            var endedAt = bargain.RootElement.GetProperty("endedAt").GetDateTimeOffset();
            if (how != "expired" || endedAt < expiresAt) throw new BenchFaultException($"a bargain due at {expiresAt:O} is {how} since {endedAt:O}");
            ends.Add((expiresAt, endedAt));
            i--;
        }

        await Task.Yield();
        return ends;
    }
}
