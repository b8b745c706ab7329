using System.Collections.Concurrent;

namespace SocialCommerce.Grains;

/// <summary>
/// Shoppers of whom an act may have been committed, or may be yet, without anybody knowing: their record, read meanwhile, does not tell whom they
/// have helped. Thread-safe.
/// </summary>
internal sealed class ShoppersInDoubt
{
    /// <summary>So many shoppers.</summary>
    public const int Most = 65_536;

    private readonly ConcurrentDictionary<string, bool> _shoppers = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Whether the shopper's record is whole. With too many in doubt, nobody's is any more.</summary>
    public bool IsCertain(string shopperId) => Volatile.Read(ref _count) is var count && (count == 0 || (count < Most && !_shoppers.ContainsKey(shopperId)));

    /// <summary>Nobody knows what became of an act of the shopper.</summary>
    public void Doubt(string shopperId)
    {
        if (Volatile.Read(ref _count) < Most && _shoppers.TryAdd(shopperId, true)) Interlocked.Increment(ref _count);
    }

    /// <summary>An act of the shopper was committed at the version that its record had, so that no earlier one can be any more.</summary>
    public void Committed(string shopperId)
    {
        if (Volatile.Read(ref _count) is > 0 and < Most && _shoppers.TryRemove(shopperId, out _)) Interlocked.Decrement(ref _count);
    }
}
