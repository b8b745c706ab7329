namespace SocialCommerce.Journal;

/// <summary>What a store does for the writer. Called by one thread at a time.</summary>
internal interface IBatchStore
{
    /// <summary>The committed versions of the streams (0 where there is none) and which of the receipt keys are taken.</summary>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    /// <exception cref="StoreLostException">The store went away; nothing was written.</exception>
    StoreFacts Ask(IReadOnlyCollection<string> streams, IReadOnlyCollection<string> receiptKeys);

    /// <summary>Commits all units in one transaction; they are on disk when this returns.</summary>
    /// <exception cref="KeyTakenException">A (stream, version) or receipt key exists already; nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">Nothing was written.</exception>
    /// <exception cref="StoreLostException">The store went away; only after recovery it is known whether the units were written.</exception>
    void Commit(IReadOnlyList<PendingUnit> units);

    /// <summary>Called when the units of a commit have been told: the moment for work that nobody waits for.</summary>
    void Tidy();

    /// <summary>After a fault: one try to get back to work.</summary>
    Recovery TryRecover();

    /// <summary>After a try in vain: what was in the way, where it is something else than the fault before.</summary>
    string? Obstacle => null;

    /// <summary>After a recovery: whether the last <see cref="Commit"/> has happened. Found by reading, never guessed.</summary>
    bool LastCommitHappened { get; }
}

/// <summary>How a store is after a fault.</summary>
internal enum Recovery
{
    /// <summary>Works again.</summary>
    Back = 0,
    /// <summary>Only the next commit can tell (a full disk).</summary>
    NextCommitTells = 1,
    /// <summary>Still away; nothing can be sent.</summary>
    Away = 2,
}

/// <param name="Heads">Version by stream; every stream that was asked for is there.</param>
internal sealed record StoreFacts(IReadOnlyDictionary<string, int> Heads, IReadOnlySet<string> TakenKeys);

/// <summary>A primary key refused the batch: some unit lost against what is stored. Inside the journal only.</summary>
internal sealed class KeyTakenException : Exception
{
    public KeyTakenException() { }
    public KeyTakenException(string message) : base(message) { }
    public KeyTakenException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The connection or file was lost on the way. Inside the journal only.</summary>
internal sealed class StoreLostException : Exception
{
    public StoreLostException() { }
    public StoreLostException(string message) : base(message) { }
    public StoreLostException(string message, Exception? innerException) : base(message, innerException) { }
}
