using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>What holds for each bargain by itself: its price, its cuts, its deadline, its end.</summary>
internal static class BargainChecks
{
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(2);

    public static void Check(Evidence evidence, Findings findings)
    {
        foreach (var (bargainId, bargain) in evidence.Bargains)
        {
            Start(evidence, bargainId, bargain, findings);
            if (bargain is null) continue;
            var cuts = evidence.CutsOf(bargainId);
            Acknowledged(evidence.Facts, bargain, cuts, findings);
            Prices(bargain, cuts, findings);
            Helpers(bargain, cuts, findings);
            if (evidence.Facts.Campaigns.TryGetValue(bargain.CampaignId, out var campaign))
            {
                Policy(campaign, bargain, cuts, findings);
                Status(evidence, campaign, bargain, findings);
            }
        }
    }

    private static void Start(Evidence evidence, string bargainId, BargainReply? bargain, Findings findings)
    {
        var starts = evidence.Facts.Starts[bargainId];
        foreach (var start in starts)
        {
            findings.Check(AuditRules.StartStands, bargainId, Stands(start, bargain), () => bargain is null
                ? $"started by {start.OwnerId}, and now 404"
                : $"acknowledged {start.OwnerId} {start.CampaignId} {start.StartPriceFen}..{start.FloorPriceFen} until {start.ExpiresAt:O}, "
                    + $"now {bargain.OwnerId} {bargain.CampaignId} {bargain.StartPriceFen}..{bargain.FloorPriceFen} until {bargain.ExpiresAt:O}");
        }

        if (bargain is null) return;
        findings.Check(AuditRules.StartKnown, bargainId,
            starts.Any() || evidence.Facts.MayHaveHappened("start", bargain.CampaignId, bargain.OwnerId),
            () => $"nobody started it; its owner is {bargain.OwnerId}");
    }

    private static bool Stands(BargainStarted start, BargainReply? bargain) => bargain is not null
        && bargain.OwnerId == start.OwnerId && bargain.CampaignId == start.CampaignId && bargain.StartPriceFen == start.StartPriceFen
        && bargain.FloorPriceFen == start.FloorPriceFen && bargain.ExpiresAt == start.ExpiresAt;

    private static void Acknowledged(Facts facts, BargainReply bargain, IReadOnlyList<CutReply> cuts, Findings findings)
    {
        var listed = cuts.ToLookup(c => c.HelperId, StringComparer.Ordinal);
        foreach (var receipts in facts.Cuts[bargain.BargainId].GroupBy(c => c.HelperId, StringComparer.Ordinal))
        {
            var subject = $"{bargain.BargainId} {receipts.Key}";
            var first = receipts.First();
            findings.Check(AuditRules.CutStands, subject,
                listed[receipts.Key].Any(c => c.CutNumber == first.CutNumber && c.CutFen == first.CutFen && c.PriceFen == first.PriceFen),
                () => $"acknowledged cut {first.CutNumber} of {first.CutFen} fen to {first.PriceFen}, listed: "
                    + (listed[receipts.Key].FirstOrDefault() is { } c ? $"cut {c.CutNumber} of {c.CutFen} fen to {c.PriceFen}" : "none"));
            foreach (var again in receipts.Skip(1))
            {
                findings.Check(AuditRules.SameReceipt, subject,
                    again.CutNumber == first.CutNumber && again.CutFen == first.CutFen && again.PriceFen == first.PriceFen,
                    () => $"first cut {first.CutNumber} of {first.CutFen} fen to {first.PriceFen}, then cut {again.CutNumber} of {again.CutFen} fen to {again.PriceFen}");
            }
        }

        var acknowledged = facts.Cuts[bargain.BargainId].Select(c => c.HelperId).ToHashSet(StringComparer.Ordinal);
        foreach (var cut in cuts)
        {
            findings.Check(AuditRules.CutKnown, $"{bargain.BargainId} {cut.HelperId}",
                acknowledged.Contains(cut.HelperId) || facts.MayHaveHappened("cut", bargain.BargainId, cut.HelperId),
                () => $"cut {cut.CutNumber} of {cut.CutFen} fen was never acknowledged");
        }
    }

    private static void Prices(BargainReply bargain, IReadOnlyList<CutReply> cuts, Findings findings)
    {
        var id = bargain.BargainId;
        var sum = cuts.Sum(c => c.CutFen);
        findings.Check(AuditRules.CutsNumbered, id, bargain.CutCount == cuts.Count && cuts.Select((c, i) => c.CutNumber == i + 1).All(fits => fits),
            () => $"counts {bargain.CutCount}, listed {string.Join(' ', cuts.Select(c => c.CutNumber))}");
        findings.Check(AuditRules.SumOfCuts, id, bargain.StartPriceFen == bargain.PriceFen + sum,
            () => $"start {bargain.StartPriceFen}, price {bargain.PriceFen}, cuts {sum} fen");
        findings.Check(AuditRules.FloorHolds, id, bargain.PriceFen >= bargain.FloorPriceFen && bargain.RemainingFen == bargain.PriceFen - bargain.FloorPriceFen,
            () => $"price {bargain.PriceFen}, floor {bargain.FloorPriceFen}, remaining {bargain.RemainingFen} fen");

        var price = bargain.StartPriceFen;
        foreach (var cut in cuts)
        {
            var before = price;
            findings.Check(AuditRules.PriceChain, $"{id} cut {cut.CutNumber}",
                cut.CutFen > 0 && cut.PriceFen == before - cut.CutFen && cut.RemainingFen == cut.PriceFen - bargain.FloorPriceFen,
                () => $"{before} less {cut.CutFen} gives {cut.PriceFen} fen, remaining {cut.RemainingFen}");
            price = cut.PriceFen;
            findings.Check(AuditRules.DeadlineHolds, $"{id} cut {cut.CutNumber}", cut.At < bargain.ExpiresAt,
                () => $"{cut.HelperId} at {cut.At:O}, expired at {bargain.ExpiresAt:O}");
        }
    }

    private static void Helpers(BargainReply bargain, IReadOnlyList<CutReply> cuts, Findings findings)
    {
        foreach (var cutsOfOne in cuts.GroupBy(c => c.HelperId, StringComparer.Ordinal))
        {
            var subject = $"{bargain.BargainId} {cutsOfOne.Key}";
            findings.Check(AuditRules.CutOnce, subject, cutsOfOne.Count() == 1, () => $"has {cutsOfOne.Count()} cuts");
            findings.Check(AuditRules.OwnerNeverHelps, subject, cutsOfOne.Key != bargain.OwnerId, () => "the owner cut their own bargain");
        }
    }

    private static void Policy(CampaignPublished campaign, BargainReply bargain, IReadOnlyList<CutReply> cuts, Findings findings)
    {
        var id = bargain.BargainId;
        if (campaign.Policy == "headcount")
        {
            var atFloor = bargain.PriceFen == bargain.FloorPriceFen;
            findings.Check(AuditRules.HeadcountExact, id, atFloor ? cuts.Count == campaign.Helpers : cuts.Count < campaign.Helpers,
                () => $"{cuts.Count} cuts of {campaign.Helpers} {(atFloor ? "reached the floor" : "did not reach the floor")}");
            if (bargain.Status == "open")
            {
                var left = campaign.Helpers - bargain.CutCount;
                findings.Check(AuditRules.HeadcountExact, id, bargain.CutsNeeded is { } needed && needed.Least == left && needed.Most == left,
                    () => $"says {bargain.CutsNeeded?.Least} to {bargain.CutsNeeded?.Most} are needed, {left} are");
            }
        }
        else if (campaign is { Policy: "amounts", Existing: { } existing, New: { } fresh })
        {
            foreach (var cut in cuts)
            {
                var range = cut.NewShopper ? fresh : existing;
                findings.Check(AuditRules.AmountsInRange, $"{id} cut {cut.CutNumber}",
                    cut.CutFen <= range.MaxFen && (cut.CutFen >= range.MinFen || cut.RemainingFen == 0),
                    () => $"{cut.CutFen} fen of {(cut.NewShopper ? "a new" : "an existing")} shopper, range {range.MinFen} to {range.MaxFen}");
            }
        }
    }

    private static void Status(Evidence evidence, CampaignPublished campaign, BargainReply bargain, Findings findings)
    {
        var atFloor = bargain.PriceFen == bargain.FloorPriceFen;
        var fits = bargain.Status switch
        {
            "won" or "lapsed" => atFloor,
            "claimed" => atFloor || campaign.BuyBeforeFloor,
            "open" or "expired" or "cancelled" => !atFloor,

            // The cut that would have won may or may not stand when nothing is left to win.
            "soldOut" => !campaign.ReserveAtStart,
            _ => false,
        };
        findings.Check(AuditRules.StatusFits, bargain.BargainId, fits,
            () => $"{bargain.Status} at {bargain.PriceFen} fen, floor {bargain.FloorPriceFen}");
        findings.Check(AuditRules.EndsInTime, bargain.BargainId, bargain.Status != "open" || evidence.ReadAt < bargain.ExpiresAt + EndGrace,
            () => $"still open {(evidence.ReadAt - bargain.ExpiresAt).TotalSeconds:0.0} s after its deadline");
        findings.Check(AuditRules.CancelStands, bargain.BargainId,
            !evidence.Facts.Cancelled.Contains(bargain.BargainId) || bargain.Status == "cancelled",
            () => $"its cancellation was acknowledged, and it is {bargain.Status}");
    }
}
