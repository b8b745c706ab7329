using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// The shoppers of a process that is the only one to have any (adr/0010): found by name and called straight, without a grain for each. On
/// several shelves, so that threads seldom wait for one another. Thread-safe.
/// </summary>
internal sealed class AllShoppers : IShoppers
{
    private const int ShelfBits = 4;
    private const int Shelves = 1 << ShelfBits;

    private readonly ShopperShelf[] _shelves = new ShopperShelf[Shelves];

    public AllShoppers(HelpParts parts, ShopperShelves shelves)
    {
        for (var i = 0; i < Shelves; i++) _shelves[i] = shelves.Add(parts, Shelves);
    }

    public IShopper Of(string shopperId) => ShelfOf(shopperId).Of(shopperId);

    /// <summary>The shelf that has the shopper.</summary>
    public ShopperShelf ShelfOf(string shopperId) => _shelves[(uint)shopperId.GetHashCode(StringComparison.Ordinal) >> (32 - ShelfBits)];
}
