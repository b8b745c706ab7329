using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IOpenTeamsGrain"/>
[StatelessWorker, Reentrant]
internal sealed class OpenTeamsGrain(TeamBoard board, [FromKeyedServices(Clock.Domain)] TimeProvider clock) : Grain, IOpenTeamsGrain
{
    public async Task<OpenTeamPage> List(OpenTeamsQuery query)
    {
        var teams = await board.OpenTeams(this.GetPrimaryKeyString(), clock.GetUtcNow(), query.Except);
        var after = Math.Clamp(query.After, 0, teams.Length);
        var count = Math.Min(Math.Clamp(query.Limit, 1, 200), teams.Length - after);
        return new OpenTeamPage { Items = teams.Slice(after, count), Next = after + count < teams.Length ? after + count : null };
    }
}
