using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IShopperGrain"/>
/// <param name="all">Where the process has every shopper; null in a cluster, where the grain is what makes a shopper one.</param>
internal sealed class ShopperGrain(HelpParts parts, AllShoppers? all = null) : Grain, IShopperGrain, ILatePayer
{
    private Shopper? _own;

    public Task<StartReply> Start(StartBargain request) => Enter().Start(request);

    public Task<CutReply> Help(HelpBargain request) => Enter().Help(request);

    public Task<TeamReply> OpenTeam(OpenTeam request) => Enter().OpenTeam(request);

    public Task<SeatReply> JoinTeam(JoinTeam request) => Enter().JoinTeam(request);

    public Task<PurchaseReply> Buy(BuyAlone request) => Enter().Buy(request);

    public Task DeclareExisting() => Enter().DeclareExisting();

    public Task<ShopperView> Me() => Enter().Me();

    public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => Enter().RetakeSeat(teamId, payment);

    public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => Enter().RetakePurchase(purchaseId, payment);

    /// <summary>The shopper, for one act.</summary>
    private Shopper Enter() => all?.Enter(this.GetPrimaryKeyString()) ?? (_own ??= new Shopper(this.GetPrimaryKeyString(), parts));
}
