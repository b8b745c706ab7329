namespace SocialCommerce.Rules;

/// <summary>What a bargain keeps of one cut.</summary>
public readonly record struct CutEntry(
    string HelperId, long CutFen, long PriceFen, DateTime AtUtc, DateTime HelpsResetAtUtc, short Depth, ushort HelpsUsed, ushort HelpsLimit, bool NewShopper, int CutNumber)
{
    /// <summary>A day's end: seconds are enough, and half as long.</summary>
    internal uint HelpsResetSeconds { get; private init; } = SecondsOf(HelpsResetAtUtc);

    public DateTime HelpsResetAtUtc
    {
        get => DateTime.UnixEpoch.AddSeconds(HelpsResetSeconds);
        init => HelpsResetSeconds = SecondsOf(value);
    }

    public static CutEntry Of(BargainCut cut) => new(
        cut.HelperId, cut.CutFen, cut.PriceFen, cut.At.UtcDateTime, cut.HelpsResetAt.UtcDateTime,
        (short)(cut.Via?.Depth ?? 0), (ushort)cut.HelpsUsed, (ushort)cut.HelpsLimit, cut.NewShopper, cut.CutNumber);

    // The owner's own cut counts as no help and has no such day.
    private static uint SecondsOf(DateTime utc) => utc <= DateTime.UnixEpoch ? 0 : checked((uint)((utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond));
}

/// <summary>
/// The cuts of a bargain, oldest first. A value: appending gives a new log. Logs that grow from one another share their storage, so that
/// an append costs no copy; the older log still sees only its own cuts. For one thread at a time.
/// </summary>
public sealed class CutLog
{
    private readonly Storage _storage;

    private CutLog(Storage storage, int count)
    {
        _storage = storage;
        Count = count;
    }

    public static CutLog Empty => new(new Storage(), 0);

    public int Count { get; }

    public CutEntry this[int index] =>
        index < Count ? _storage[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"The log has {Count} cuts.");

    public CutLog Append(CutEntry entry)
    {
        var storage = _storage;
        if (storage.Count > Count)
        {
            // The same cut again, as when a decision is first tried and then taken: the log that grew by it is this one's, too.
            if (storage.Holds(Count, entry)) return new CutLog(storage, Count + 1);

            // Another log has grown from this one: branch off rather than change what that one sees.
            storage = storage.First(Count);
        }

        storage.Add(entry);
        return new CutLog(storage, Count + 1);
    }

    /// <summary>The cut of a helper; number 0, the owner's own, is not a help.</summary>
    public bool TryFind(string helperId, out CutEntry entry)
    {
        var index = _storage.IndexOf(helperId);
        entry = index >= 0 && index < Count ? _storage[index] : default;
        return entry.CutNumber > 0;
    }

    // There are twenty in a usual bargain and tens of thousands in a hot one, so they are kept small, and without references.
    private sealed class Storage
    {
        private NameList _names = new();
        private Kept[] _kept = [];

        public int Count => _names.Count;

        public CutEntry this[int index] => _kept[index].EntryOf(_names[index]);

        public bool Holds(int index, CutEntry entry) => _kept[index] == Kept.Of(entry) && _names.Is(index, entry.HelperId);

        public int IndexOf(string helperId) => _names.IndexOf(helperId);

        public void Add(CutEntry entry)
        {
            Growing.MakeRoom(ref _kept, Count, 1);
            _kept[Count] = Kept.Of(entry);
            _names.Add(entry.HelperId);
        }

        /// <summary>A copy of so many from the first on.</summary>
        public Storage First(int count)
        {
            var first = new Storage { _names = _names.First(count) };
            Growing.MakeRoom(ref first._kept, 0, count);
            _kept.AsSpan(0, count).CopyTo(first._kept);
            return first;
        }
    }

    private readonly record struct Kept(
        long CutFen, long PriceFen, DateTime AtUtc, uint HelpsResetSeconds, int CutNumber, short Depth, ushort HelpsUsed, ushort HelpsLimit, bool NewShopper)
    {
        public static Kept Of(CutEntry entry) => new(
            entry.CutFen, entry.PriceFen, entry.AtUtc, entry.HelpsResetSeconds, entry.CutNumber, entry.Depth, entry.HelpsUsed, entry.HelpsLimit, entry.NewShopper);

        public CutEntry EntryOf(string helperId) => new(
            helperId, CutFen, PriceFen, AtUtc, DateTime.UnixEpoch.AddSeconds(HelpsResetSeconds), Depth, HelpsUsed, HelpsLimit, NewShopper, CutNumber);
    }
}
