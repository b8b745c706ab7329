using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>The group-buy side of a shopper.</summary>
internal sealed partial class ShopperGrain
{
    public Task<TeamReply> OpenTeam(OpenTeam request) => throw new NotSupportedException();

    public Task<SeatReply> JoinTeam(JoinTeam request) => throw new NotSupportedException();

    public Task<PurchaseReply> Buy(BuyAlone request) => throw new NotSupportedException();

    private Task<ImmutableArray<TeamView>> LiveTeams(ShopperState shopper) => Task.FromResult(ImmutableArray<TeamView>.Empty);
}
