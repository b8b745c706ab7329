using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>Puts the campaign's id on events that a rule has decided.</summary>
internal static class Identified
{
    public static IReadOnlyList<BargainEvent> In(string campaignId, IReadOnlyList<BargainEvent> events) =>
        Each(campaignId, events, static happened => happened.CampaignId, static (id, happened) => happened with { CampaignId = id });

    public static IReadOnlyList<TeamEvent> In(string campaignId, IReadOnlyList<TeamEvent> events) =>
        Each(campaignId, events, static happened => happened.CampaignId, static (id, happened) => happened with { CampaignId = id });

    public static IReadOnlyList<PurchaseEvent> In(string campaignId, IReadOnlyList<PurchaseEvent> events) =>
        Each(campaignId, events, static happened => happened.CampaignId, static (id, happened) => happened with { CampaignId = id });

    public static IReadOnlyList<CampaignEvent> In(string campaignId, IReadOnlyList<CampaignEvent> events) =>
        Each(campaignId, events, static happened => happened.CampaignId, static (id, happened) => happened with { CampaignId = id });

    private static IReadOnlyList<TEvent> Each<TEvent>(string campaignId, IReadOnlyList<TEvent> events, Func<TEvent, string> idOf, Func<string, TEvent, TEvent> with)
    {
        // An event that comes by the thousand is made with it.
        if (events.Count == 1 && idOf(events[0]) == campaignId) return events;
        var identified = new TEvent[events.Count];
        for (var i = 0; i < identified.Length; i++) identified[i] = with(campaignId, events[i]);
        return identified;
    }
}
