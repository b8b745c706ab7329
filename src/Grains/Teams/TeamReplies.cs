using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;
using PurchaseStatus = SocialCommerce.GrainInterfaces.PurchaseStatus;
using SeatStatus = SocialCommerce.GrainInterfaces.SeatStatus;
using TeamStatus = SocialCommerce.GrainInterfaces.TeamStatus;

namespace SocialCommerce.Grains;

/// <summary>Teams and purchases in the published language.</summary>
internal static class TeamReplies
{
    public static TeamView ViewOf(TeamState team)
    {
        var terms = team.Terms;
        return new TeamView
        {
            TeamId = team.TeamId,
            CampaignId = terms.CampaignId,
            LeaderId = team.LeaderId,
            Status = (TeamStatus)team.Status,
            Size = terms.Size,
            // Confirmed seats were paid, and stay so.
            Paid = team.Seats.Paid + team.Seats.Confirmed,
            Held = team.Seats.Held,
            Free = team.Free,
            PriceFen = team.PriceFen,
            OpenedAt = team.OpenedAt,
            ExpiresAt = team.ExpiresAt,
            EndedAt = team.EndedAt,
            Seats = [.. team.Seats.InOrder.Select(seat => ViewOf(team, seat))],
            Version = team.Version,
            Product = new Product { Id = terms.ProductId, Title = terms.ProductTitle, ImageUrl = terms.ProductImageUrl },
            Currency = terms.Currency,
            GoesAheadWith = terms.FillWhenAtLeast,
            Join = (JoinPolicy)terms.Join,
            Tiers = terms.Tiers.Length > 1 ? [.. terms.Tiers.Select(tier => new Tier { Size = tier.Size, PriceFen = tier.PriceFen })] : [],
        };
    }

    public static SeatView ViewOf(TeamState team, Seat seat) => new()
    {
        SeatId = seat.SeatId,
        TeamId = team.TeamId,
        ShopperId = seat.ShopperId,
        Status = (SeatStatus)seat.Status,
        PriceFen = seat.PriceFen,
        HoldExpiresAt = seat.Status == Rules.SeatStatus.Held ? seat.HoldExpiresAt : null,
        PaidAt = seat.PaidAt,
        Refund = ViewOf(seat.Refund),
        Depth = seat.Depth,
        SettledFen = seat.SettledFen,
    };

    /// <summary>Why there is nothing to invite to any more, by the refusal's name in rules.md; null while there is.</summary>
    public static string? UnshareableFor(TeamState team, DateTimeOffset now) => !team.Exists ? "teamNotFound" : team.StatusAt(now) switch
    {
        Rules.TeamStatus.Formed => "teamFormed",
        Rules.TeamStatus.Failed or Rules.TeamStatus.Cancelled => "teamFailed",
        _ => null,
    };

    public static PurchaseView ViewOf(PurchaseState purchase) => new()
    {
        PurchaseId = purchase.PurchaseId,
        CampaignId = purchase.Terms.CampaignId,
        ShopperId = purchase.ShopperId,
        Status = (PurchaseStatus)purchase.Status,
        PriceFen = purchase.PriceFen,
        HoldExpiresAt = purchase.HoldExpiresAt,
        PaidAt = purchase.PaidAt,
        Refund = ViewOf(purchase.Refund),
        Version = purchase.Version,
    };

    private static RefundView? ViewOf(Refund? refund) => refund is null ? null : new RefundView
    {
        Reason = NameOf(refund.Reason),
        RequestedAt = refund.RequestedAt,
        ConfirmedAt = refund.ConfirmedAt,
        AmountFen = refund.AmountFen,
        RefundId = refund.RefundId,
    };

    private static string NameOf(RefundReason reason) => reason switch
    {
        RefundReason.TeamFailed => "teamFailed",
        RefundReason.Left => "left",
        RefundReason.HoldRanOut => "holdRanOut",
        RefundReason.TierReached => "tierReached",
        RefundReason.LeaderDiscount => "leaderDiscount",
        _ => throw new InvalidOperationException($"No refund has the reason {reason}."),
    };
}
