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
        foreach (var ids in (await index.After(query.After)).Chunk(limit + 1))
        {
            var campaigns = await Task.WhenAll(ids.Select(id => GrainFactory.GetGrain<ICampaignGrain>(id).Get()));
            for (var i = 0; i < ids.Length; i++)
            {
                if (items.Count == limit) return new CampaignPage { Items = items.ToImmutable(), Next = last };
                if (campaigns[i] is not { } campaign || (campaign.Status == CampaignStatus.Draft && !query.Drafts)) continue;
                items.Add(campaign);
                last = ids[i];
            }
        }

        return new CampaignPage { Items = items.ToImmutable() };
    }
}
