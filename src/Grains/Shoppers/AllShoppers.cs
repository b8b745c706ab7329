using System.Diagnostics.Metrics;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// The shoppers of a process that is the only one to have any (adr/0010): found by name and called straight, without a grain for each. A
/// shopper is an object while it acts; what it knew is at hand for a while after that, and then read anew, as a grain's that wakes. Thread-safe.
/// </summary>
internal sealed class AllShoppers : IShoppers
{
    /// <summary>See <see cref="RestingShoppers"/>.</summary>
    public const int GenerationMost = 500_000;

    private const long BytesMost = 512L << 20;
    private const int Generations = 2;
    private const int ShelfBits = 4;
    private const int Shelves = 1 << ShelfBits;

    private static readonly TimeSpan GenerationAge = TimeSpan.FromMinutes(10);

    private readonly HelpParts _parts;
    private readonly Shelf[] _shelves = new Shelf[Shelves];

    /// <param name="meters">Null where nobody counts.</param>
    public AllShoppers(HelpParts parts, TimeProvider monotonic, IMeterFactory? meters = null)
    {
        _parts = parts;
        var most = new RestingMost(GenerationMost / Shelves, RestingMost.ShareOfMemory(BytesMost) / Generations / Shelves, GenerationAge);
        for (var i = 0; i < Shelves; i++) _shelves[i] = new Shelf(new RestingShoppers(most, monotonic));
        meters?.Create("SocialCommerce.Grains").CreateObservableGauge("socialcommerce.shoppers.kept", () => Count, "{shopper}", "Shoppers whose state this process has at hand.");
    }

    /// <summary>So many are kept.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shelf in _shelves)
            {
                lock (shelf.Gate) count += shelf.Acting.Count + shelf.Resting.Count;
            }

            return count;
        }
    }

    public IShopper Of(string shopperId) => new ByName(this, shopperId);

    /// <summary>The shopper, for one act, at whose end it calls <see cref="Leave"/>.</summary>
    public Shopper Enter(string shopperId)
    {
        var shelf = ShelfOf(shopperId);
        lock (shelf.Gate)
        {
            if (!shelf.Acting.TryGetValue(shopperId, out var shopper))
                shelf.Acting.Add(shopperId, shopper = new Shopper(shopperId, _parts, this, shelf.Resting.Find(shopperId)));
            shopper.Acts++;
            return shopper;
        }
    }

    /// <summary>An act has ended. With its last one the shopper goes to rest.</summary>
    public void Leave(string shopperId, Shopper shopper)
    {
        var shelf = ShelfOf(shopperId);
        lock (shelf.Gate)
        {
            if (--shopper.Acts > 0) return;
            shelf.Acting.Remove(shopperId);
            shelf.Resting.Put(shopperId, shopper.Known);
        }
    }

    private Shelf ShelfOf(string shopperId) => _shelves[(uint)shopperId.GetHashCode(StringComparison.Ordinal) >> (32 - ShelfBits)];

    private sealed record Shelf(RestingShoppers Resting)
    {
        public Lock Gate { get; } = new();
        public Dictionary<string, Shopper> Acting { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Each act enters for itself: whoever has this may call it again, or never.</summary>
    private sealed class ByName(AllShoppers all, string shopperId) : IShopper
    {
        public Task<StartReply> Start(StartBargain request) => Enter(request).Start(request);

        public Task<CutReply> Help(HelpBargain request) => Enter(request).Help(request);

        public Task<TeamReply> OpenTeam(OpenTeam request) => Enter(request).OpenTeam(request);

        public Task<SeatReply> JoinTeam(JoinTeam request) => Enter(request).JoinTeam(request);

        public Task<PurchaseReply> Buy(BuyAlone request) => Enter(request).Buy(request);

        public Task DeclareExisting() => all.Enter(shopperId).DeclareExisting();

        public Task<ShopperView> Me() => all.Enter(shopperId).Me();

        // Who has entered must act, or is never left again.
        private Shopper Enter(object request)
        {
            ArgumentNullException.ThrowIfNull(request);
            return all.Enter(shopperId);
        }
    }
}
