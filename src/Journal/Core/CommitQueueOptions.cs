namespace SocialCommerce.Journal;

/// <summary>Bounds of the group commit; the defaults are measured ones.</summary>
public sealed record CommitQueueOptions
{
    private const int HeadsMost = 2_000_000;
    private const int HeadBytes = 40;
    private const int MemoryParts = 16;

    /// <summary>Units in one commit at most.</summary>
    public int BatchUnitsMax { get; init; } = 512;

    /// <summary>Events in one commit at most, unless a single unit has more.</summary>
    public int BatchEventsMax { get; init; } = 8_192;

    /// <summary>Units that may wait; further ones are refused at once, so that an overloaded store answers fast instead of late.</summary>
    public int QueuedUnitsMax { get; init; } = 20_000;

    /// <summary>
    /// Streams whose version the writer remembers, in some 40 bytes each: two millions, or what a sixteenth of the memory holds where that is
    /// less. A commit with one that it does not remember asks the store first, which is a round trip more.
    /// </summary>
    public int HeadsMax { get; init; } = (int)(MemoryShare.Of((long)HeadsMost * HeadBytes, MemoryParts) / HeadBytes);

    /// <summary>Streams of failed units that the writer remembers until somebody knows the truth about them.</summary>
    public int LostMax { get; init; } = 200_000;

    /// <summary>How long the units of a commit that was cut off wait for the store to come back and tell their outcome.</summary>
    public TimeSpan OutcomePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries to get a lost store back; the wait doubles from the first to the second.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="RetryFirst"/>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(1);
}
