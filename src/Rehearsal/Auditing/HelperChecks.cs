using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>What holds for a helper over all bargains and campaigns.</summary>
internal static class HelperChecks
{
    // Asia/Shanghai has had no summer time since 1991, and a time zone database is not on every machine.
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    // Two silos' clocks may differ by so much.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    public static void Check(Evidence evidence, Findings findings)
    {
        var helps = Helps(evidence);
        OncePerOwnerAndProduct(helps, findings);
        DailyLimit(evidence, helps, findings);
        Me(evidence, helps, findings);
        New(evidence, helps, findings);
    }

    private sealed record Help(BargainReply Bargain, CutReply Cut, string ProductId)
    {
        public DateTime Day => Cut.At.ToOffset(Shanghai).Date;
    }

    private static ILookup<string, Help> Helps(Evidence evidence) => evidence.KnownBargains
        .SelectMany(b => evidence.CutsOf(b.BargainId).Select(c =>
            new Help(b, c, evidence.Facts.Campaigns.TryGetValue(b.CampaignId, out var campaign) ? campaign.ProductId : "")))
        .ToLookup(h => h.Cut.HelperId, StringComparer.Ordinal);

    private static void OncePerOwnerAndProduct(ILookup<string, Help> helps, Findings findings)
    {
        foreach (var same in helps.SelectMany(h => h).GroupBy(h => (h.Cut.HelperId, h.Bargain.OwnerId, h.ProductId)))
        {
            // Twice on one bargain is another rule's breach.
            var bargains = same.Select(h => h.Bargain.BargainId).Distinct().ToArray();
            findings.Check(AuditRules.OncePerOwnerAndProduct, $"{same.Key.HelperId} {same.Key.OwnerId} {same.Key.ProductId}",
                bargains.Length == 1, () => $"helped on {string.Join(" and ", bargains)}");
        }
    }

    private static void DailyLimit(Evidence evidence, ILookup<string, Help> helps, Findings findings)
    {
        var limit = evidence.Facts.DailyHelps;
        foreach (var day in helps.SelectMany(h => h).GroupBy(h => (h.Cut.HelperId, h.Day)))
        {
            findings.Check(AuditRules.DailyLimit, day.Key.HelperId, day.Count() <= limit,
                () => $"{day.Count()} helps on {day.Key.Day:yyyy-MM-dd}: {string.Join(' ', day.Select(h => h.Bargain.BargainId))}");
        }
    }

    private static void Me(Evidence evidence, ILookup<string, Help> helps, Findings findings)
    {
        foreach (var (shopperId, me) in evidence.Me)
        {
            if (me.HelpsToday is not { } today)
            {
                findings.Check(AuditRules.MeAgrees, shopperId, false, () => "its answer has no helpsToday");
                continue;
            }

            var there = helps[shopperId].Count(h => h.Cut.At < today.ResetsAt && h.Cut.At >= today.ResetsAt - TimeSpan.FromDays(1));
            findings.Check(AuditRules.MeAgrees, shopperId, today.Used == there && today.Limit == evidence.Facts.DailyHelps,
                () => $"says {today.Used} of {today.Limit}, {there} cuts of the day are there");
        }
    }

    private static void New(Evidence evidence, ILookup<string, Help> helps, Findings findings)
    {
        var firstStarts = evidence.KnownBargains.GroupBy(b => b.OwnerId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Min(b => b.StartedAt), StringComparer.Ordinal);
        foreach (var helper in helps)
        {
            var asNew = helper.Where(h => h.Cut.NewShopper).ToArray();
            if (asNew.Length == 0) continue;
            var why = new List<string>();
            if (asNew.Length > 1) why.Add($"new at {string.Join(" and ", asNew.Select(h => h.Bargain.BargainId))}");
            if (evidence.Facts.DeclaredExisting.Contains(helper.Key)) why.Add("declared existing");
            if (firstStarts.TryGetValue(helper.Key, out var started) && asNew[0].Cut.At > started + ClockSkew) why.Add($"started a bargain at {started:O}");
            findings.Check(AuditRules.NewOnce, helper.Key, why.Count == 0, () => $"counted as new, but {string.Join(", ", why)}");
        }
    }
}
