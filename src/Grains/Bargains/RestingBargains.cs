using System.Diagnostics.Metrics;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// Open bargains that no grain has, as bytes, in a process that nobody shares its journal with (adr/0015): a grain that wakes knows without a
/// read how its bargain stands. Thread-safe.
/// </summary>
/// <remarks>
/// A bargain that wakes leaves an empty record, so that what is read ahead, and may be old by then, is not taken for how it stands. Nothing
/// that is accepted rests on what is kept here: a unit commits with the version that its bargain has, and loses if that is not the stream's.
/// </remarks>
internal sealed class RestingBargains
{
    private const long BytesMost = 512L << 20;
    private const int Generations = 2;
    private const int ShelfBits = 4;
    private const int Shelves = 1 << ShelfBits;
    private const int BytesOnStackMax = 1_024;

    // Of so many campaigns' definitions; bargains under further ones are read when they wake.
    private const int TermsMost = 65_536;

    private readonly Shelf[] _shelves = new Shelf[Shelves];
    private readonly SharedTerms _terms = new(TermsMost);

    /// <param name="meters">Null where nobody counts.</param>
    public RestingBargains(TimeProvider monotonic, IMeterFactory? meters = null)
        : this(RestingMost.ShareOfMemory(BytesMost), monotonic)
    {
        meters?.Create("SocialCommerce.Grains").CreateObservableGauge(
            "socialcommerce.bargains.resting", () => Count, "{bargain}", "Open bargains that no grain has and whose state this process has at hand.");
    }

    internal RestingBargains(long bytesMost, TimeProvider monotonic)
    {
        var most = new RestingMost(int.MaxValue, bytesMost / Generations / Shelves, TimeSpan.MaxValue);
        for (var i = 0; i < Shelves; i++) _shelves[i] = new Shelf(new RestingRecords(most, monotonic));
    }

    /// <summary>So many are kept.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shelf in _shelves)
            {
                lock (shelf.Gate) count += shelf.Records.Filled;
            }

            return count;
        }
    }

    /// <summary>The bargain as it was left, for the grain that has it from now on; null where its stream has to be read.</summary>
    public BargainState? Wake(string bargainId)
    {
        var shelf = ShelfOf(bargainId);
        lock (shelf.Gate)
        {
            var bargain = shelf.Records.TryFind(bargainId, out var packed) && !packed.IsEmpty ? PackedBargain.Unpack(bargainId, packed, _terms.ByNumber) : null;
            if (!shelf.Records.TryEmpty(bargainId)) shelf.Records.Put(bargainId, []);
            return bargain;
        }
    }

    /// <summary>Its grain goes, and this is how it leaves the bargain.</summary>
    public void Rest(BargainState bargain) => Keep(bargain, static (_, _) => true);

    /// <summary>It was started, by no grain of its own; one may have begun since.</summary>
    public void RestNew(BargainState bargain) => Keep(bargain, static (records, bargainId) => !records.TryFind(bargainId, out _));

    /// <summary>It was read without a grain; one may have begun since the reading did. Kept while there is room for all that comes.</summary>
    public void RestAhead(BargainState bargain) => Keep(bargain, static (records, bargainId) => records.HasRoom && !records.TryFind(bargainId, out _));

    /// <summary>Whether all that was ever put here is still kept, and more would be.</summary>
    public bool HasRoom
    {
        get
        {
            foreach (var shelf in _shelves)
            {
                lock (shelf.Gate)
                {
                    if (!shelf.Records.HasRoom) return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether it is worth reading ahead: nothing is known of it yet, and there is room.</summary>
    public bool Wants(string bargainId)
    {
        var shelf = ShelfOf(bargainId);
        lock (shelf.Gate) return shelf.Records.HasRoom && !shelf.Records.TryFind(bargainId, out _);
    }

    private void Keep(BargainState bargain, Func<RestingRecords, string, bool> may)
    {
        // What has ended is hardly asked for any more.
        if (bargain.DueAt is null || _terms.NumberOf(bargain.Terms) is not { } terms) return;
        var max = PackedBargain.MaxBytes(bargain);
        var packed = PackedBargain.Pack(bargain, terms, max <= BytesOnStackMax ? stackalloc byte[max] : new byte[max]);
        var shelf = ShelfOf(bargain.BargainId);
        lock (shelf.Gate)
        {
            if (may(shelf.Records, bargain.BargainId)) shelf.Records.Put(bargain.BargainId, packed);
        }
    }

    private Shelf ShelfOf(string bargainId) => _shelves[(uint)bargainId.GetHashCode(StringComparison.Ordinal) >> (32 - ShelfBits)];

    private sealed record Shelf(RestingRecords Records)
    {
        public Lock Gate { get; } = new();
    }

    /// <summary>The terms that bargains have in common, each once. Thread-safe; none is ever taken away.</summary>
    private sealed class SharedTerms(int most)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<BargainTerms, int> _numbers = [];
        private volatile BargainTerms[] _all = [];
        private volatile Numbered? _last;

        public IReadOnlyList<BargainTerms> ByNumber => _all;

        /// <summary>Null when there are too many already.</summary>
        public int? NumberOf(BargainTerms terms)
        {
            if (_last is { } last && ReferenceEquals(last.Terms, terms)) return last.Number;
            lock (_gate)
            {
                if (!_numbers.TryGetValue(terms, out var number))
                {
                    if (_numbers.Count >= most) return null;
                    _numbers[terms] = number = _numbers.Count;
                    _all = [.. _all, terms];
                }

                _last = new Numbered(terms, number);
                return number;
            }
        }

        private sealed record Numbered(BargainTerms Terms, int Number);
    }
}
