using System.Collections.Concurrent;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// How bargains stand at which somebody asked in vain, in a process that has every bargain (adr/0020): whoever else is refused there, comes again,
/// or repeats a help is told so without the bargain's grain. Thread-safe; what is said of one bargain is said in its grain's turns, one after the other.
/// </summary>
internal sealed class BargainsAtHand
{
    /// <summary>So many bargains. Of some 1.5 kB with their cuts, by their fields.</summary>
    public const int BargainsMost = 16_384;

    private readonly ConcurrentDictionary<string, BargainState> _bargains = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>A durable state of the bargain: what it says of a cut is so, and whether it is over. Null where nobody asked in vain lately.</summary>
    public BargainState? Find(string bargainId) => _bargains.GetValueOrDefault(bargainId);

    /// <summary>Somebody asked in vain, and it stands like this.</summary>
    public void Put(BargainState bargain)
    {
        if (_bargains.TryGetValue(bargain.BargainId, out var known))
        {
            // Of a long log nothing is kept that could be newer.
            if (bargain.Cuts.IsShort || known.Status != bargain.Status) _bargains[bargain.BargainId] = Kept(bargain);
            return;
        }

        _bargains[bargain.BargainId] = Kept(bargain);

        // The dictionary's own count takes all of its locks. Each bargain is there again with the next one who asks it in vain.
        if (Interlocked.Increment(ref _count) < BargainsMost) return;
        Volatile.Write(ref _count, 0);
        _bargains.Clear();
    }

    /// <summary>Its status is this from now on.</summary>
    public void Moved(BargainState bargain)
    {
        if (_bargains.ContainsKey(bargain.BargainId)) _bargains[bargain.BargainId] = Kept(bargain);
    }

    /// <summary>Nobody knows how it stands.</summary>
    public void Forget(string bargainId) => _bargains.TryRemove(bargainId, out _);

    // Long logs are megabytes, and can only be looked through by their grain.
    private static BargainState Kept(BargainState bargain) => bargain.Cuts.IsShort ? bargain : bargain with { Cuts = CutLog.Empty };
}
