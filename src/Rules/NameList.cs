using System.Numerics;
using System.Text;

namespace SocialCommerce.Rules;

/// <summary>
/// Names in the order in which they came, as UTF-8 in one array: as strings they would take three times the room, and each would be one more
/// object for the collector to carry along. Found one after the other, and by a hash once there are many. Names are never taken away.
/// </summary>
internal sealed class NameList
{
    private const int TableFrom = 24;
    private const int NameBytesOnStackMax = 256;

    private byte[] _bytes = [];
    private int[] _ends = [];

    // Open addressing: a place in the order plus one, 0 where nothing is; at most half full. Brought up to date when somebody looks: a copy that
    // is only made to try a cut on it never needs one.
    private int[] _table = [];
    private int _entered;

    public int Count { get; private set; }

    public string this[int index] => Encoding.UTF8.GetString(BytesOf(index));

    public void Add(string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        var name = Utf8Of(text, buffer);
        var start = Count == 0 ? 0 : _ends[Count - 1];
        Growing.MakeRoom(ref _bytes, start, name.Length);
        Growing.MakeRoom(ref _ends, Count, 1);
        name.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + name.Length;
    }

    public bool Is(int index, string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        return Is(index, Utf8Of(text, buffer));
    }

    /// <summary>Where the name came first; -1 if it never did.</summary>
    public int IndexOf(string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        var name = Utf8Of(text, buffer);
        if (Count < TableFrom)
        {
            for (var i = 0; i < Count; i++)
            {
                if (Is(i, name)) return i;
            }

            return -1;
        }

        EnterAll();
        // Equal names stand in the order in which they came, as none was ever taken away.
        for (var slot = SlotOf(name); _table[slot] != 0; slot = slot + 1 & _table.Length - 1)
        {
            if (Is(_table[slot] - 1, name)) return _table[slot] - 1;
        }

        return -1;
    }

    /// <summary>A copy of so many from the first on.</summary>
    public NameList First(int count)
    {
        var end = count == 0 ? 0 : _ends[count - 1];
        return new NameList { _bytes = _bytes[..end], _ends = _ends[..count], Count = count };
    }

    private static ReadOnlySpan<byte> Utf8Of(string text, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(text, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(text);

    private bool Is(int index, ReadOnlySpan<byte> name) => BytesOf(index).SequenceEqual(name);

    private ReadOnlySpan<byte> BytesOf(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }

    private void EnterAll()
    {
        if (Count * 2 > _table.Length) (_table, _entered) = (new int[BitOperations.RoundUpToPowerOf2((uint)Count * 2 + 1)], 0);
        for (; _entered < Count; _entered++)
        {
            var slot = SlotOf(BytesOf(_entered));
            while (_table[slot] != 0) slot = slot + 1 & _table.Length - 1;
            _table[slot] = _entered + 1;
        }
    }

    // Seeded anew in every process: nobody can choose names that meet in one slot.
    private int SlotOf(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode() & _table.Length - 1;
    }
}

/// <summary>
/// Arrays that grow by a quarter: a list doubles, and a third of what a million bargains hold would be room that they never use.
/// </summary>
internal static class Growing
{
    private const int Divisor = 4;
    private const int Min = 4;

    public static void MakeRoom<T>(ref T[] array, int used, int more)
    {
        if (used + more > array.Length) Array.Resize(ref array, Math.Max(used + more, array.Length + Math.Max(Min, array.Length / Divisor)));
    }
}
