using System.Collections.Immutable;

namespace SocialCommerce.GrainInterfaces;

/// <summary>Where a bargain stands. All but open and won are ends and final.</summary>
public enum BargainStatus
{
    None = 0,
    Open = 1,
    Won = 2,
    Claimed = 3,
    Lapsed = 4,
    Expired = 5,
    SoldOut = 6,
    Cancelled = 7,
}

/// <summary>Why a start was refused, in order of precedence.</summary>
public enum StartRefusal
{
    None = 0,
    CampaignNotFound = 1,
    /// <summary>The campaign is not a bargain.</summary>
    NotABargainCampaign = 2,
    CampaignClosed = 3,
    CampaignEnded = 4,
    CampaignNotStarted = 5,
    CampaignPaused = 6,
    StartLimitReached = 7,
    SoldOut = 8,
}

/// <summary>Why a cut was refused, in order of precedence (rules.md).</summary>
public enum CutRefusal
{
    None = 0,
    BargainNotFound = 1,
    OwnBargain = 2,
    BargainCancelled = 3,
    BargainExpired = 4,
    BargainWon = 5,
    BargainSoldOut = 6,
    HelpedOwnerOnProductBefore = 7,
    DailyHelpLimitReached = 8,
    CampaignPaused = 9,
}

/// <summary>Why a claim or a cancellation was refused, in order of precedence.</summary>
public enum ClaimRefusal
{
    None = 0,
    BargainNotFound = 1,
    /// <summary>Only the owner may.</summary>
    NotTheOwner = 2,
    BargainCancelled = 3,
    BargainExpired = 4,
    BargainLapsed = 5,
    BargainSoldOut = 6,
    /// <summary>Claimed already, so it can't be cancelled.</summary>
    BargainClaimed = 7,
    /// <summary>Won already, so it can't be cancelled by its owner.</summary>
    BargainWon = 8,
    /// <summary>Not at the floor, and the campaign does not sell before it (or atCurrentPrice was not said).</summary>
    BargainNotWon = 9,
    SoldOut = 10,
}

/// <summary>How many helps it still takes: exact for headcount and fixed, the least and the most for amounts.</summary>
[GenerateSerializer, Immutable, Alias("sc.cuts-needed")]
public sealed record CutsNeeded
{
    [Id(0)] public int Least { get; init; }
    [Id(1)] public int Most { get; init; }
}

/// <summary>What is shown of a bargain's fairness while it runs.</summary>
[GenerateSerializer, Immutable, Alias("sc.fairness-commitment")]
public sealed record FairnessCommitment
{
    /// <summary>SHA-256 of the secret seed, lower-case hex.</summary>
    [Id(0)] public string Commitment { get; init; } = "";
}

/// <summary>A bargain. The start price is the price and the sum of its cuts, what remains is the price less the floor price; nothing is rounded.</summary>
[GenerateSerializer, Immutable, Alias("sc.bargain-view")]
public sealed record BargainView
{
    [Id(0)] public required string BargainId { get; init; }
    [Id(1)] public required string CampaignId { get; init; }
    [Id(2)] public Product Product { get; init; } = new();
    [Id(3)] public string Currency { get; init; } = "";
    [Id(4)] public required string OwnerId { get; init; }
    [Id(5)] public BargainStatus Status { get; init; }
    [Id(6)] public long StartPriceFen { get; init; }
    [Id(7)] public long FloorPriceFen { get; init; }
    [Id(8)] public long PriceFen { get; init; }
    [Id(9)] public long RemainingFen { get; init; }
    /// <summary>Accepted helps; the owner's own first cut is not one.</summary>
    [Id(10)] public int CutCount { get; init; }
    [Id(11)] public CutsNeeded CutsNeeded { get; init; } = new();
    [Id(12)] public DateTimeOffset StartedAt { get; init; }
    [Id(13)] public DateTimeOffset ExpiresAt { get; init; }
    [Id(14)] public DateTimeOffset? EndedAt { get; init; }
    [Id(15)] public DateTimeOffset? ClaimBefore { get; init; }
    [Id(16)] public string? ClaimId { get; init; }
    /// <summary>How many events the bargain has; rises with every change.</summary>
    [Id(17)] public int Version { get; init; }
    [Id(18)] public FairnessCommitment Fairness { get; init; } = new();
    /// <summary>Free stock of the campaign, for owners under claimAtWin; null otherwise.</summary>
    [Id(19)] public int? StockLeft { get; init; }
}

/// <summary>The helper's use of today's quota, in the deployment's time zone.</summary>
[GenerateSerializer, Immutable, Alias("sc.helps-today")]
public sealed record HelpsToday
{
    [Id(0)] public int Used { get; init; }
    [Id(1)] public int Limit { get; init; }
    [Id(2)] public DateTimeOffset ResetsAt { get; init; }
}

/// <summary>The receipt of one accepted cut. It never changes once given.</summary>
[GenerateSerializer, Immutable, Alias("sc.cut-receipt")]
public sealed record CutReceipt
{
    [Id(0)] public required string BargainId { get; init; }
    [Id(1)] public required string HelperId { get; init; }
    /// <summary>1 for the first help; 0 for the owner's automatic cut.</summary>
    [Id(2)] public int CutNumber { get; init; }
    [Id(3)] public long CutFen { get; init; }
    [Id(4)] public long PriceFen { get; init; }
    [Id(5)] public long RemainingFen { get; init; }
    [Id(6)] public CutsNeeded CutsNeeded { get; init; } = new();
    [Id(7)] public bool NewShopper { get; init; }
    /// <summary>How many links lie between the owner and the helper; 0 when the help came by no link.</summary>
    [Id(8)] public int Depth { get; init; }
    [Id(9)] public DateTimeOffset At { get; init; }
    [Id(10)] public BargainStatus BargainStatus { get; init; }
    [Id(11)] public HelpsToday? HelpsToday { get; init; }
}

/// <summary>Which cuts to read.</summary>
[GenerateSerializer, Immutable, Alias("sc.cuts-query")]
public sealed record CutsQuery
{
    /// <summary>How many cuts of the list to skip: the cursor of the page before.</summary>
    [Id(0)] public int After { get; init; }
    /// <summary>1 to 200.</summary>
    [Id(1)] public int Limit { get; init; } = 50;
}

/// <summary>Cuts, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("sc.cut-page")]
public sealed record CutPage
{
    [Id(0)] public ImmutableArray<CutReceipt> Items { get; init; } = [];
    /// <summary>The cursor of the next page, or null at the end.</summary>
    [Id(1)] public int? Next { get; init; }
}

/// <summary>The owner claims.</summary>
[GenerateSerializer, Immutable, Alias("sc.claim-bargain")]
public sealed record ClaimBargain
{
    [Id(0)] public required string ShopperId { get; init; }
    /// <summary>Buy now at the current price, before the floor is reached.</summary>
    [Id(1)] public bool AtCurrentPrice { get; init; }
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>A claim, for the shop's order system.</summary>
[GenerateSerializer, Immutable, Alias("sc.claim-receipt")]
public sealed record ClaimReceipt
{
    [Id(0)] public required string ClaimId { get; init; }
    [Id(1)] public required string BargainId { get; init; }
    [Id(2)] public long PriceFen { get; init; }
    [Id(3)] public DateTimeOffset At { get; init; }
}

/// <summary>The answer to a claim.</summary>
[GenerateSerializer, Immutable, Alias("sc.claim-reply")]
public sealed record ClaimReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public ClaimRefusal Refusal { get; init; }
    [Id(2)] public ClaimReceipt? Claim { get; init; }
}

/// <summary>Ends an open bargain.</summary>
[GenerateSerializer, Immutable, Alias("sc.cancel-bargain")]
public sealed record CancelBargain
{
    /// <summary>The owner; null when the operator cancels.</summary>
    [Id(0)] public string? ShopperId { get; init; }
    [Id(1)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a cancellation.</summary>
[GenerateSerializer, Immutable, Alias("sc.bargain-reply")]
public sealed record BargainReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public ClaimRefusal Refusal { get; init; }
    [Id(2)] public BargainView? Bargain { get; init; }
}

/// <summary>One draw: HMAC-SHA256 with the seed as key over <c>{bargainId}|{cutNumber}|{helperId}</c>.</summary>
[GenerateSerializer, Immutable, Alias("sc.draw")]
public sealed record DrawView
{
    [Id(0)] public int CutNumber { get; init; }
    [Id(1)] public string HelperId { get; init; } = "";
    /// <summary>All 32 bytes, lower-case hex.</summary>
    [Id(2)] public string Draw { get; init; } = "";
    [Id(3)] public bool NewShopper { get; init; }
    [Id(4)] public long CutFen { get; init; }
}

/// <summary>What it takes to recompute every cut.</summary>
[GenerateSerializer, Immutable, Alias("sc.fairness-view")]
public sealed record FairnessView
{
    [Id(0)] public required string BargainId { get; init; }
    [Id(1)] public string Commitment { get; init; } = "";
    /// <summary>32 bytes, lower-case hex; null until the bargain has ended.</summary>
    [Id(2)] public string? Seed { get; init; }
    [Id(3)] public CutPolicy Policy { get; init; } = new();
    [Id(4)] public FenRange? OwnerCut { get; init; }
    [Id(5)] public long StartPriceFen { get; init; }
    [Id(6)] public long FloorPriceFen { get; init; }
    /// <summary>Empty until the bargain has ended.</summary>
    [Id(7)] public ImmutableArray<DrawView> Draws { get; init; } = [];
}
