using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What a command comes to: its reply, and what has to be on disk before the reply is given.</summary>
/// <typeparam name="TEvent">The aggregate's events.</typeparam>
internal sealed record Step<TEvent, TReply>(TReply Reply)
{
    /// <summary>Empty for a refusal and for a repeat.</summary>
    public IReadOnlyList<TEvent> Events { get; init; } = [];

    /// <summary>Tells refusals apart; 0 for none. A refusal that the durable state gives as well need not wait for a commit.</summary>
    public int Refusal { get; init; }

    /// <summary>The refusal is not to be given before a look whether another silo that believes it has this grain has written.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>Appends to other streams that stand or fall with the events.</summary>
    public IReadOnlyList<StreamAppend> Others { get; init; } = [];

    /// <summary>What the events mean for the campaign's stock.</summary>
    public StockMove Move { get; init; }

    /// <summary>A new total of the campaign's stock; null leaves it.</summary>
    public int? StockTotal { get; init; }

    /// <summary>Answers to keep with it.</summary>
    public IReadOnlyList<ReceiptWrite> Receipts { get; init; } = [];
}

/// <summary>What a decision is made under.</summary>
/// <param name="Now">The domain's time, read once for the decision.</param>
/// <param name="StockIsGone">The campaign had no unit left when this very command asked for one.</param>
internal readonly record struct Circumstances(DateTimeOffset Now, bool StockIsGone);

/// <summary>How a batch ended.</summary>
internal sealed record Settled(SettledAs How, IReadOnlyList<string> Streams, string Fault = "")
{
    public static readonly Settled Committed = new(SettledAs.Committed, []);
    public static readonly Settled Redo = new(SettledAs.Redo, []);
    public static readonly Settled SoldOut = new(SettledAs.SoldOut, []);

    public static Settled Conflict(IReadOnlyList<string> streams) => new(SettledAs.Conflict, streams);

    public static Settled Away(string fault, bool outcomeUnknown) => new(outcomeUnknown ? SettledAs.Unknown : SettledAs.Away, [], fault);
}

internal enum SettledAs
{
    /// <summary>On disk.</summary>
    Committed,
    /// <summary>Not written, through no fault of its own: decide again.</summary>
    Redo,
    /// <summary>Not written: the campaign has no unit left.</summary>
    SoldOut,
    /// <summary>Not written: these streams or receipt keys were not as expected.</summary>
    Conflict,
    /// <summary>Not written: the store is away.</summary>
    Away,
    /// <summary>The store is away, and it may have been written.</summary>
    Unknown,
}
