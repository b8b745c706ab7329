using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IShopperShardGrain"/>
/// <remarks>
/// It stays where it is for as long as it belongs there: what is asked beside it never comes by as a message, so it would seem idle.
/// </remarks>
[KeepAlive, Reentrant]
internal sealed class ShopperShardGrain(HelpParts parts, ShopperShelves shelves, ShardsHere here) : Grain, IShopperShardGrain
{
    // Of two silos each keeps as much as a process that is alone; where there are more, each keeps less.
    private const int ShelfShare = ShopperShards.Count / 2;

    private readonly ShopperShelf _shelf = shelves.Add(parts, ShelfShare);
    private int _shard;

    public Task<StartReply> Start(string shopperId, StartBargain request) => Of(shopperId).Start(request);

    public Task<CutReply> Help(string shopperId, HelpBargain request) => Of(shopperId).Help(request);

    public Task<TeamReply> OpenTeam(string shopperId, OpenTeam request) => Of(shopperId).OpenTeam(request);

    public Task<SeatReply> JoinTeam(string shopperId, JoinTeam request) => Of(shopperId).JoinTeam(request);

    public Task<PurchaseReply> Buy(string shopperId, BuyAlone request) => Of(shopperId).Buy(request);

    public Task DeclareExisting(string shopperId) => Of(shopperId).DeclareExisting();

    public Task<DeclareReply> Declare(string shopperId, DeclareShopper request) => Of(shopperId).Declare(request);

    public Task<ShopperView> Me(string shopperId) => Of(shopperId).Me();

    public Task<SeatChangeReply> RetakeSeat(string shopperId, string teamId, Payment payment) => Of(shopperId).RetakeSeat(teamId, payment);

    public Task<PurchaseChangeReply> RetakePurchase(string shopperId, string purchaseId, Payment payment) => Of(shopperId).RetakePurchase(purchaseId, payment);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = ShopperShards.OfKey(this.GetPrimaryKeyString());
        parts.Services.Journal.Own();
        here.Came(_shard, this.GetGrainId(), _shelf);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        here.Left(_shard, _shelf);
        shelves.Remove(_shelf);
        return Task.CompletedTask;
    }

    private IShopper Of(string shopperId)
    {
        // Silos that come later would have no shards if none ever left.
        if (!here.Stays(_shard, _shelf)) DeactivateOnIdle();
        return _shelf.Of(shopperId);
    }
}
