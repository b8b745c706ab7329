namespace SocialCommerce.Journal;

/// <summary>One change to one or more streams that is committed all or nothing.</summary>
/// <param name="Appends">At least one, unless there is a receipt; no stream twice.</param>
/// <param name="Receipts">Receipts to keep with it; a taken key fails the unit.</param>
public sealed record JournalUnit(IReadOnlyList<StreamAppend> Appends, IReadOnlyList<ReceiptWrite>? Receipts = null)
{
    public JournalUnit(params StreamAppend[] appends) : this((IReadOnlyList<StreamAppend>)appends) { }
}

/// <summary>Events to add to a stream, and what becomes of its due time.</summary>
/// <param name="Stream">1 to 200 characters of printable ASCII, ordinal, such as <c>bargain/b_…</c>.</param>
/// <param name="ExpectedVersion">How many events the stream has before; 0 for a new stream.</param>
/// <param name="Events">At least one; they get the versions ExpectedVersion + 1, + 2, …</param>
/// <param name="Deadline">Null leaves the due time as it is.</param>
public sealed record StreamAppend(string Stream, int ExpectedVersion, IReadOnlyList<NewEvent> Events, DeadlineChange? Deadline = null);

/// <summary>An event to be written: a kind that the owner of the stream assigns (never reused) and UTF-8 JSON.</summary>
public readonly record struct NewEvent(short Kind, ReadOnlyMemory<byte> Payload);

/// <summary>Sets (<see cref="At"/>) or clears (<see cref="Clear"/>) a stream's due time. Millisecond resolution, rounded up.</summary>
public sealed record DeadlineChange(DateTimeOffset? DueAt)
{
    public static readonly DeadlineChange Clear = new((DateTimeOffset?)null);
    public static DeadlineChange At(DateTimeOffset dueAt) => new(dueAt);
}

/// <summary>A request's answer, kept under its key so that a repeat gets the same.</summary>
/// <param name="Key">1 to 200 characters.</param>
/// <param name="Fingerprint">Tells another content under the same key.</param>
/// <param name="Answer">What was answered; opaque here.</param>
/// <param name="KeptUntil">May be forgotten from then on.</param>
public sealed record ReceiptWrite(string Key, string Fingerprint, ReadOnlyMemory<byte> Answer, DateTimeOffset KeptUntil);

public sealed record StoredReceipt(string Key, string Fingerprint, ReadOnlyMemory<byte> Answer);

/// <summary>An event as it is stored. Version counts from 1 within its stream.</summary>
public readonly record struct StoredEvent(int Version, short Kind, ReadOnlyMemory<byte> Payload);

/// <summary>A stream whose due time has come.</summary>
public readonly record struct DueStream(string Stream, DateTimeOffset DueAt);

/// <summary>An event in the feed.</summary>
public readonly record struct FeedEvent(FeedPosition Position, string Stream, int Version, short Kind, ReadOnlyMemory<byte> Payload);

/// <summary>A page of the feed. <see cref="Next"/> is where to read on, also when nothing was found.</summary>
/// <param name="AtEnd">Nothing more was committed after this page when it was read.</param>
public sealed record FeedPage(IReadOnlyList<FeedEvent> Events, FeedPosition Next, bool AtEnd);

/// <summary>A place in the feed; opaque outside the journal but for its order. Text form is for cursors.</summary>
public readonly record struct FeedPosition(long Epoch, long Sequence) : IComparable<FeedPosition>
{
    public static readonly FeedPosition Start = new(0, 0);

    public int CompareTo(FeedPosition other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(FeedPosition left, FeedPosition right) => left.CompareTo(right) < 0;
    public static bool operator >(FeedPosition left, FeedPosition right) => left.CompareTo(right) > 0;
    public static bool operator <=(FeedPosition left, FeedPosition right) => left.CompareTo(right) <= 0;
    public static bool operator >=(FeedPosition left, FeedPosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Epoch}-{Sequence}");

    public static bool TryParse(string? text, out FeedPosition position)
    {
        position = Start;
        if (text is null) return false;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0
            || !long.TryParse(text.AsSpan(0, dash), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(text.AsSpan(dash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence)) return false;
        position = new FeedPosition(epoch, sequence);
        return true;
    }
}

/// <summary>How a journal is.</summary>
/// <param name="Writable">False while the store refuses writes (disk full, file damaged, connection lost).</param>
/// <param name="Fault">Why not, in one line; null when writable.</param>
/// <param name="Queued">Units handed over and not yet committed.</param>
/// <param name="Reads">Reads of streams and receipts, ever.</param>
/// <param name="ReadsSpared">Of these, answered without asking the store: it was known that there is no such stream or receipt.</param>
public sealed record JournalStatus(
    bool Writable, string? Fault, int Queued, long UnitsCommitted, long EventsCommitted, long Commits, long Reads = 0, long ReadsSpared = 0);
