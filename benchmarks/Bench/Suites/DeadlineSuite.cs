using System.Globalization;

namespace SocialCommerce.Bench;

/// <summary>How late bargains end by themselves when a thousand are due every second, among others that are not.</summary>
internal sealed class DeadlineSuite : ISuite
{
    private const int DuePerSecond = 1_000;

    public string Name => "deadlines";

    public async Task Run(Bench bench)
    {
        var due = DuePerSecond * (bench.Options.Quick ? 3 : 10);
        using var server = await Server.LaunchEngine(bench.Workshop.NewFolder("deadlines")).Ready();
        await BargainField.Start(server.Port, "open", bench.Options.Bargains);
        // Due from some seconds after the last start on, at the pace at which they were started.
        var field = await BargainField.Start(server.Port, "due", due, durationSeconds: (due / DuePerSecond) + 5, perSecond: DuePerSecond);
        var lags = new Latencies();
        var ends = await Ends.Of(server.Port, field.Ids);
        foreach (var end in ends) lags.Add(end.EndedAt - end.ExpiresAt);

        var spread = ends.Max(end => end.ExpiresAt) - ends.Min(end => end.ExpiresAt);
        bench.Audited(Name, string.Create(CultureInfo.InvariantCulture, $"{ends.Count:#,##0} bargains due within {spread.TotalSeconds:0.0} s, every one ended once as expired, none early"));
        bench.Add(
            Row.Of("deadlines.p50", $"{Machine.EngineName} on SQLite: lag of the end, {DuePerSecond} due a second, {bench.Options.Bargains} more open; p50", "s", [lags.Percentile(50) / 1_000]),
            Row.Of("deadlines.p99", "the same, p99", "s", [lags.Percentile(99) / 1_000], floor: 1, goal: 0.25, moreIsBetter: false),
            Row.Of("deadlines.max", "the same, the latest", "s", [lags.Percentile(100) / 1_000]));
    }
}
