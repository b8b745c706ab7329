using System.Collections.Concurrent;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// How bargains stand at which somebody asked in vain, in a process that has every bargain (adr/0020): whoever else is refused there, comes again,
/// or repeats a help is told so without the bargain's grain. Thread-safe; what is said of one bargain is said in its grain's turns, one after the other.
/// </summary>
internal sealed class BargainsAtHand
{
    /// <summary>So many cuts, of some 45 bytes each by their fields; a bargain's own few hundred bytes count as <see cref="OwnRoom"/> of them.</summary>
    public const int RoomMost = 1 << 20;
    public const int OwnRoom = 32;

    private readonly ConcurrentDictionary<string, BargainState> _bargains = new(StringComparer.Ordinal);
    private int _room;

    /// <summary>A durable state of the bargain: what it says of a cut is so, and whether it is over. Null where nobody asked in vain lately.</summary>
    public BargainState? Find(string bargainId) => _bargains.GetValueOrDefault(bargainId);

    /// <summary>Somebody asked in vain, and it stands like this.</summary>
    public void Put(BargainState bargain)
    {
        // Of a long log nothing is kept that could be newer.
        var known = Find(bargain.BargainId);
        if (known is null || bargain.Cuts.IsShort || known.Status != bargain.Status) Keep(bargain, known);
    }

    /// <summary>Its status is this from now on.</summary>
    public void Moved(BargainState bargain)
    {
        if (Find(bargain.BargainId) is { } known) Keep(bargain, known);
    }

    /// <summary>Nobody knows how it stands.</summary>
    public void Forget(string bargainId) => _bargains.TryRemove(bargainId, out _);

    private void Keep(BargainState bargain, BargainState? before)
    {
        // Long logs are megabytes, and can only be looked through by their grain.
        var kept = _bargains[bargain.BargainId] = bargain.Cuts.IsShort ? bargain : bargain with { Cuts = CutLog.Empty };

        // The dictionary's own count takes all of its locks. Each bargain is there again with the next one who asks it in vain.
        if (Interlocked.Add(ref _room, RoomOf(kept) - (before is null ? 0 : RoomOf(before))) < RoomMost) return;
        Volatile.Write(ref _room, 0);
        _bargains.Clear();
    }

    private static int RoomOf(BargainState bargain) => OwnRoom + bargain.Cuts.Count;
}
