namespace SocialCommerce.GrainInterfaces;

/// <summary>Shoppers as a cluster has them: each is a grain, wherever that is.</summary>
internal sealed class ShoppersByGrain(IGrainFactory factory) : IShoppers
{
    private readonly GrainReferences _grains = new(factory);

    public IShopper Of(string shopperId) => new ByGrain(_grains.Of<IShopperGrain>(shopperId));

    private sealed class ByGrain(IShopperGrain grain) : IShopper
    {
        public Task<StartReply> Start(StartBargain request) => grain.Start(request);

        public Task<CutReply> Help(HelpBargain request) => grain.Help(request);

        public Task<TeamReply> OpenTeam(OpenTeam request) => grain.OpenTeam(request);

        public Task<SeatReply> JoinTeam(JoinTeam request) => grain.JoinTeam(request);

        public Task<PurchaseReply> Buy(BuyAlone request) => grain.Buy(request);

        public Task DeclareExisting() => grain.DeclareExisting();

        public Task<ShopperView> Me() => grain.Me();
    }
}
