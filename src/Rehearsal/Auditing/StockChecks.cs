using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>That every unit of a campaign's stock is free, held or sold, and held and sold by somebody.</summary>
internal static class StockChecks
{
    public static void Check(Evidence evidence, Findings findings)
    {
        foreach (var (campaignId, view) in evidence.Campaigns)
        {
            if (view.Figures is not { } stock)
            {
                findings.Note($"{campaignId} shows no stock figures: not checked");
                continue;
            }

            var campaign = evidence.Facts.Campaigns[campaignId];
            findings.Check(AuditRules.StockConserved, campaignId, stock.Free + stock.Held + stock.Sold == stock.Total && stock.Total == campaign.Stock,
                () => $"free {stock.Free} + held {stock.Held} + sold {stock.Sold}, total {stock.Total}, published {campaign.Stock}");
            if (campaign.Play == "bargain") Bargains(evidence, campaign, stock, findings);
            else Teams(evidence, campaign, stock, findings);
        }
    }

    private static void Bargains(Evidence evidence, CampaignPublished campaign, StockReply stock, Findings findings)
    {
        var statuses = evidence.KnownBargains.Where(b => b.CampaignId == campaign.CampaignId).Select(b => b.Status).ToArray();
        var held = statuses.Count(s => s == "won" || (s == "open" && campaign.ReserveAtStart));
        var sold = statuses.Count(s => s == "claimed");
        findings.Check(AuditRules.StockConserved, campaign.CampaignId, stock.Held == held && stock.Sold == sold,
            () => $"held {stock.Held}, sold {stock.Sold}; by its bargains held {held}, sold {sold}");
    }

    private static void Teams(Evidence evidence, CampaignPublished campaign, StockReply stock, Findings findings)
    {
        var teams = evidence.KnownTeams.Where(t => t.CampaignId == campaign.CampaignId).ToArray();
        var seats = teams.SelectMany(t => t.Seats).ToArray();
        var paidAlone = evidence.Events.Count(e => e.Type == "purchase.paid" && e.CampaignId == campaign.CampaignId);
        var running = seats.Count(s => s.Status is "held" or "paid");
        var sold = seats.Count(s => s.Status == "confirmed") + paidAlone;
        var heldAlone = evidence.Facts.Purchases.Values.Count(p => p.CampaignId == campaign.CampaignId
            && p.HoldExpiresAt > evidence.ReadAt && !evidence.Facts.Payments.Contains(p.PurchaseId));
        findings.Check(AuditRules.StockConserved, campaign.CampaignId, stock.Held == running + heldAlone && stock.Sold == sold,
            () => $"held {stock.Held}, sold {stock.Sold}; by its seats and purchases held {running + heldAlone}, sold {sold}");
    }
}
