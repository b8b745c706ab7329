namespace SocialCommerce.Journal;

/// <summary>How a journal in a SQLite file works.</summary>
public sealed record SqliteJournalOptions
{
    /// <summary>The database file. It and its folder are made when missing; <c>.lock</c>, <c>-wal</c> and <c>-shm</c> files lie beside it.</summary>
    public required string Path { get; init; }

    /// <summary>Shards of due times of a new store; an existing one keeps its own.</summary>
    public int DeadlineShards { get; init; } = DeadlineShard.Default;

    /// <summary>Bounds of the group commit.</summary>
    public CommitQueueOptions Queue { get; init; } = new();

    /// <summary>How long a commit waits for another process that holds the database (a person with <c>sqlite3</c>).</summary>
    public TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages in the log after which it is moved into the file.</summary>
    public int CheckpointPages { get; init; } = 12_000;

    /// <summary>Events after which they begin to be moved into the index by stream: the more, the cheaper each; up to twice as many are read at the next start.</summary>
    public int IndexEvery { get; init; } = 65_536;

    /// <summary>Tests make names meet.</summary>
    internal Func<string, long> HashOf { get; init; } = StreamHash.Of;

    /// <summary>Called by tests around each COMMIT to make it fail.</summary>
    internal Action<SqliteStep>? Faults { get; init; }
}

/// <summary>Where a test may let a commit fail.</summary>
internal enum SqliteStep
{
    BeforeCommit = 0,
    AfterCommit = 1,
}
