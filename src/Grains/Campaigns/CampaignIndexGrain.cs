using System.Collections.Immutable;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="ICampaignIndexGrain"/>
[StatelessWorker, Reentrant]
internal sealed class CampaignIndexGrain(CampaignIndex index) : Grain, ICampaignIndexGrain
{
    public async Task<CampaignPage> List(CampaignsQuery query)
    {
        var limit = Math.Clamp(query.Limit, 1, 200);
        var items = ImmutableArray.CreateBuilder<CampaignView>();
        string? last = null;
        foreach (var id in await index.After(query.After))
        {
            if (items.Count == limit) return new CampaignPage { Items = items.ToImmutable(), Next = last };
            var campaign = await GrainFactory.GetGrain<ICampaignGrain>(id).Get();
            if (campaign is null || (campaign.Status == CampaignStatus.Draft && !query.Drafts)) continue;
            items.Add(campaign);
            last = id;
        }

        return new CampaignPage { Items = items.ToImmutable() };
    }
}
