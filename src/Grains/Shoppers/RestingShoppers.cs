using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// What is known of shoppers who are doing nothing, as bytes: as objects, millions of them would be carried along by every collection. Those
/// that were last put here are kept. For one thread at a time.
/// </summary>
/// <param name="generationMost">
/// Kept since the last change of generations: at most so many. What was not put here again in a whole generation is let go as others come.
/// </param>
internal sealed class RestingShoppers(int generationMost, TimeSpan generationAge, TimeProvider monotonic)
{
    private const int BytesOnStackMax = 512;

    private Generation _young = new();
    private Generation _old = new();
    private long _since = monotonic.GetTimestamp();

    /// <summary>So many are kept, those in both generations twice.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>What is known of the shopper; null when nothing is.</summary>
    public ShopperState? Find(string shopperId)
    {
        var packed = FindPacked(new Name(shopperId, stackalloc byte[BytesOnStackMax]));
        return packed.IsEmpty ? null : PackedShopper.Unpack(packed);
    }

    /// <summary>Keeps what is known now; null when that is nothing, whatever was known before.</summary>
    public void Put(string shopperId, ShopperState? shopper)
    {
        var name = new Name(shopperId, stackalloc byte[BytesOnStackMax]);
        if (shopper is null)
        {
            if (!FindPacked(name).IsEmpty) _young.Put(name, []);
            return;
        }

        if (_young.Count >= generationMost || monotonic.GetElapsedTime(_since) >= generationAge)
        {
            (_old, _young) = (_young, new Generation());
            _since = monotonic.GetTimestamp();
        }

        var max = PackedShopper.MaxBytes(shopper);
        _young.Put(name, PackedShopper.Pack(shopper, max <= BytesOnStackMax ? stackalloc byte[max] : new byte[max]));
    }

    private ReadOnlySpan<byte> FindPacked(Name name) => _young.TryFind(name, out var packed) || _old.TryFind(name, out packed) ? packed : [];

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

        /// <summary>True with nothing when it was put here that nothing is known.</summary>
        public bool TryFind(Name name, out ReadOnlySpan<byte> packed)
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
            var slot = SlotOf(name);
            var isNew = _places[slot] == 0;
            if (!isNew && RecordAt(_places[slot]).TryRewrite(packed)) return;
            _places[slot] = Add(name, packed) + 1;
            if (!isNew) return;
            Count++;
            if (Count * 2 > _places.Length) Widen();
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
        private int SlotOf(Name name)
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

    /// <summary>A record: the hash of the name, the lengths of the name, of what is packed and of the room for it; then the name, then what is packed.</summary>
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

        public bool Is(Name name) => Hash == name.Hash && _bytes.Slice(NameAt, Number(NameLengthAt)).SequenceEqual(name.Bytes);

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
