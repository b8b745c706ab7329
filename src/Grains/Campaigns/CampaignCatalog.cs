using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// The campaigns' definitions as this silo knows them, folded from their streams. In a single process they are never older than the last
/// change; in a cluster never older than <see cref="EngineOptions.CampaignCacheMilliseconds"/>, which a pause waits out before it answers.
/// </summary>
internal sealed class CampaignCatalog(IJournal journal, IOptions<EngineOptions> options, TimeProvider monotonic)
{
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly TimeSpan _freshFor = TimeSpan.FromMilliseconds(options.Value.CampaignCacheMilliseconds);

    /// <summary>The campaign; one that does not exist for an unknown id.</summary>
    public ValueTask<CampaignState> Find(string campaignId)
    {
        if (_known.TryGetValue(campaignId, out var known) && IsFresh(known)) return new(known.Campaign);
        return new(Load(campaignId, known));
    }

    public async ValueTask<bool> IsPaused(string campaignId) => (await Find(campaignId)).Status == Rules.CampaignStatus.Paused;

    /// <summary>The campaign's own grain has committed a change, or read its stream; what it knows lacks nothing from before <paramref name="asOf"/>.</summary>
    public void Changed(string campaignId, CampaignState campaign, long asOf) => Keep(campaignId, campaign, asOf);

    private bool IsFresh(Known known) => _freshFor == TimeSpan.Zero || monotonic.GetElapsedTime(known.ReadAt) < _freshFor;

    private async Task<CampaignState> Load(string campaignId, Known? known)
    {
        // Counted from before the read: what the answer may lack was written after this moment.
        var readAt = monotonic.GetTimestamp();
        var campaign = known?.Campaign ?? CampaignState.None;
        try
        {
            foreach (var stored in await journal.Read(Streams.Campaign(campaignId), campaign.Version))
                campaign = CampaignState.Evolve(campaign, StoredEvents.Campaigns.Decode(stored.Kind, stored.Payload));
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }

        // What does not exist is not remembered: ids cost nothing to make up.
        if (campaign.Exists) Keep(campaignId, campaign, readAt);
        return campaign;
    }

    private void Keep(string campaignId, CampaignState campaign, long readAt) => _known.AddOrUpdate(
        campaignId,
        static (_, next) => next,
        static (_, before, next) => next.Campaign.Version >= before.Campaign.Version ? next : before,
        new Known(campaign, readAt));

    private sealed record Known(CampaignState Campaign, long ReadAt);
}
