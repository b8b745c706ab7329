using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>What holds for every team: its seats, its money, its end.</summary>
internal static class TeamChecks
{
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(2);

    public static void Check(Evidence evidence, Findings findings)
    {
        foreach (var (teamId, team) in evidence.Teams)
        {
            Seats(evidence, teamId, team, findings);
            if (team is null) continue;
            Counts(team, findings);
            Ends(evidence, team, findings);
        }

        Units(evidence, findings);
        Purchases(evidence, findings);
    }

    private static void Seats(Evidence evidence, string teamId, TeamReply? team, Findings findings)
    {
        foreach (var seats in evidence.Facts.Seats[teamId].GroupBy(s => s.SeatId, StringComparer.Ordinal))
        {
            var acknowledged = seats.First();
            var seat = team?.Seats.FirstOrDefault(s => s.SeatId == seats.Key);
            var subject = $"{teamId} {seats.Key}";
            var money = evidence.Facts.Payments[seats.Key].Any() || evidence.Facts.Refunds[seats.Key].Any();

            // A seat that was released unpaid or left may be gone from the view; one with money on it may not.
            var mayBeGone = !money && evidence.EventsOf[teamId].Any(e => e.Type is "seat.released" or "seat.left" && e.Text("seatId") == seats.Key);
            findings.Check(AuditRules.SeatStands, subject,
                seat is not null ? seat.ShopperId == acknowledged.ShopperId && seat.PriceFen == acknowledged.PriceFen : team is not null && mayBeGone,
                () => $"acknowledged to {acknowledged.ShopperId} at {acknowledged.PriceFen} fen, now "
                    + (seat is null ? "not there" : $"{seat.ShopperId} at {seat.PriceFen} fen"));
            if (seat is not null) Money(evidence, team!, seat, findings);
        }
    }

    private static void Money(Evidence evidence, TeamReply team, SeatReply seat, Findings findings)
    {
        var subject = $"{team.TeamId} {seat.SeatId}";
        var events = evidence.EventsOf[team.TeamId].Concat(evidence.EventsOf[seat.SeatId]).Where(e => e.Text("seatId") == seat.SeatId || e.SubjectId == seat.SeatId).ToArray();
        var paid = events.Count(e => e.Type == "seat.paid");
        var refunded = events.Count(e => e.Type == "refund.confirmed");
        if (evidence.Facts.Payments[seat.SeatId].Any())
        {
            var running = team.Status == "open" && seat.Status == "paid";
            var settled = seat.Status == "confirmed" ? seat.Refund is null : seat.Refund?.ConfirmedAt is not null;
            findings.Check(AuditRules.PaymentSettled, subject, running || settled,
                () => $"paid, and now {seat.Status} in a {team.Status} team, refund "
                    + (seat.Refund is not { } refund ? "none" : refund.ConfirmedAt is null ? "requested and not confirmed" : $"confirmed at {refund.ConfirmedAt:O}"));
        }

        findings.Check(AuditRules.PaidOnce, subject, paid <= 1, () => $"seat.paid was reported {paid} times");
        var confirmed = evidence.Facts.Refunds[seat.SeatId].Any();
        findings.Check(AuditRules.RefundOnce, subject, refunded <= 1 && (!confirmed || (refunded == 1 && seat.Refund?.ConfirmedAt is not null)),
            () => $"the shop confirmed its refund: {confirmed}; shown as confirmed at {seat.Refund?.ConfirmedAt:O}, reported {refunded} times");
    }

    private static void Counts(TeamReply team, Findings findings)
    {
        var held = team.Seats.Count(s => s.Status == "held");
        var paid = team.Seats.Count(s => s.Status is "paid" or "confirmed");
        findings.Check(AuditRules.SeatsFit, team.TeamId, held + paid <= team.Size && team.Held == held && team.Paid == paid,
            () => $"size {team.Size}, says held {team.Held} and paid {team.Paid}, its seats held {held} and paid {paid}");
        foreach (var own in team.Seats.Where(s => s.Status is "held" or "paid" or "confirmed").GroupBy(s => s.ShopperId, StringComparer.Ordinal))
        {
            findings.Check(AuditRules.SeatOnce, $"{team.TeamId} {own.Key}", own.Count() == 1,
                () => $"has {own.Count()} seats: {string.Join(' ', own.Select(s => s.SeatId))}");
        }
    }

    private static void Ends(Evidence evidence, TeamReply team, Findings findings)
    {
        var ends = evidence.EventsOf[team.TeamId].Where(e => e.Type is "team.formed" or "team.failed").ToArray();
        var expected = team.Status switch { "open" => null, "formed" => "team.formed", _ => "team.failed" };
        findings.Check(AuditRules.TeamEndsOnce, team.TeamId, expected is null ? ends.Length == 0 : ends.Length == 1 && ends[0].Type == expected,
            () => $"is {team.Status}, reported: {(ends.Length == 0 ? "no end" : string.Join(' ', ends.Select(e => e.Type)))}");
        findings.Check(AuditRules.EndsInTime, team.TeamId, team.Status != "open" || evidence.ReadAt < team.ExpiresAt + EndGrace,
            () => $"still open {(evidence.ReadAt - team.ExpiresAt).TotalSeconds:0.0} s after its deadline");

        var confirmed = team.Seats.Count(s => s.Status == "confirmed");
        findings.Check(AuditRules.FormedIsFinal, team.TeamId,
            team.Status == "formed" ? confirmed == team.Size && ends.All(e => e.Type == "team.formed") : confirmed == 0,
            () => $"is {team.Status} with {confirmed} confirmed seats of {team.Size}, reported: {string.Join(' ', ends.Select(e => e.Type))}");
    }

    private static void Units(Evidence evidence, Findings findings)
    {
        var seats = evidence.KnownTeams.SelectMany(t => t.Seats.Where(s => s.Status is "held" or "paid" or "confirmed").Select(s => (t.CampaignId, s.ShopperId)));
        var alone = evidence.Facts.Purchases.Values.Where(p => evidence.Facts.Payments.Contains(p.PurchaseId)).Select(p => (p.CampaignId, p.ShopperId));
        foreach (var units in seats.Concat(alone).GroupBy(u => u))
        {
            if (!evidence.Facts.Campaigns.TryGetValue(units.Key.CampaignId, out var campaign)) continue;
            findings.Check(AuditRules.UnitLimit, $"{units.Key.ShopperId} {units.Key.CampaignId}", units.Count() <= campaign.UnitsPerShopper,
                () => $"has {units.Count()} of at most {campaign.UnitsPerShopper}");
        }
    }

    // Where a purchase's money went is told by the feed: sold, or given back and confirmed by the shop.
    private static void Purchases(Evidence evidence, Findings findings)
    {
        foreach (var purchaseId in evidence.Facts.Purchases.Keys.Where(evidence.Facts.Payments.Contains))
        {
            var paid = evidence.EventsOf[purchaseId].Count(e => e.Type == "purchase.paid");
            var refunded = evidence.EventsOf[purchaseId].Count(e => e.Type == "refund.confirmed");
            findings.Check(AuditRules.PaymentSettled, purchaseId, paid + refunded == 1,
                () => $"paid, reported: purchase.paid {paid} times, refund.confirmed {refunded} times");
        }
    }
}
