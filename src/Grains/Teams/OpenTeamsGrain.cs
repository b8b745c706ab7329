using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IOpenTeamsGrain"/>
[StatelessWorker, Reentrant]
internal sealed class OpenTeamsGrain(TeamBoard board, [FromKeyedServices(Clock.Domain)] TimeProvider clock) : Grain, IOpenTeamsGrain
{
    public Task<OpenTeamPage> List(OpenTeamsQuery query) =>
        board.OpenTeams(this.GetPrimaryKeyString(), clock.GetUtcNow(), Math.Max(query.After, 0), Math.Clamp(query.Limit, 1, 200), query.Except);
}
