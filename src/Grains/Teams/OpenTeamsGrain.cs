using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IOpenTeamsGrain"/>
[StatelessWorker, Reentrant]
internal sealed class OpenTeamsGrain(TeamBoard board, CampaignCatalog catalog, [FromKeyedServices(Clock.Domain)] TimeProvider clock) : Grain, IOpenTeamsGrain
{
    public async Task<OpenTeamPage> List(OpenTeamsQuery query)
    {
        var campaignId = this.GetPrimaryKeyString();
        var page = await board.OpenTeams(campaignId, clock.GetUtcNow(), Math.Max(query.After, 0), Math.Clamp(query.Limit, 1, 200), query.Except);
        // Ids of campaigns cost nothing to make up, and an activation stays for a quarter of an hour.
        if (page.Items.IsEmpty && !(await catalog.Find(campaignId)).Exists) DeactivateOnIdle();
        return page;
    }
}
