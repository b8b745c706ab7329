using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Simulation.Tests;

/// <summary>A shopper as an integrator's program reaches it.</summary>
internal sealed class ShopperByGrain(IShopperGrain grain) : IShopper
{
    public Task<StartReply> Start(StartBargain request) => grain.Start(request);

    public Task<CutReply> Help(HelpBargain request) => grain.Help(request);

    public Task<TeamReply> OpenTeam(OpenTeam request) => grain.OpenTeam(request);

    public Task<SeatReply> JoinTeam(JoinTeam request) => grain.JoinTeam(request);

    public Task<PurchaseReply> Buy(BuyAlone request) => grain.Buy(request);

    public Task DeclareExisting() => grain.DeclareExisting();

    public Task<DeclareReply> Declare(DeclareShopper request) => grain.Declare(request);

    public Task<ShopperView> Me() => grain.Me();

    public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => throw NoClientDoes();

    public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => throw NoClientDoes();

    private static InvalidOperationException NoClientDoes() => new("Only teams and purchases ask this of a shopper.");
}
