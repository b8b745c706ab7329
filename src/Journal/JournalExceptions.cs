namespace SocialCommerce.Journal;

/// <summary>The unit lost on a stream's version or a receipt's key; nothing of it was written.</summary>
public sealed class JournalConflictException : Exception
{
    public JournalConflictException() { }
    public JournalConflictException(string message) : base(message) { }
    public JournalConflictException(string message, Exception innerException) : base(message, innerException) { }

    public JournalConflictException(IReadOnlyList<string> streams, IReadOnlyList<string> receiptKeys)
        : base($"Not at the expected version: {string.Join(", ", streams.Concat(receiptKeys))}.")
    {
        Streams = streams;
        ReceiptKeys = receiptKeys;
    }

    /// <summary>The streams that were not at their expected version.</summary>
    public IReadOnlyList<string> Streams { get; } = [];

    /// <summary>The receipt keys that were taken.</summary>
    public IReadOnlyList<string> ReceiptKeys { get; } = [];
}

/// <summary>The store can't do it now: disk full, file damaged or locked, connection lost.</summary>
public sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException() { }
    public JournalUnavailableException(string message) : base(message) { }
    public JournalUnavailableException(string message, Exception? innerException) : base(message, innerException) { }

    public JournalUnavailableException(string message, bool outcomeUnknown, Exception? innerException = null) : base(message, innerException) =>
        OutcomeUnknown = outcomeUnknown;

    /// <summary>True when the unit may have been committed all the same.</summary>
    public bool OutcomeUnknown { get; }
}
