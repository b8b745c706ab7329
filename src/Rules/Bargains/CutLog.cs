namespace SocialCommerce.Rules;

/// <summary>What a bargain keeps of one cut.</summary>
public readonly record struct CutEntry(
    string HelperId, long CutFen, long PriceFen, DateTime AtUtc, DateTime HelpsResetAtUtc, short Depth, ushort HelpsUsed, ushort HelpsLimit, bool NewShopper, int CutNumber);

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
        index < Count ? _storage.Entries[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"The log has {Count} cuts.");

    public CutLog Append(CutEntry entry)
    {
        var storage = _storage;
        if (storage.Entries.Count > Count)
        {
            // The same cut again, as when a decision is first tried and then taken: the log that grew by it is this one's, too.
            if (storage.Entries[Count] == entry) return new CutLog(storage, Count + 1);

            // Another log has grown from this one: branch off rather than change what that one sees.
            storage = new Storage(storage.Entries.Take(Count));
        }

        storage.Add(entry);
        return new CutLog(storage, Count + 1);
    }

    /// <summary>The cut of a helper; number 0, the owner's own, is not a help.</summary>
    public bool TryFind(string helperId, out CutEntry entry)
    {
        var index = _storage.IndexOf(helperId);
        if (index >= 0 && index < Count && _storage.Entries[index].CutNumber > 0)
        {
            entry = _storage.Entries[index];
            return true;
        }

        entry = default;
        return false;
    }

    private sealed class Storage
    {
        private Dictionary<string, int>? _byHelper;

        public Storage() => Entries = [];

        public Storage(IEnumerable<CutEntry> entries)
        {
            Entries = [];
            foreach (var entry in entries) Add(entry);
        }

        public List<CutEntry> Entries { get; }

        public void Add(CutEntry entry)
        {
            Entries.Add(entry);
            if (_byHelper is not null)
            {
                _byHelper.TryAdd(entry.HelperId, Entries.Count - 1);
            }
            else if (Entries.Count >= IndexFrom)
            {
                _byHelper = new Dictionary<string, int>(StringComparer.Ordinal);
                for (var i = 0; i < Entries.Count; i++) _byHelper.TryAdd(Entries[i].HelperId, i);
            }
        }

        public int IndexOf(string helperId)
        {
            if (_byHelper is not null) return _byHelper.TryGetValue(helperId, out var index) ? index : -1;
            for (var i = 0; i < Entries.Count; i++)
            {
                if (string.Equals(Entries[i].HelperId, helperId, StringComparison.Ordinal)) return i;
            }

            return -1;
        }
    }
}
