using System.Globalization;
using System.Text;
using SocialCommerce.Rehearsal.Auditing;

namespace SocialCommerce.Rehearsal.Reporting;

/// <summary>The report and the audit as plain aligned text.</summary>
internal static class ReportText
{
    private const int BreachesShownMax = 200;

    public static string Of(Report report)
    {
        var text = new StringBuilder();
        var run = report.Run;
        text.AppendLine()
            .AppendLine(Invariant($"REPORT  run {run.RunId}, seed {run.Seed}, {run.Shoppers} shoppers, {run.Friendships} friendships, {run.Owners} start by themselves"))
            .AppendLine(Invariant($"  played {run.PlayedSeconds:0.0} s, {run.Requests} requests, {run.RequestsPerSecond:0} a second, at most {run.Concurrency} at a time"))
            .AppendLine(Invariant($"  cuts {run.Cuts}, repeats answered {run.Repeats}, outcomes unknown {run.Unknown}"));
        foreach (var away in report.Away) text.AppendLine(Invariant($"  the engine was away for {away.Seconds:0.0} s from {away.From:HH:mm:ss.fff} UTC"));
        Bargains(report, text);
        Teams(report, text);
        Refusals(report, text);
        Latency(report, text);
        return text.ToString();
    }

    public static string Of(Findings findings, int unknown)
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine(Invariant($"AUDIT  {findings.Checks} checks, {findings.Breaches.Count} broken; outcomes unknown to the record: {unknown}"));
        var table = new TextTable("rule", "checked", "broken");
        foreach (var (rule, times, broken) in findings.ByRule.Where(r => r.Checked > 0)) table.Add(rule.Name, N(times), N(broken));
        text.Append(table);
        foreach (var breach in findings.Breaches.Take(BreachesShownMax)) text.AppendLine($"BROKEN {breach.Rule}: {breach.Subject}: {breach.Text}");
        if (findings.Breaches.Count > BreachesShownMax) text.AppendLine(Invariant($"and {findings.Breaches.Count - BreachesShownMax} more (--json FILE has all)"));
        foreach (var note in findings.Notes) text.AppendLine($"note: {note}");
        text.AppendLine(findings.Hold ? "the audit holds" : "THE AUDIT DOES NOT HOLD");
        return text.ToString();
    }

    private static void Bargains(Report report, StringBuilder text)
    {
        if (report.Bargains.Count == 0) return;
        var table = new TextTable("bargains", "started", "cuts", "won", "claimed", "lapsed", "expired", "sold out", "cancelled", "open", "given away fen");
        foreach (var b in report.Bargains)
        {
            table.Add(b.CampaignId, N(b.Started), N(b.Cuts), N(b.Won), N(b.Claimed), N(b.Lapsed), N(b.Expired), N(b.SoldOut), N(b.Cancelled), N(b.Open), N(b.GivenAwayFen));
        }

        var all = report.Bargains;
        table.Add("all", N(all.Sum(b => b.Started)), N(all.Sum(b => b.Cuts)), N(all.Sum(b => b.Won)), N(all.Sum(b => b.Claimed)), N(all.Sum(b => b.Lapsed)),
            N(all.Sum(b => b.Expired)), N(all.Sum(b => b.SoldOut)), N(all.Sum(b => b.Cancelled)), N(all.Sum(b => b.Open)), N(all.Sum(b => b.GivenAwayFen)));
        text.AppendLine().Append(table);
        Fission("bargains", report.BargainFission, text);
    }

    private static void Teams(Report report, StringBuilder text)
    {
        if (report.Teams.Count == 0) return;
        var table = new TextTable("group-buys", "opened", "formed", "failed", "open", "seats", "confirmed", "refunded", "bought alone");
        foreach (var t in report.Teams)
        {
            table.Add(t.CampaignId, N(t.Opened), N(t.Formed), N(t.Failed), N(t.Open), N(t.Seats), N(t.Confirmed), N(t.Refunded), N(t.PaidAlone));
        }

        text.AppendLine().Append(table);
        Fission("group-buys", report.GroupBuyFission, text);
    }

    private static void Fission(string play, FissionFigures fission, StringBuilder text)
    {
        var table = new TextTable($"reach of {play} by level", "invites", "shoppers reached", "cuts by depth");
        foreach (var level in fission.Levels) table.Add($"level {N(level.Level)}", N(level.Invites), N(level.Reached), N(level.CutsByDepth));
        text.AppendLine().Append(table);
        text.AppendLine(Invariant($"  K = {fission.K:0.00}: brought starters per starter = {fission.BroughtStarters} / {fission.Starters}"))
            .AppendLine(Invariant($"      = {fission.InvitesPerStarter:0.0} invites per starter x {fission.InviteMadeStarter:0.0000} of them made a starter"))
            .AppendLine(Invariant($"  new shoppers (unknown to the shop, brought by a link): {fission.NewShoppers}"));
        if (fission.GivenAwayPerNewShopperFen is { } per && fission.GivenAwayFen > 0)
        {
            text.AppendLine(Invariant($"  given away on claimed bargains: {fission.GivenAwayFen} fen, {per:0.0} fen per new shopper"));
        }
    }

    private static void Refusals(Report report, StringBuilder text)
    {
        if (report.Refusals.Count == 0) return;
        var table = new TextTable("refusals", "code", "count");
        foreach (var refusal in report.Refusals) table.Add(refusal.Act, refusal.Code, N(refusal.Count));
        text.AppendLine().Append(table);
    }

    private static void Latency(Report report, StringBuilder text)
    {
        var table = new TextTable("answers", "count", "p50 ms", "p95 ms", "p99 ms", "max ms");
        foreach (var row in report.Latency) table.Add(row.Name, N(row.Count), Ms(row.P50Ms), Ms(row.P95Ms), Ms(row.P99Ms), Ms(row.MaxMs));
        text.AppendLine().Append(table);
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Ms(double ms) => ms.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
