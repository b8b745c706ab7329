namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// A shopper as this process reaches it: in its shard, or, in a process that has every shopper, the shopper itself. The same acts with the same
/// answers as <see cref="IShopperGrain"/>'s, and what teams and purchases ask of it.
/// </summary>
internal interface IShopper
{
    /// <inheritdoc cref="IShopperGrain.Start"/>
    Task<StartReply> Start(StartBargain request);

    /// <inheritdoc cref="IShopperGrain.Help"/>
    Task<CutReply> Help(HelpBargain request);

    /// <inheritdoc cref="IShopperGrain.OpenTeam"/>
    Task<TeamReply> OpenTeam(OpenTeam request);

    /// <inheritdoc cref="IShopperGrain.JoinTeam"/>
    Task<SeatReply> JoinTeam(JoinTeam request);

    /// <inheritdoc cref="IShopperGrain.Buy"/>
    Task<PurchaseReply> Buy(BuyAlone request);

    /// <inheritdoc cref="IShopperGrain.DeclareExisting"/>
    Task DeclareExisting();

    /// <inheritdoc cref="IShopperGrain.Declare"/>
    Task<DeclareReply> Declare(DeclareShopper request);

    /// <inheritdoc cref="IShopperGrain.Me"/>
    Task<ShopperView> Me();

    /// <summary>Takes a seat that was released anew for a payment that came too late, if the shopper's unit limit still allows it; otherwise the payment goes back.</summary>
    Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment);

    /// <summary>The same for a purchase.</summary>
    Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment);
}

/// <summary>Where a process finds shoppers.</summary>
internal interface IShoppers
{
    /// <summary>A shopper by the shop's id; it need not exist.</summary>
    IShopper Of(string shopperId);
}

/// <summary>Shards of shoppers that this very process has.</summary>
internal interface IShardsHere
{
    /// <summary>The shopper itself; null when its shard is elsewhere, nowhere yet, or has to look whether it still belongs here.</summary>
    IShopper? Find(int shard, string shopperId);
}
