using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What is known of shoppers who are doing nothing. For one thread at a time.</summary>
/// <inheritdoc cref="RestingRecords" path="/param"/>
internal sealed class RestingShoppers(RestingMost most, TimeProvider monotonic)
{
    private const int BytesOnStackMax = 512;

    private readonly RestingRecords _records = new(most, monotonic);

    /// <inheritdoc cref="RestingRecords.Count"/>
    public int Count => _records.Count;

    /// <summary>What is known of the shopper; null when nothing is.</summary>
    public ShopperState? Find(string shopperId) => _records.TryFind(shopperId, out var packed) && !packed.IsEmpty ? PackedShopper.Unpack(packed) : null;

    /// <summary>Keeps what is known now; null when that is nothing, whatever was known before.</summary>
    public void Put(string shopperId, ShopperState? shopper)
    {
        if (shopper is null)
        {
            _records.TryEmpty(shopperId);
            return;
        }

        var max = PackedShopper.MaxBytes(shopper);
        _records.Put(shopperId, PackedShopper.Pack(shopper, max <= BytesOnStackMax ? stackalloc byte[max] : new byte[max]));
    }
}
