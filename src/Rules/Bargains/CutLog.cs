namespace SocialCommerce.Rules;

/// <summary>What a bargain keeps of one cut.</summary>
public readonly record struct CutEntry(
    string HelperId, long CutFen, long PriceFen, DateTime AtUtc, DateTime HelpsResetAtUtc, short Depth, ushort HelpsUsed, ushort HelpsLimit, bool NewShopper, int CutNumber)
{
    public static CutEntry Of(BargainCut cut) => new(
        cut.HelperId, cut.CutFen, cut.PriceFen, cut.At.UtcDateTime, cut.HelpsResetAt.UtcDateTime,
        (short)Math.Min(cut.Via?.Depth ?? 0, short.MaxValue), (ushort)cut.HelpsUsed, (ushort)cut.HelpsLimit, cut.NewShopper, cut.CutNumber);
}

/// <summary>
/// The cuts of a bargain, oldest first. A value: appending gives a new log. Logs that grow from one another share their storage, so that
/// an append costs no copy; the older log still sees only its own cuts. For one thread at a time, but for <see cref="TryFindBeside"/>.
/// </summary>
public readonly record struct CutLog
{
    // Looked through one after the other: 2 µs for all of them, where a call to a grain costs ten times as much (docs/performance.md, Log).
    private const int ShortMax = 256;

    // There are twenty in a usual bargain and tens of thousands in a hot one, so they are kept small, and without references.
    private readonly NameList _cuts;

    private CutLog(NameList cuts, int count)
    {
        _cuts = cuts;
        Count = count;
    }

    public static CutLog Empty => new(new NameList(), 0);

    public int Count { get; }

    public CutEntry this[int index] =>
        index < Count ? Entry(index, _cuts[index]) : throw new ArgumentOutOfRangeException(nameof(index), index, $"The log has {Count} cuts.");

    public CutLog Append(CutEntry entry)
    {
        Span<byte> buffer = stackalloc byte[PackedCut.MaxBytes];
        var packed = PackedCut.Pack(entry, buffer);
        var cuts = _cuts;
        if (cuts.Count > Count)
        {
            // The same cut again, as when a decision is first tried and then taken: the log that grew by it is this one's, too.
            if (cuts.Beside(Count).SequenceEqual(packed) && cuts.Is(Count, entry.HelperId)) return new CutLog(cuts, Count + 1);

            // Another log has grown from this one: branch off rather than change what that one sees.
            cuts = cuts.First(Count);
        }

        cuts.Add(entry.HelperId, packed);
        return new CutLog(cuts, Count + 1);
    }

    /// <summary>The cut of a helper; number 0, the owner's own, is not a help.</summary>
    public bool TryFind(string helperId, out CutEntry entry)
    {
        var index = _cuts.IndexOf(helperId);
        entry = index >= 0 && index < Count ? Entry(index, helperId) : default;
        return entry.CutNumber > 0;
    }

    /// <summary>Whether there are few enough for <see cref="TryFindBeside"/>.</summary>
    public bool IsShort => Count <= ShortMax;

    /// <summary>The same as <see cref="TryFind"/> in a short log, on any thread, beside the one that appends.</summary>
    public bool TryFindBeside(string helperId, out CutEntry entry)
    {
        var packed = IsShort ? _cuts.BesideAmong(Count, helperId) : [];
        entry = packed.IsEmpty ? default : PackedCut.Unpack(helperId, packed);
        return entry.CutNumber > 0;
    }

    /// <summary>As many bytes at most does <see cref="Pack"/> write.</summary>
    internal int PackedBytesMax => 2 * VarInt.MaxBytes + _cuts.BytesOf(Count).Length;

    internal void Pack(ref Span<byte> to)
    {
        var cuts = _cuts.BytesOf(Count);
        VarInt.Write(ref to, (uint)Count);
        VarInt.Write(ref to, (uint)cuts.Length);
        cuts.CopyTo(to);
        to = to[cuts.Length..];
    }

    internal static CutLog Unpack(ref ReadOnlySpan<byte> from)
    {
        var count = (int)VarInt.Read(ref from);
        var length = (int)VarInt.Read(ref from);
        var cuts = NameList.Of(from[..length], count);
        from = from[length..];
        return new CutLog(cuts, count);
    }

    private CutEntry Entry(int index, string helperId) => PackedCut.Unpack(helperId, _cuts.Beside(index));
}
