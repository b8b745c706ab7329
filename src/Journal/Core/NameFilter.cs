using System.Numerics;

namespace SocialCommerce.Journal;

/// <summary>
/// Names in two bytes each. "Not there" is certain; "there" is wrong about once in two hundred times. Thread-safe.
/// </summary>
/// <remarks>
/// A Bloom filter that has all bits of a name in one word, so that a look is one access to memory (Putze, Sanders, Singler: Cache-, Hash- and
/// Space-Efficient Bloom Filters, 2007), and that grows by further tables (Almeida, Baquero, Preguiça, Hutchison: Scalable Bloom Filters, 2007).
/// Beyond its greatest size it takes names all the same and is wrong more often.
/// </remarks>
/// <param name="bytesMax">Bytes that its tables take at most.</param>
internal sealed class NameFilter(long bytesMax)
{
    private const int NamesPerWord = 4;
    private const int FirstWords = 1 << 12;
    private const int Growth = 4;

    private readonly Lock _growing = new();
    private ulong[][] _tables = [new ulong[FirstWords]];
    private long _room = FirstWords * NamesPerWord;

    /// <summary>Bytes that the tables take now.</summary>
    public long Bytes => Volatile.Read(ref _tables).Sum(table => (long)table.Length * sizeof(ulong));

    public void Add(string name)
    {
        var hash = HashOf(name);
        var bits = BitsOf(hash);
        var tables = Volatile.Read(ref _tables);
        if (MayHold(tables, hash, bits)) return;
        Interlocked.Or(ref WordOf(tables[^1], hash), bits);
        if (Interlocked.Decrement(ref _room) == 0) Grow();
    }

    /// <summary>False: the name was never added.</summary>
    public bool MayHold(string name)
    {
        var hash = HashOf(name);
        return MayHold(Volatile.Read(ref _tables), hash, BitsOf(hash));
    }

    private static bool MayHold(ulong[][] tables, uint hash, ulong bits)
    {
        foreach (var table in tables)
        {
            if ((Volatile.Read(ref WordOf(table, hash)) & bits) == bits) return true;
        }

        return false;
    }

    // Who adds to the table before meanwhile overfills it by a few names: it stays where everybody looks.
    private void Grow()
    {
        lock (_growing)
        {
            var words = _tables[^1].Length * Growth;
            if (Bytes + (long)words * sizeof(ulong) > bytesMax) return;
            Volatile.Write(ref _tables, [.. _tables, new ulong[words]]);
            Interlocked.Exchange(ref _room, (long)words * NamesPerWord);
        }
    }

    // Seeded anew in every process: nobody can choose names that share their bits.
    private static uint HashOf(string name) => (uint)name.GetHashCode(StringComparison.Ordinal);

    // The word by the hash's upper bits, the bits by all of them.
    private static ref ulong WordOf(ulong[] table, uint hash) => ref table[hash >> 32 - BitOperations.Log2((uint)table.Length)];

    private static ulong BitsOf(uint hash)
    {
        var spread = hash * 0x9E37_79B9_7F4A_7C15UL;
        return 1UL << (int)(spread >> 58) | 1UL << (int)(spread >> 52 & 63) | 1UL << (int)(spread >> 46 & 63) | 1UL << (int)(spread >> 40 & 63);
    }
}
