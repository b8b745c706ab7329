namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// All shoppers of one shard, as a cluster has them (adr/0021): a grain for each would have to be placed, registered and woken for what is
/// nearly always a shopper's first help or second. The key is one of <see cref="ShopperShards"/>'. The acts are <see cref="IShopper"/>'s.
/// </summary>
[Alias("sc.internal.shopper-shard")]
internal interface IShopperShardGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task<StartReply> Start(string shopperId, StartBargain request);

    [Alias("help")]
    Task<CutReply> Help(string shopperId, HelpBargain request);

    [Alias("open-team")]
    Task<TeamReply> OpenTeam(string shopperId, OpenTeam request);

    [Alias("join-team")]
    Task<SeatReply> JoinTeam(string shopperId, JoinTeam request);

    [Alias("buy")]
    Task<PurchaseReply> Buy(string shopperId, BuyAlone request);

    [Alias("declare-existing")]
    Task DeclareExisting(string shopperId);

    [Alias("declare")]
    Task<DeclareReply> Declare(string shopperId, DeclareShopper request);

    [Alias("me")]
    Task<ShopperView> Me(string shopperId);

    [Alias("retake-seat")]
    Task<SeatChangeReply> RetakeSeat(string shopperId, string teamId, Payment payment);

    [Alias("retake-purchase")]
    Task<PurchaseChangeReply> RetakePurchase(string shopperId, string purchaseId, Payment payment);
}
