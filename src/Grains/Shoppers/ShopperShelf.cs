using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// Shoppers found by name, for whoever is the only one to have them. One is an object while it acts; what it knew is at hand for a while after
/// that, and then read anew. Thread-safe.
/// </summary>
/// <inheritdoc cref="RestingRecords" path="/param"/>
internal sealed class ShopperShelf(HelpParts parts, RestingMost most, TimeProvider monotonic)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Shopper> _acting = new(StringComparer.Ordinal);
    private readonly RestingShoppers _resting = new(most, monotonic);

    /// <summary>So many are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _acting.Count + _resting.Count;
        }
    }

    public IShopper Of(string shopperId) => new ByName(this, shopperId);

    /// <summary>The shopper, for one act, at whose end it calls <see cref="Leave"/>.</summary>
    public Shopper Enter(string shopperId)
    {
        lock (_gate)
        {
            if (!_acting.TryGetValue(shopperId, out var shopper)) _acting.Add(shopperId, shopper = new Shopper(shopperId, parts, this, _resting.Find(shopperId)));
            shopper.Acts++;
            return shopper;
        }
    }

    /// <summary>An act has ended. With its last one the shopper goes to rest.</summary>
    public void Leave(string shopperId, Shopper shopper)
    {
        lock (_gate)
        {
            if (--shopper.Acts > 0) return;
            _acting.Remove(shopperId);
            _resting.Put(shopperId, shopper.Known);
        }
    }

    /// <summary>Each act enters for itself: whoever has this may call it again, or never.</summary>
    private sealed class ByName(ShopperShelf shelf, string shopperId) : IShopper
    {
        public Task<StartReply> Start(StartBargain request) => Enter(request).Start(request);

        public Task<CutReply> Help(HelpBargain request) => Enter(request).Help(request);

        public Task<TeamReply> OpenTeam(OpenTeam request) => Enter(request).OpenTeam(request);

        public Task<SeatReply> JoinTeam(JoinTeam request) => Enter(request).JoinTeam(request);

        public Task<PurchaseReply> Buy(BuyAlone request) => Enter(request).Buy(request);

        public Task DeclareExisting() => shelf.Enter(shopperId).DeclareExisting();

        public Task<DeclareReply> Declare(DeclareShopper request) => shelf.Enter(shopperId).Declare(request);

        public Task<ShopperView> Me() => shelf.Enter(shopperId).Me();

        public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => Enter(payment).RetakeSeat(teamId, payment);

        public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => Enter(payment).RetakePurchase(purchaseId, payment);

        // Who has entered must act, or is never left again.
        private Shopper Enter(object request)
        {
            ArgumentNullException.ThrowIfNull(request);
            return shelf.Enter(shopperId);
        }
    }
}
