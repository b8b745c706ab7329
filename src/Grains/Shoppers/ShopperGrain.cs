using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IShopperGrain"/>
/// <remarks>
/// For who calls grains: it has nothing of the shopper, and asks whoever has it, so that all see the same one. So it need not stay for long: a
/// launch brings as many as shoppers.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class ShopperGrain(IShoppers shoppers) : Grain, IShopperGrain, ILatePayer
{
    private IShopper Itself => shoppers.Of(this.GetPrimaryKeyString());

    public Task<StartReply> Start(StartBargain request) => Itself.Start(request);

    public Task<CutReply> Help(HelpBargain request) => Itself.Help(request);

    public Task<TeamReply> OpenTeam(OpenTeam request) => Itself.OpenTeam(request);

    public Task<SeatReply> JoinTeam(JoinTeam request) => Itself.JoinTeam(request);

    public Task<PurchaseReply> Buy(BuyAlone request) => Itself.Buy(request);

    public Task DeclareExisting() => Itself.DeclareExisting();

    public Task<DeclareReply> Declare(DeclareShopper request) => Itself.Declare(request);

    public Task<ShopperView> Me() => Itself.Me();

    public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => Itself.RetakeSeat(teamId, payment);

    public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => Itself.RetakePurchase(purchaseId, payment);
}
