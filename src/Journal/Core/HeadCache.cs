using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SocialCommerce.Journal;

/// <summary>
/// Versions that streams have reached, as far as this process has seen. Bounded; thread-safe.
/// </summary>
/// <remarks>
/// An entry is never ahead of the store, as nothing is ever taken away from a stream; where a lost store comes back, perhaps as a standby that
/// lacks the last commits, all are forgotten. It may be behind where another process has
/// written, so it can prove a unit stale, but "too far ahead" must be asked of the store. Streams are known by a hash of 64 bits, seeded anew
/// in every process. That two meet is not to be expected; a unit that leaves a gap in one of them could then pass for one that does not, while
/// what is stale is asked about and what is there already is refused by the store. As strings, the names of all who helped lately were two
/// fifths of the objects that a collection had to carry along.
/// </remarks>
internal sealed class HeadCache
{
    private const int ShardBits = 4;

    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly Shard[] _shards = new Shard[1 << ShardBits];

    /// <param name="capacity">So many streams, and a few more where that is next to nothing.</param>
    public HeadCache(int capacity)
    {
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new Shard(Math.Max(1, (capacity / 2) >> ShardBits));
    }

    public bool TryGet(string stream, out int head)
    {
        var hash = StreamHash.Of(stream, _seed);
        return ShardOf(hash).TryGet(hash, out head);
    }

    /// <summary>The stream has at least this many events.</summary>
    public void Raise(string stream, int head)
    {
        var hash = StreamHash.Of(stream, _seed);
        ShardOf(hash).Raise(hash, head);
    }

    /// <summary>Nothing is known any more: the store is perhaps another one, which has less.</summary>
    public void Forget()
    {
        foreach (var shard in _shards) shard.Forget();
    }

    private Shard ShardOf(long hash) => _shards[(ulong)hash >> (64 - ShardBits)];

    // Each small: a table of a million grows by being copied, and everybody would wait for that.
    private sealed class Shard(int generationMax)
    {
        // Two generations instead of a linked list: as good as LRU here, without an allocation per stream.
        private readonly Lock _gate = new();
        private Dictionary<long, int> _young = [];
        private Dictionary<long, int> _old = [];

        public bool TryGet(long hash, out int head)
        {
            lock (_gate)
            {
                if (_young.TryGetValue(hash, out head)) return true;
                if (!_old.TryGetValue(hash, out head)) return false;
                Keep(hash, head);
                return true;
            }
        }

        public void Raise(long hash, int head)
        {
            lock (_gate)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_young, hash);
                if (Unsafe.IsNullRef(ref known)) Keep(hash, _old.TryGetValue(hash, out var older) ? Math.Max(head, older) : head);
                else if (known < head) known = head;
            }
        }

        public void Forget()
        {
            lock (_gate)
            {
                _young = [];
                _old = [];
            }
        }

        private void Keep(long hash, int head)
        {
            if (_young.Count >= generationMax)
            {
                (_old, _young) = (_young, _old);
                _young.Clear();
            }

            _young[hash] = head;
        }
    }
}
