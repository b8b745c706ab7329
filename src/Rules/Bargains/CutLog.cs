namespace SocialCommerce.Rules;

/// <summary>What a bargain keeps of one cut. There are twenty in a usual bargain and tens of thousands in a hot one, so it is kept small.</summary>
public readonly record struct CutEntry(
    string HelperId, long CutFen, long PriceFen, DateTime AtUtc, DateTime HelpsResetAtUtc, short Depth, ushort HelpsUsed, ushort HelpsLimit, bool NewShopper, int CutNumber)
{
    // A day's end: seconds are enough, and half as long.
    private readonly uint _helpsResetSeconds = SecondsOf(HelpsResetAtUtc);

    public DateTime HelpsResetAtUtc
    {
        get => DateTime.UnixEpoch.AddSeconds(_helpsResetSeconds);
        init => _helpsResetSeconds = SecondsOf(value);
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
    private const int IndexFrom = 24;

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
            if (storage[Count] == entry) return new CutLog(storage, Count + 1);

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
        if (index >= 0 && index < Count && _storage[index].CutNumber > 0)
        {
            entry = _storage[index];
            return true;
        }

        entry = default;
        return false;
    }

    private sealed class Storage
    {
        // By a quarter: a list doubles, and a third of what a million bargains hold would be room that they never use.
        private const int GrowthDivisor = 4;
        private const int GrowthMin = 4;

        private CutEntry[] _entries = [];
        private Dictionary<string, int>? _byHelper;

        public int Count { get; private set; }

        public ref readonly CutEntry this[int index] => ref _entries[index];

        public void Add(CutEntry entry)
        {
            if (Count == _entries.Length) Array.Resize(ref _entries, Count + Math.Max(GrowthMin, Count / GrowthDivisor));
            _entries[Count] = entry;
            Count++;
            if (_byHelper is not null) _byHelper.TryAdd(entry.HelperId, Count - 1);
            else if (Count >= IndexFrom) Index();
        }

        public int IndexOf(string helperId)
        {
            if (_byHelper is not null) return _byHelper.TryGetValue(helperId, out var index) ? index : -1;
            for (var i = 0; i < Count; i++)
            {
                if (string.Equals(_entries[i].HelperId, helperId, StringComparison.Ordinal)) return i;
            }

            return -1;
        }

        /// <summary>A copy of so many from the first on.</summary>
        public Storage First(int count)
        {
            var first = new Storage();
            for (var i = 0; i < count; i++) first.Add(_entries[i]);
            return first;
        }

        private void Index()
        {
            _byHelper = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < Count; i++) _byHelper.TryAdd(_entries[i].HelperId, i);
        }
    }
}
