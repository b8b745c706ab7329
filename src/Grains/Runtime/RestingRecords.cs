using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SocialCommerce.Grains;

/// <summary>
/// What is known of those who are doing nothing, by name, as bytes: as objects, millions of them would be carried along by every collection.
/// Those that were last put here are kept. For one thread at a time.
/// </summary>
/// <param name="most">Of a generation. What was not put here again in a whole generation is let go as others come.</param>
internal sealed class RestingRecords(RestingMost most, TimeProvider monotonic)
{
    private const int NameBytesOnStackMax = 512;

    private Generation _young = new();
    private Generation _old = new();
    private long _since = monotonic.GetTimestamp();

    /// <summary>So many names are kept, those in both generations twice.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>So many of them are not empty.</summary>
    public int Filled => _young.Filled + _old.Filled;

    /// <summary>Whether all that was ever put here is still kept, and one more would be.</summary>
    public bool HasRoom => _old.Count == 0 && !IsFull;

    private bool IsFull => _young.Count >= most.Names || _young.Bytes >= most.Bytes || monotonic.GetElapsedTime(_since) >= most.Age;

    /// <summary>True with nothing when the name was emptied.</summary>
    public bool TryFind(string name, out ReadOnlySpan<byte> record) => TryFind(new Name(name, stackalloc byte[NameBytesOnStackMax]), out record);

    /// <summary>Keeps the record, whatever was kept under the name before.</summary>
    public void Put(string name, ReadOnlySpan<byte> record)
    {
        if (IsFull)
        {
            (_old, _young) = (_young, new Generation());
            _since = monotonic.GetTimestamp();
        }

        _young.Put(new Name(name, stackalloc byte[NameBytesOnStackMax]), record);
    }

    /// <summary>What was kept under the name is so no longer. Tells whether there is such a name.</summary>
    public bool TryEmpty(string name)
    {
        var found = new Name(name, stackalloc byte[NameBytesOnStackMax]);
        return _young.TryEmpty(found) || _old.TryEmpty(found);
    }

    private bool TryFind(scoped Name name, out ReadOnlySpan<byte> record) => _young.TryFind(name, out record) || _old.TryFind(name, out record);

    private readonly ref struct Name
    {
        public Name(string text, Span<byte> buffer)
        {
            Bytes = Encoding.UTF8.TryGetBytes(text, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(text);
            // Seeded anew in every process: nobody can choose names that meet in one slot.
            Hash = text.GetHashCode(StringComparison.Ordinal);
        }

        public ReadOnlySpan<byte> Bytes { get; }
        public int Hash { get; }
    }

    private sealed class Generation
    {
        // Small enough that the collector moves them like any object, large enough that they are few.
        private const int ChunkBytes = 64 * 1024;
        private const int PlacesAtFirst = 64;
        // For another help or two, so that a record is mostly rewritten where it is.
        private const int Spare = 2 * sizeof(ulong);

        private readonly List<byte[]> _chunks = [];
        // Open addressing: where a record begins plus one, 0 where nothing is; at most half full.
        private int[] _places = new int[PlacesAtFirst];
        private int _end;

        public int Count { get; private set; }

        public int Filled { get; private set; }

        public long Bytes => _end;

        public bool TryFind(scoped Name name, out ReadOnlySpan<byte> packed)
        {
            var place = _places[SlotOf(name)];
            if (place == 0)
            {
                packed = default;
                return false;
            }

            packed = RecordAt(place).Packed;
            return true;
        }

        public void Put(Name name, ReadOnlySpan<byte> packed)
        {
            // What is that long is read from the journal again.
            if (Record.Length(name.Bytes.Length, packed.Length + Spare) > ChunkBytes) packed = [];
            if (!packed.IsEmpty) Filled++;
            var slot = SlotOf(name);
            var isNew = _places[slot] == 0;
            if (!isNew)
            {
                if (!RecordAt(_places[slot]).Packed.IsEmpty) Filled--;
                if (RecordAt(_places[slot]).TryRewrite(packed)) return;
            }

            _places[slot] = Add(name, packed) + 1;
            if (!isNew) return;
            Count++;
            if (Count * 2 > _places.Length) Widen();
        }

        public bool TryEmpty(Name name)
        {
            var place = _places[SlotOf(name)];
            if (place == 0) return false;
            if (!RecordAt(place).Packed.IsEmpty) Filled--;
            return RecordAt(place).TryRewrite([]);
        }

        private int Add(Name name, ReadOnlySpan<byte> packed)
        {
            var length = Record.Length(name.Bytes.Length, packed.Length + Spare);
            if (_chunks.Count * ChunkBytes - _end < length)
            {
                _end = _chunks.Count * ChunkBytes;
                _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes));
            }

            var start = _end;
            _end += length;
            Record.Write(_chunks[start / ChunkBytes].AsSpan(start % ChunkBytes, length), name, packed);
            return start;
        }

        private Record RecordAt(int place) => new(_chunks[(place - 1) / ChunkBytes].AsSpan((place - 1) % ChunkBytes));

        // The record's, or the empty one where it would be.
        private int SlotOf(scoped Name name)
        {
            var slot = name.Hash & _places.Length - 1;
            for (; _places[slot] != 0; slot = slot + 1 & _places.Length - 1)
            {
                if (RecordAt(_places[slot]).Is(name)) return slot;
            }

            return slot;
        }

        private void Widen()
        {
            var before = _places;
            _places = new int[BitOperations.RoundUpToPowerOf2((uint)before.Length * 2)];
            foreach (var place in before)
            {
                if (place == 0) continue;
                var slot = RecordAt(place).Hash & _places.Length - 1;
                while (_places[slot] != 0) slot = slot + 1 & _places.Length - 1;
                _places[slot] = place;
            }
        }
    }

    /// <summary>How it lies in a chunk: the hash of the name, the lengths of the name, of what is packed and of the room for it; then the name, then what is packed.</summary>
    private readonly ref struct Record(Span<byte> bytes)
    {
        private const int NameLengthAt = sizeof(int);
        private const int PackedLengthAt = 2 * sizeof(int);
        private const int RoomAt = 3 * sizeof(int);
        private const int NameAt = 4 * sizeof(int);

        private readonly Span<byte> _bytes = bytes;

        public int Hash => Number(0);

        public ReadOnlySpan<byte> Packed => _bytes.Slice(PackedAt, Number(PackedLengthAt));

        private int PackedAt => NameAt + Number(NameLengthAt);

        public static int Length(int name, int room) => NameAt + name + room;

        public static void Write(Span<byte> to, Name name, ReadOnlySpan<byte> packed)
        {
            var record = new Record(to);
            record.SetNumber(0, name.Hash);
            record.SetNumber(NameLengthAt, name.Bytes.Length);
            record.SetNumber(RoomAt, to.Length - NameAt - name.Bytes.Length);
            name.Bytes.CopyTo(to[NameAt..]);
            record.TryRewrite(packed);
        }

        public bool Is(scoped Name name) => Hash == name.Hash && _bytes.Slice(NameAt, Number(NameLengthAt)).SequenceEqual(name.Bytes);

        public bool TryRewrite(ReadOnlySpan<byte> packed)
        {
            if (packed.Length > Number(RoomAt)) return false;
            SetNumber(PackedLengthAt, packed.Length);
            packed.CopyTo(_bytes[PackedAt..]);
            return true;
        }

        private int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);

        private void SetNumber(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes[at..], value);
    }
}

/// <summary>How much a generation of <see cref="RestingRecords"/> takes before the next begins: whichever comes first.</summary>
/// <param name="Bytes">Of the records; the places that they are found by take up to sixteen bytes more for each name.</param>
internal sealed record RestingMost(int Names, long Bytes, TimeSpan Age)
{
    // On a small machine, too, what rests stays a small part of the memory that the process may take.
    private const int MemoryShare = 16;

    /// <summary>Bytes that all records of one kind may take: <paramref name="most"/>, or a sixteenth of the memory where that is less.</summary>
    public static long ShareOfMemory(long most) => Math.Min(most, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare);
}
