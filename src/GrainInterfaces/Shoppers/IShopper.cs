namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// A shopper as this process reaches it: its grain, or, in a process that has every shopper, the shopper itself. The same acts with the same
/// answers as <see cref="IShopperGrain"/>'s.
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

    /// <inheritdoc cref="IShopperGrain.Me"/>
    Task<ShopperView> Me();
}

/// <summary>Where a process finds shoppers.</summary>
internal interface IShoppers
{
    /// <summary>A shopper by the shop's id; it need not exist.</summary>
    IShopper Of(string shopperId);
}
