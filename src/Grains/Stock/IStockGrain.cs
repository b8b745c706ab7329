using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>The stock of one campaign; the key is its stream, <c>stock/</c> and the campaign's id. It commits every unit of work that moves the stock, since it is the one that all of them share.</summary>
[Alias("sc.internal.stock")]
internal interface IStockGrain : IGrainWithStringKey
{
    [Alias("get")]
    Task<StockView> Get();

    /// <summary>Commits the appends together with the stock's own event, or nothing.</summary>
    [Alias("commit")]
    Task<StockReply> Commit(StockCommit request);
}

/// <summary>A unit of work that moves stock.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.stock-commit")]
internal sealed record StockCommit
{
    [Id(0)] public int Held { get; init; }
    [Id(1)] public int Sold { get; init; }
    /// <summary>A new total, set by the operator; null leaves it.</summary>
    [Id(2)] public int? Total { get; init; }
    [Id(3)] public ImmutableArray<AppendPart> Appends { get; init; } = [];
    [Id(4)] public ImmutableArray<ReceiptPart> Receipts { get; init; } = [];

    public static StockCommit Of(StockMove move, int? total, IReadOnlyList<StreamAppend> appends, IReadOnlyList<ReceiptWrite>? receipts) => new()
    {
        Held = move.Held,
        Sold = move.Sold,
        Total = total,
        Appends = [.. appends.Select(AppendPart.Of)],
        Receipts = receipts is null ? [] : [.. receipts.Select(ReceiptPart.Of)],
    };
}

/// <summary>An append on its way to the grain that commits it.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.append-part")]
internal sealed record AppendPart
{
    [Id(0)] public required string Stream { get; init; }
    [Id(1)] public int ExpectedVersion { get; init; }
    [Id(2)] public ImmutableArray<EventPart> Events { get; init; } = [];
    [Id(3)] public bool ChangesDeadline { get; init; }
    [Id(4)] public DateTimeOffset? DueAt { get; init; }

    public static AppendPart Of(StreamAppend append) => new()
    {
        Stream = append.Stream,
        ExpectedVersion = append.ExpectedVersion,
        Events = [.. append.Events.Select(EventPart.Of)],
        ChangesDeadline = append.Deadline is not null,
        DueAt = append.Deadline?.DueAt,
    };

    public StreamAppend ToAppend() =>
        new(Stream, ExpectedVersion, ImmutableArray.CreateRange(Events, static part => new NewEvent(part.Kind, part.Payload)), ChangesDeadline ? new DeadlineChange(DueAt) : null);
}

[GenerateSerializer, Immutable, Alias("sc.internal.event-part")]
internal sealed record EventPart
{
    [Id(0)] public short Kind { get; init; }
    [Id(1)] public byte[] Payload { get; init; } = [];

    public static EventPart Of(NewEvent happened) => new() { Kind = happened.Kind, Payload = BytesOf(happened.Payload) };

    internal static byte[] BytesOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();
}

[GenerateSerializer, Immutable, Alias("sc.internal.receipt-part")]
internal sealed record ReceiptPart
{
    [Id(0)] public required string Key { get; init; }
    [Id(1)] public required string Fingerprint { get; init; }
    [Id(2)] public byte[] Answer { get; init; } = [];
    [Id(3)] public DateTimeOffset KeptUntil { get; init; }

    public static ReceiptPart Of(ReceiptWrite receipt) => new()
    {
        Key = receipt.Key,
        Fingerprint = receipt.Fingerprint,
        Answer = EventPart.BytesOf(receipt.Answer),
        KeptUntil = receipt.KeptUntil,
    };

    public ReceiptWrite ToReceipt() => new(Key, Fingerprint, Answer, KeptUntil);
}

/// <summary>Whether the unit of work is on disk.</summary>
internal enum StockOutcome
{
    None = 0,
    Committed = 1,
    SoldOut = 2,
    /// <summary>A stream or receipt key of the caller's was not as expected; they are named.</summary>
    Conflict = 3,
}

[GenerateSerializer, Immutable, Alias("sc.internal.stock-reply")]
internal sealed record StockReply
{
    [Id(0)] public StockOutcome Outcome { get; init; }
    [Id(1)] public ImmutableArray<string> Streams { get; init; } = [];

    public Settled AsSettled() => Outcome switch
    {
        StockOutcome.Committed => Settled.Committed,
        StockOutcome.SoldOut => Settled.SoldOut,
        StockOutcome.Conflict => Settled.Conflict(Streams),
        _ => throw new InvalidOperationException($"The stock answered {Outcome}."),
    };
}
