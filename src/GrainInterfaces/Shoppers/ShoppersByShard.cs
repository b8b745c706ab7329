namespace SocialCommerce.GrainInterfaces;

/// <summary>Shoppers as a cluster has them: in the shard that each falls to, wherever that is. Thread-safe.</summary>
/// <param name="factory">Of references to grains.</param>
/// <param name="here">The shards of this process; null where it has none.</param>
internal sealed class ShoppersByShard(IGrainFactory factory, IShardsHere? here = null) : IShoppers
{
    private readonly IShopperShardGrain?[] _shards = new IShopperShardGrain?[ShopperShards.Count];

    public IShopper Of(string shopperId)
    {
        var shard = ShopperShards.Of(shopperId);
        if (here?.Find(shard, shopperId) is { } itself) return itself;
        return new InShard(_shards[shard] ??= factory.GetGrain<IShopperShardGrain>(ShopperShards.KeyOf(shard)), shopperId);
    }

    private sealed class InShard(IShopperShardGrain shard, string shopperId) : IShopper
    {
        public Task<StartReply> Start(StartBargain request) => shard.Start(shopperId, request);

        public Task<CutReply> Help(HelpBargain request) => shard.Help(shopperId, request);

        public Task<TeamReply> OpenTeam(OpenTeam request) => shard.OpenTeam(shopperId, request);

        public Task<SeatReply> JoinTeam(JoinTeam request) => shard.JoinTeam(shopperId, request);

        public Task<PurchaseReply> Buy(BuyAlone request) => shard.Buy(shopperId, request);

        public Task DeclareExisting() => shard.DeclareExisting(shopperId);

        public Task<DeclareReply> Declare(DeclareShopper request) => shard.Declare(shopperId, request);

        public Task<ShopperView> Me() => shard.Me(shopperId);

        public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => shard.RetakeSeat(shopperId, teamId, payment);

        public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => shard.RetakePurchase(shopperId, purchaseId, payment);
    }
}
