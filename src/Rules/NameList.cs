using System.Numerics;
using System.Text;

namespace SocialCommerce.Rules;

/// <summary>
/// Names in the order in which they came, each with a few bytes of what is kept beside it, all in one array: as objects they would take three
/// times the room, and each would be one more for the collector to carry along. Found one after the other, and by a hash once there are many.
/// Names are never taken away.
/// </summary>
internal sealed class NameList
{
    /// <summary>From so many on there is a table of where each begins, and one to find them by.</summary>
    private const int TablesFrom = 24;
    private const int NameBytesOnStackMax = 256;

    // One after the other: the lengths of the name and of what is beside it, then both.
    private byte[] _entries = [];
    private int _end;
    private Tables? _tables;

    public int Count { get; private set; }

    public string this[int index] => Encoding.UTF8.GetString(At(index).Name);

    public ReadOnlySpan<byte> Beside(int index) => At(index).Beside;

    public void Add(string text, ReadOnlySpan<byte> beside = default)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        var name = Utf8Of(text, buffer);
        Growing.MakeRoom(ref _entries, _end, VarInt.Length((uint)name.Length) + VarInt.Length((uint)beside.Length) + name.Length + beside.Length);
        var room = _entries.AsSpan(_end);
        VarInt.Write(ref room, (uint)name.Length);
        VarInt.Write(ref room, (uint)beside.Length);
        name.CopyTo(room);
        beside.CopyTo(room[name.Length..]);
        _end = _entries.Length - room.Length + name.Length + beside.Length;
        Count++;
    }

    public bool Is(int index, string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        return At(index).Name.SequenceEqual(Utf8Of(text, buffer));
    }

    /// <summary>Where the name came first; -1 if it never did.</summary>
    public int IndexOf(string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        var name = Utf8Of(text, buffer);
        if (Count >= TablesFrom) return TablesOfAll().IndexOf(this, name);
        for (int i = 0, start = 0; i < Count; i++)
        {
            var entry = new Entry(_entries, start);
            if (entry.Name.SequenceEqual(name)) return i;
            start = entry.End;
        }

        return -1;
    }

    /// <summary>
    /// What is kept beside a name among so many from the first on, empty where it is not among them; on any thread, while the list grows on its own:
    /// what was added once stays where it is, or in a copy of all. One after the other, so for few.
    /// </summary>
    public ReadOnlySpan<byte> BesideAmong(int count, string text)
    {
        Span<byte> buffer = stackalloc byte[NameBytesOnStackMax];
        var name = Utf8Of(text, buffer);
        var entries = _entries;
        for (var start = 0; count > 0; count--)
        {
            var entry = new Entry(entries, start);
            if (entry.Name.SequenceEqual(name)) return entry.Beside;
            start = entry.End;
        }

        return [];
    }

    /// <summary>A copy of so many from the first on.</summary>
    public NameList First(int count) => Of(BytesOf(count), count);

    /// <summary>So many from the first on as they are kept; <see cref="Of"/> makes a list of it again.</summary>
    public ReadOnlySpan<byte> BytesOf(int count) => _entries.AsSpan(0, count == 0 ? 0 : count == Count ? _end : At(count - 1).End);

    public static NameList Of(ReadOnlySpan<byte> entries, int count) => new() { _entries = entries.ToArray(), _end = entries.Length, Count = count };

    private static ReadOnlySpan<byte> Utf8Of(string text, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(text, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(text);

    private Entry At(int index) => Count >= TablesFrom ? TablesOfAll().At(this, index) : Behind(new Entry(_entries, 0), index);

    private Entry Behind(Entry entry, int count)
    {
        for (; count > 0; count--) entry = new Entry(_entries, entry.End);
        return entry;
    }

    // Brought up to date when somebody looks: a copy that is only made to try a cut on it never needs them.
    private Tables TablesOfAll()
    {
        _tables ??= new Tables();
        _tables.EnterAll(this);
        return _tables;
    }

    private readonly ref struct Entry
    {
        public Entry(byte[] entries, int start)
        {
            ReadOnlySpan<byte> rest = entries.AsSpan(start);
            var name = (int)VarInt.Read(ref rest);
            var beside = (int)VarInt.Read(ref rest);
            Name = rest[..name];
            Beside = rest.Slice(name, beside);
            End = entries.Length - rest.Length + name + beside;
        }

        public ReadOnlySpan<byte> Name { get; }
        public ReadOnlySpan<byte> Beside { get; }

        /// <summary>Where the next one starts.</summary>
        public int End { get; }
    }

    private sealed class Tables
    {
        // Of one in so many: with all of them every other cut or so would make the list of a bargain anew, for the collector to carry along.
        private const int Stride = 8;

        private int[] _starts = [];

        // Open addressing: a place in the order plus one, 0 where nothing is; at most half full.
        private int[] _places = [];
        private int _entered;
        private int _end;

        public Entry At(NameList list, int index) => list.Behind(new Entry(list._entries, _starts[index / Stride]), index % Stride);

        public int IndexOf(NameList list, ReadOnlySpan<byte> name)
        {
            // Equal names stand in the order in which they came, as none was ever taken away.
            for (var slot = SlotOf(name); _places[slot] != 0; slot = slot + 1 & _places.Length - 1)
            {
                var index = _places[slot] - 1;
                if (At(list, index).Name.SequenceEqual(name)) return index;
            }

            return -1;
        }

        public void EnterAll(NameList list)
        {
            if (_entered == list.Count) return;
            Growing.MakeRoom(ref _starts, Strides(_entered), Strides(list.Count) - Strides(_entered));
            if (list.Count * 2 > _places.Length) (_places, _entered, _end) = (new int[BitOperations.RoundUpToPowerOf2((uint)list.Count * 2 + 1)], 0, 0);
            for (; _entered < list.Count; _entered++)
            {
                var entry = new Entry(list._entries, _end);
                var slot = SlotOf(entry.Name);
                while (_places[slot] != 0) slot = slot + 1 & _places.Length - 1;
                _places[slot] = _entered + 1;
                if (_entered % Stride == 0) _starts[_entered / Stride] = _end;
                _end = entry.End;
            }
        }

        private static int Strides(int entries) => (entries + Stride - 1) / Stride;

        // Seeded anew in every process: nobody can choose names that meet in one slot.
        private int SlotOf(ReadOnlySpan<byte> name)
        {
            var hash = new HashCode();
            hash.AddBytes(name);
            return hash.ToHashCode() & _places.Length - 1;
        }
    }
}

/// <summary>
/// Arrays that grow by an eighth while they are small: a list doubles, and a third of what a million bargains hold would be room that they
/// never use. Large ones, of which there are few, grow by half: their every element would be copied eight times otherwise.
/// </summary>
internal static class Growing
{
    private const int Min = 4;
    private const int LargeFrom = 2_048;

    public static void MakeRoom<T>(ref T[] array, int used, int more)
    {
        if (used + more > array.Length) Array.Resize(ref array, Math.Max(used + more, array.Length + Math.Max(Min, array.Length / (array.Length < LargeFrom ? 8 : 2))));
    }
}
