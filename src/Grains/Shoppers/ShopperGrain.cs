using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IShopperGrain"/>
/// <param name="all">Where the process has every shopper; null in a cluster, where the grain is what makes a shopper one.</param>
internal sealed class ShopperGrain(HelpParts parts, AllShoppers? all = null) : Grain, IShopperGrain, ILatePayer
{
    private Shopper? _own;

    // Of all shoppers', for one act; so each method asks once.
    private Shopper Shopper => all?.Enter(this.GetPrimaryKeyString()) ?? (_own ??= new Shopper(this.GetPrimaryKeyString(), parts));

    public Task<StartReply> Start(StartBargain request) => Shopper.Start(request);

    public Task<CutReply> Help(HelpBargain request) => Shopper.Help(request);

    public Task<TeamReply> OpenTeam(OpenTeam request) => Shopper.OpenTeam(request);

    public Task<SeatReply> JoinTeam(JoinTeam request) => Shopper.JoinTeam(request);

    public Task<PurchaseReply> Buy(BuyAlone request) => Shopper.Buy(request);

    public Task DeclareExisting() => Shopper.DeclareExisting();

    public Task<ShopperView> Me() => Shopper.Me();

    public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => Shopper.RetakeSeat(teamId, payment);

    public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => Shopper.RetakePurchase(purchaseId, payment);
}
