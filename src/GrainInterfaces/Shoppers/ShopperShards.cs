using System.Globalization;
using System.Numerics;

namespace SocialCommerce.GrainInterfaces;

/// <summary>Which shard a shopper falls to. All processes of a cluster must agree on it; while two versions do not, versions of streams decide as ever.</summary>
internal static class ShopperShards
{
    /// <summary>Enough that a dozen silos have nearly as many each, few enough that each is always awake.</summary>
    public const int Count = 512;

    // Its letters keep it from being taken for a number.
    private const string KeyPrefix = "shoppers-";

    public static int Of(string shopperId)
    {
        var hash = 0u;
        foreach (var letter in shopperId) hash = BitOperations.Crc32C(hash, letter);
        return (int)(hash % Count);
    }

    /// <summary>The key of the shard's grain.</summary>
    public static string KeyOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"{KeyPrefix}{shard}");

    /// <exception cref="FormatException">It is no shard's key.</exception>
    public static int OfKey(string key)
    {
        if (key.StartsWith(KeyPrefix, StringComparison.Ordinal)
            && int.TryParse(key.AsSpan(KeyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var shard) && shard < Count) return shard;
        throw new FormatException($"'{key}' is no shard of the shoppers: {KeyPrefix}0 to {KeyPrefix}{Count - 1}.");
    }
}
