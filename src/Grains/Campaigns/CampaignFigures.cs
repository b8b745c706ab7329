using System.Text.Json;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>The figures of every campaign, from the feed.</summary>
internal sealed class CampaignFigures(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, "figures-2", Read, TimeSpan.FromMilliseconds(500), monotonic)
{
    // More than is counted: what is read for the figures serves the other pictures, too.
    private static readonly HashSet<short> Read = [.. PublicEvents.Kinds, .. CampaignIndex.Kinds];

    private readonly Dictionary<string, CampaignTally> _campaigns = new(StringComparer.Ordinal);

    public Task<CampaignStatsView> Of(string campaignId) => Look(() =>
        (_campaigns.TryGetValue(campaignId, out var tally) ? tally.View(campaignId) : new CampaignStatsView { CampaignId = campaignId })
        with { UpTo = ReadUpTo.ToString() });

    protected override void Apply(FeedEvent happened)
    {
        if (!PublicEvents.Kinds.Contains(happened.Kind)) return;
        var type = PublicEvents.TypeOf(happened.Kind);
        if (StoredEvents.Bargains.Knows(happened.Kind))
        {
            var bargain = StoredEvents.Bargains.Decode(happened.Kind, happened.Payload);
            TallyOf(bargain.CampaignId).Count(type, bargain);
        }
        else if (StoredEvents.Teams.Knows(happened.Kind))
        {
            var team = StoredEvents.Teams.Decode(happened.Kind, happened.Payload);
            TallyOf(team.CampaignId).Count(type, team);
        }
        else if (StoredEvents.Purchases.Knows(happened.Kind))
        {
            var purchase = StoredEvents.Purchases.Decode(happened.Kind, happened.Payload);
            TallyOf(purchase.CampaignId).Count(type, purchase);
        }
        else
        {
            TallyOf(happened.Stream[Streams.CampaignPrefix.Length..]).Count(type);
        }
    }

    protected override byte[] Copy() => JsonSerializer.SerializeToUtf8Bytes(_campaigns, PictureJson.Default.DictionaryStringCampaignTally);

    protected override Task Restore(ReadOnlyMemory<byte> copy)
    {
        var kept = JsonSerializer.Deserialize(copy.Span, PictureJson.Default.DictionaryStringCampaignTally)!;
        _campaigns.Clear();
        foreach (var (campaignId, tally) in kept) _campaigns[campaignId] = tally;
        return Task.CompletedTask;
    }

    private CampaignTally TallyOf(string campaignId)
    {
        if (!_campaigns.TryGetValue(campaignId, out var tally)) _campaigns[campaignId] = tally = new CampaignTally();
        return tally;
    }
}
