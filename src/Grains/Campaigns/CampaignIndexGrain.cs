using System.Collections.Immutable;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="ICampaignIndexGrain"/>
/// <remarks>Follows the feed's campaign events up to the moment of the question, so that what was just published is listed.</remarks>
[StatelessWorker(1), Reentrant]
internal sealed class CampaignIndexGrain(IJournal journal) : Grain, ICampaignIndexGrain
{
    private static readonly HashSet<short> Kinds = [10, 11];

    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);
    private FeedPosition _readUpTo = FeedPosition.Start;

    public async Task<CampaignPage> List(CampaignsQuery query)
    {
        await CatchUp();
        var limit = Math.Clamp(query.Limit, 1, 200);
        var items = ImmutableArray.CreateBuilder<CampaignView>();
        string? last = null;
        foreach (var id in IdsAfter(query.After))
        {
            if (items.Count == limit) return new CampaignPage { Items = items.ToImmutable(), Next = last };
            var campaign = await GrainFactory.GetGrain<ICampaignGrain>(id).Get();
            if (campaign is null || (campaign.Status == CampaignStatus.Draft && !query.Drafts)) continue;
            items.Add(campaign);
            last = id;
        }

        return new CampaignPage { Items = items.ToImmutable() };
    }

    private string[] IdsAfter(string after) =>
        after.Length == 0 ? [.. _ids] : [.. _ids.GetViewBetween(after + '\0', "\uffff")];

    private async Task CatchUp()
    {
        try
        {
            for (var more = true; more;)
            {
                var page = await journal.Feed(_readUpTo, 1_000, Kinds);
                foreach (var happened in page.Events) _ids.Add(happened.Stream[Streams.CampaignPrefix.Length..]);
                // Reentrant: another question may have read on meanwhile.
                if (page.Next > _readUpTo) _readUpTo = page.Next;
                more = !page.AtEnd;
            }
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
    }
}
