using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>Puts the campaign's id on events that a rule has decided.</summary>
internal static class Identified
{
    public static IReadOnlyList<BargainEvent> In(string campaignId, IReadOnlyList<BargainEvent> events) =>
        [.. events.Select(happened => happened with { CampaignId = campaignId })];

    public static IReadOnlyList<TeamEvent> In(string campaignId, IReadOnlyList<TeamEvent> events) =>
        [.. events.Select(happened => happened with { CampaignId = campaignId })];

    public static IReadOnlyList<PurchaseEvent> In(string campaignId, IReadOnlyList<PurchaseEvent> events) =>
        [.. events.Select(happened => happened with { CampaignId = campaignId })];

    public static IReadOnlyList<CampaignEvent> In(string campaignId, IReadOnlyList<CampaignEvent> events) =>
        [.. events.Select(happened => happened with { CampaignId = campaignId })];
}
