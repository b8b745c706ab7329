using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>The side of a bargain that a helper's grain and the sweep of deadlines talk to; the key is the bargain's id.</summary>
[Alias("sc.internal.bargain-cuts")]
internal interface IBargainCuts : IGrainWithStringKey
{
    /// <summary>Decides a help and commits it together with the helper's own event.</summary>
    [Alias("cut")]
    ValueTask<CutOutcome> Cut(CutByHelper request);

    /// <summary>Lets time pass: an open bargain expires, a won one lapses, when due.</summary>
    [Alias("tick")]
    Task Tick();
}

/// <summary>A help with what the helper's grain knows.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.cut-by-helper")]
internal sealed record CutByHelper
{
    [Id(0)] public required string HelperId { get; init; }
    [Id(1)] public string Via { get; init; } = "";
    /// <summary>The version that the helper's stream has.</summary>
    [Id(2)] public int HelperVersion { get; init; }
    [Id(3)] public bool NewShopper { get; init; }
    [Id(4)] public bool HelpedBefore { get; init; }
    [Id(5)] public DateOnly Day { get; init; }
    [Id(6)] public int UsedOnDay { get; init; }
    /// <summary>The helper grain's time; the cut is never dated before it, so that its day is never one that has passed.</summary>
    [Id(7)] public DateTimeOffset Now { get; init; }
    [Id(8)] public RequestKey? RequestKey { get; init; }
}

/// <summary>What became of a help.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.cut-outcome")]
internal sealed record CutOutcome
{
    [Id(0)] public CutReply Reply { get; init; } = new();
    /// <summary>The helper's stream is not at the version given: read it again and ask again.</summary>
    [Id(1)] public bool HelperIsStale { get; init; }
    /// <summary>With an accepted help: what the helper's own event says.</summary>
    [Id(2)] public string OwnerId { get; init; } = "";
    [Id(3)] public string ProductId { get; init; } = "";
    [Id(4)] public DateOnly Day { get; init; }
}
