using System.Collections.Concurrent;
using Digest = SocialCommerce.Api.BearerTokens.TokenDigest;
using Known = SocialCommerce.Api.BearerTokens.Known;

namespace SocialCommerce.Api;

/// <summary>
/// The tokens that were found good lately: a generation that fills, and the one before, from which what is used again moves on. However many shoppers
/// come, those who are here now are known.
/// </summary>
/// <param name="generationMax">So many tokens fill a generation. Each takes some 150 bytes, by its fields.</param>
internal sealed class KnownTokens(int generationMax = 100_000)
{
    private Generations _now = new(new(), new());

    public bool TryFind(Digest digest, out Known known)
    {
        var now = Volatile.Read(ref _now);
        if (now.Young.TryGetValue(digest, out known)) return true;
        if (!now.Old.TryGetValue(digest, out known)) return false;
        Add(digest, known);
        return true;
    }

    public void Add(Digest digest, Known known)
    {
        var now = Volatile.Read(ref _now);
        if (!now.Young.TryAdd(digest, known) || now.CountOne() < generationMax) return;
        Interlocked.CompareExchange(ref _now, new Generations(new(), now.Young), now);
    }

    private sealed class Generations(ConcurrentDictionary<Digest, Known> young, ConcurrentDictionary<Digest, Known> old)
    {
        // The dictionary's own count takes all of its locks.
        private int _youngCount;

        public ConcurrentDictionary<Digest, Known> Young => young;
        public ConcurrentDictionary<Digest, Known> Old => old;

        public int CountOne() => Interlocked.Increment(ref _youngCount);
    }
}
