using System.Collections.Concurrent;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// How bargains stand that refused somebody, in a process that has every bargain (adr/0020): whoever else is refused there, or comes again, is
/// told so without the bargain's grain. Thread-safe; what is said of one bargain is said in its grain's turns, one after the other.
/// </summary>
internal sealed class CutGates
{
    /// <summary>So many bargains, and shoppers in doubt. Of some 250 bytes with its key, by its fields.</summary>
    public const int Most = 65_536;

    private readonly ConcurrentDictionary<string, CutGate> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _inDoubt = new(StringComparer.Ordinal);
    private int _count;
    private int _countInDoubt;

    /// <summary>Null where nobody was refused lately.</summary>
    public CutGate? Find(string bargainId) => _gates.TryGetValue(bargainId, out var gate) ? gate : null;

    /// <summary>
    /// False while an act of the shopper may have been committed, or may be yet, without anybody knowing: then its record does not tell whom it has
    /// helped. With too many of those, nobody's does any more.
    /// </summary>
    public bool IsCertain(string shopperId) => Volatile.Read(ref _countInDoubt) is var count && (count == 0 || (count < Most && !_inDoubt.ContainsKey(shopperId)));

    /// <summary>Nobody knows what became of an act of the shopper.</summary>
    public void Doubt(string shopperId)
    {
        if (Volatile.Read(ref _countInDoubt) < Most && _inDoubt.TryAdd(shopperId, true)) Interlocked.Increment(ref _countInDoubt);
    }

    /// <summary>An act of the shopper was committed at the version that its record had, so that no earlier one can be any more.</summary>
    public void Committed(string shopperId)
    {
        if (Volatile.Read(ref _countInDoubt) is > 0 and < Most && _inDoubt.TryRemove(shopperId, out _)) Interlocked.Decrement(ref _countInDoubt);
    }

    /// <summary>It refused somebody, and stands like this.</summary>
    public void Put(string bargainId, CutGate gate)
    {
        if (!_gates.TryAdd(bargainId, gate))
        {
            _gates[bargainId] = gate;
            return;
        }

        // The dictionary's own count takes all of its locks. Each gate is there again with the next one that its bargain refuses.
        if (Interlocked.Increment(ref _count) < Most) return;
        Volatile.Write(ref _count, 0);
        _gates.Clear();
    }

    /// <summary>It stands like this from now on.</summary>
    public void Moved(string bargainId, CutGate gate)
    {
        if (_gates.TryGetValue(bargainId, out var before) && before != gate) _gates[bargainId] = gate;
    }

    /// <summary>Nobody knows how it stands.</summary>
    public void Forget(string bargainId) => _gates.TryRemove(bargainId, out _);
}
