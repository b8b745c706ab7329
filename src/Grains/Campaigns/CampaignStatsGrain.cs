using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="ICampaignStatsGrain"/>
[StatelessWorker, Reentrant]
internal sealed class CampaignStatsGrain(CampaignFigures figures) : Grain, ICampaignStatsGrain
{
    public Task<CampaignStatsView> Get() => figures.Of(this.GetPrimaryKeyString());
}
