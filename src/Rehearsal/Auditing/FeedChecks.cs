using System.Text.Json;
using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>What the feed must report of bargains, and that it reports it once.</summary>
internal static class FeedChecks
{
    private static readonly string[] Ends = ["bargain.won", "bargain.expired", "bargain.soldOut", "bargain.cancelled"];

    public static void Check(Evidence evidence, Findings findings)
    {
        foreach (var same in evidence.Events.GroupBy(e => e.Id, StringComparer.Ordinal))
        {
            findings.Check(AuditRules.EventIdsUnique, same.Key, same.Key.Length > 0 && same.Count() == 1,
                () => $"{same.Count()} events: {string.Join(' ', same.Select(e => $"{e.Type} {e.SubjectId}"))}");
        }

        foreach (var subject in evidence.EventsOf) Versions(subject.Key, [.. subject], findings);
        foreach (var bargain in evidence.KnownBargains) Bargain(evidence, bargain, findings);
        OneOpenBargain(evidence, findings);
        Stats(evidence, findings);
    }

    /// <summary>How a bargain's end is told: by one of the ends, or by a claim of a bargain that was never won (bought before the floor).</summary>
    public static IEnumerable<EventReply> EndsOf(Evidence evidence, string bargainId)
    {
        var events = evidence.EventsOf[bargainId].ToArray();
        var won = events.Any(e => e.Type == "bargain.won");
        return events.Where(e => Ends.Contains(e.Type) || (e.Type == "bargain.claimed" && !won));
    }

    // A bargain has no event that is not public. A team has one, the change of its leader after one left; a campaign may have more.
    private static void Versions(string subjectId, EventReply[] events, Findings findings)
    {
        var ofCampaign = events[0].Type.StartsWith("campaign.", StringComparison.Ordinal);
        var rising = events.Zip(events.Skip(1)).All(pair => pair.First.Version < pair.Second.Version);
        var missing = events[^1].Version - events[0].Version + 1 - events.Length;
        var whole = ofCampaign || (events[0].Version is 0 or 1 && missing <= events.Count(e => e.Type == "seat.left"));
        findings.Check(AuditRules.VersionsContiguous, subjectId, rising && whole,
            () => $"versions {string.Join(' ', events.Take(60).Select(e => e.Version))}");
    }

    private static void Bargain(Evidence evidence, BargainReply bargain, Findings findings)
    {
        var id = bargain.BargainId;
        var ends = EndsOf(evidence, id).ToArray();
        var expected = bargain.Status switch
        {
            "open" => null,
            "claimed" when bargain.PriceFen > bargain.FloorPriceFen => "bargain.claimed",
            "claimed" or "lapsed" => "bargain.won",
            _ => $"bargain.{bargain.Status}",
        };
        findings.Check(AuditRules.EndsOnce, id, expected is null ? ends.Length == 0 : ends.Length == 1 && ends[0].Type == expected,
            () => $"is {bargain.Status}, reported: {(ends.Length == 0 ? "no end" : string.Join(' ', ends.Select(e => e.Type)))}");

        var cuts = evidence.EventsOf[id].Count(e => e.Type == "bargain.cut");
        findings.Check(AuditRules.CutsInFeed, id, cuts == bargain.CutCount, () => $"{bargain.CutCount} cuts, {cuts} reported");
        Claim(evidence, bargain, findings);
    }

    private static void Claim(Evidence evidence, BargainReply bargain, Findings findings)
    {
        var id = bargain.BargainId;
        var claims = evidence.Facts.Claims[id].ToArray();
        var reported = evidence.EventsOf[id].Count(e => e.Type == "bargain.claimed");
        var lapsed = evidence.EventsOf[id].Count(e => e.Type == "bargain.lapsed");
        if (claims.Length > 0)
        {
            findings.Check(AuditRules.ClaimOnce, id, claims.All(c => c.ClaimId == claims[0].ClaimId && c.PriceFen == claims[0].PriceFen),
                () => $"answered {string.Join(" and ", claims.Select(c => $"{c.ClaimId} at {c.PriceFen}").Distinct())}");
            findings.Check(AuditRules.ClaimOnce, id,
                bargain.Status == "claimed" && bargain.ClaimId == claims[0].ClaimId && bargain.PriceFen == claims[0].PriceFen,
                () => $"acknowledged claim {claims[0].ClaimId} at {claims[0].PriceFen} fen, now {bargain.Status} {bargain.ClaimId} at {bargain.PriceFen}");
        }

        findings.Check(AuditRules.ClaimOnce, id,
            reported == (bargain.Status == "claimed" ? 1 : 0) && lapsed == (bargain.Status == "lapsed" ? 1 : 0),
            () => $"is {bargain.Status}, reported: claimed {reported} times, lapsed {lapsed} times");
    }

    private static void OneOpenBargain(Evidence evidence, Findings findings)
    {
        foreach (var own in evidence.KnownBargains.GroupBy(b => (b.OwnerId, b.CampaignId)))
        {
            var inTurn = own.OrderBy(b => b.StartedAt).ToArray();
            for (var i = 1; i < inTurn.Length; i++)
            {
                var (before, next) = (inTurn[i - 1], inTurn[i]);
                findings.Check(AuditRules.OneOpenBargain, $"{own.Key.OwnerId} {own.Key.CampaignId}", next.StartedAt >= OverAt(evidence, before),
                    () => $"{next.BargainId} started at {next.StartedAt:O} while {before.BargainId} was open until {OverAt(evidence, before):O}");
            }
        }
    }

    // From the deadline on it is over, whenever that is reported.
    private static DateTimeOffset OverAt(Evidence evidence, BargainReply bargain)
    {
        var told = EndsOf(evidence, bargain.BargainId).Select(e => (DateTimeOffset?)e.OccurredAt).FirstOrDefault();
        return told < bargain.ExpiresAt ? told.Value : bargain.ExpiresAt;
    }

    // The funnel counts events by their type; the other figures' make-up is the engine's own.
    private static void Stats(Evidence evidence, Findings findings)
    {
        foreach (var (campaignId, stats) in evidence.Stats)
        {
            var counts = stats.ValueKind == JsonValueKind.Object && stats.TryGetProperty("funnel", out var funnel) && funnel.ValueKind == JsonValueKind.Object
                ? funnel.EnumerateObject().Where(f => f.Name.Contains('.', StringComparison.Ordinal) && f.Value.ValueKind == JsonValueKind.Number).ToArray()
                : [];
            if (counts.Length == 0) findings.Note($"the statistics of {campaignId} have no funnel by event type: not compared");
            foreach (var shown in counts)
            {
                var reported = evidence.Events.Count(e => e.CampaignId == campaignId && e.Type == shown.Name);
                findings.Check(AuditRules.StatsAgree, campaignId, shown.Value.GetInt64() == reported,
                    () => $"{shown.Name} {shown.Value}, the feed has {reported}");
            }
        }
    }
}
