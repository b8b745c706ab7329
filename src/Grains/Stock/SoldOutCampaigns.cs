using System.Collections.Concurrent;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// Campaigns that somebody was refused in for want of a unit. Of these the stock is asked before anything is made: most who come to a launch come
/// when there is nothing left, and that answer should cost the least.
/// </summary>
internal sealed class SoldOutCampaigns(GrainReferences grains)
{
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>Somebody was refused just now.</summary>
    public void Saw(string campaignId) => _seen.TryAdd(campaignId, true);

    /// <summary>Whether there is no unit left; false where only the commit can tell.</summary>
    public ValueTask<bool> Has(string campaignId) => _seen.ContainsKey(campaignId) ? new(IsStillSoldOut(campaignId)) : new(false);

    private async Task<bool> IsStillSoldOut(string campaignId)
    {
        if ((await grains.Of<IStockGrain>(Streams.Stock(campaignId)).Get()).Free == 0) return true;
        _seen.TryRemove(campaignId, out _);
        return false;
    }
}
