namespace SocialCommerce.Simulation.Tests;

/// <summary>The public events of rules.md and contracts.md by the numbers that they are stored under.</summary>
internal static class PublicTypes
{
    private static readonly Dictionary<short, string> Types = new()
    {
        [11] = "campaign.published", [12] = "campaign.paused", [13] = "campaign.resumed", [14] = "campaign.closed",
        [100] = "bargain.started", [101] = "bargain.cut", [102] = "bargain.won", [103] = "bargain.claimed", [104] = "bargain.lapsed",
        [105] = "bargain.expired", [106] = "bargain.soldOut", [107] = "bargain.cancelled",
        [200] = "team.opened", [201] = "seat.held", [202] = "seat.paid", [203] = "seat.released", [204] = "seat.left", [205] = "team.leaderChanged",
        [206] = "team.formed", [207] = "team.failed", [208] = "seat.confirmed", [209] = "refund.requested", [210] = "refund.confirmed",
        [250] = "purchase.held", [251] = "purchase.paid", [252] = "purchase.released", [253] = "refund.requested", [254] = "refund.confirmed",
    };

    public static string? Of(short kind) => Types.GetValueOrDefault(kind);
}
