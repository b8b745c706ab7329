namespace SocialCommerce.Journal;

/// <summary>
/// Streams of events with atomic units over several of them, receipts of requests, due times and one global feed.
/// </summary>
/// <remarks>
/// Success is told after COMMIT, never before. Every implementation passes the same conformance suite. Thread-safe.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>How many shards the due times are split over. Fixed for the life of a store.</summary>
    int DeadlineShards { get; }

    /// <summary>
    /// Commits the unit, all of it or nothing. Completes when it is on disk. Units of one caller are committed in the order in which
    /// they were handed over; the hand-over happens before this method returns its task.
    /// </summary>
    /// <exception cref="JournalConflictException">A stream is not at its expected version, or the receipt's key is taken. Nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">The store can't be written now. <see cref="JournalUnavailableException.OutcomeUnknown"/>
    /// says whether the unit may have been committed all the same; then read before deciding again.</exception>
    Task Append(JournalUnit unit);

    /// <summary>The durable events of a stream after a version, oldest first, at most <paramref name="limit"/> of them. Empty for a stream that does not exist.</summary>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue);

    /// <summary>
    /// Streams of which nobody else should write any more are this process's own from now on: it begins to find out which of all streams
    /// exist. For <see cref="ReadOwn"/>.
    /// </summary>
    void Own()
    {
    }

    /// <summary>
    /// All durable events of a stream that is this process's own; or null, once, where it did not exist when the last ones became that: then there
    /// are none unless somebody else wrote all the same, and a unit that is said to begin the stream loses. Where a process writes alone,
    /// never null.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    ValueTask<IReadOnlyList<StoredEvent>?> ReadOwn(string stream) => new(Read(stream)!);

    /// <summary>
    /// For who kept what was read from a stream here, or committed to it, and goes on from there without reading it again: the stream has at
    /// least this version. Spares a look for it, and nothing else depends on it.
    /// </summary>
    void Recall(string stream, int version);

    /// <summary>Streams that have a due time, however far off: those behind a name, in the order of their letters' codes, at most so many.</summary>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    Task<IReadOnlyList<string>> Waiting(string after, int limit);

    /// <summary>The receipt kept under a key, or null.</summary>
    Task<StoredReceipt?> FindReceipt(string key);

    /// <summary>Forgets receipts that were kept until a moment before <paramref name="now"/>; tells how many, at most <paramref name="limit"/>.</summary>
    Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000);

    /// <summary>Streams of a shard whose due time has come (<c>due &lt;= now</c>), most overdue first.</summary>
    Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit);

    /// <summary>
    /// Committed events of all streams in one order that never changes and never gains an event before a position that was already
    /// handed out. <paramref name="kinds"/> null reads every kind; the page's Next passes the skipped ones, too.
    /// </summary>
    /// <remarks>
    /// With several writers an event may show up a moment after its append was acknowledged, as older transactions must have ended first. A
    /// page for rare kinds may be empty and yet not at the end: a bounded number of events is looked through at a time.
    /// </remarks>
    Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null);

    /// <summary>Completes when something may have been committed after <paramref name="after"/>, or when <paramref name="patience"/> ends.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default);

    /// <summary>Small documents with an entity tag, for reminders and snapshots.</summary>
    IDocumentStore Documents { get; }

    /// <summary>What the journal has done and how it is, for health and metrics. Costs no I/O.</summary>
    JournalStatus Status { get; }
}

/// <summary>Small named documents, written with a check of their entity tag.</summary>
public interface IDocumentStore
{
    Task<StoredDocument?> Find(string key);

    /// <summary>Documents whose key starts with a prefix, by key.</summary>
    Task<IReadOnlyList<StoredDocument>> List(string prefix);

    /// <summary>Writes the document if its stored tag is <paramref name="expectedTag"/> (null: it must not exist). Gives the new tag, or null when the tag did not match and nothing was written.</summary>
    Task<string?> Write(string key, ReadOnlyMemory<byte> content, string? expectedTag);

    /// <summary>Removes the document if its tag matches (null: whatever its tag). Tells whether it is gone.</summary>
    Task<bool> Remove(string key, string? expectedTag);
}

public sealed record StoredDocument(string Key, ReadOnlyMemory<byte> Content, string Tag);
