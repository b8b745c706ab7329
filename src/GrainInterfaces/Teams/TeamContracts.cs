using System.Collections.Immutable;

namespace SocialCommerce.GrainInterfaces;

/// <summary>Where a team stands. All but open are ends and final.</summary>
public enum TeamStatus
{
    None = 0,
    Open = 1,
    Formed = 2,
    Failed = 3,
    Cancelled = 4,
}

/// <summary>Where a seat stands.</summary>
public enum SeatStatus
{
    None = 0,
    Held = 1,
    Paid = 2,
    Confirmed = 3,
    /// <summary>The hold ran out, or the team failed before it was paid.</summary>
    Released = 4,
    /// <summary>Its member left before paying.</summary>
    Left = 5,
    /// <summary>Paid, and the money is to go back.</summary>
    RefundRequested = 6,
    Refunded = 7,
}

/// <summary>Why opening a team or buying alone was refused, in order of precedence.</summary>
public enum OpenRefusal
{
    None = 0,
    CampaignNotFound = 1,
    NotAGroupBuyCampaign = 2,
    CampaignClosed = 3,
    CampaignEnded = 4,
    CampaignNotStarted = 5,
    CampaignPaused = 6,
    UnitLimitReached = 7,
    SoldOut = 8,
}

/// <summary>Why a join was refused, in order of precedence (rules.md).</summary>
public enum JoinRefusal
{
    None = 0,
    TeamNotFound = 1,
    TeamFormed = 2,
    TeamFailed = 3,
    TeamFull = 4,
    CampaignPaused = 5,
    NotInvited = 6,
    NewShoppersOnly = 7,
    UnitLimitReached = 8,
    SoldOut = 9,
}

/// <summary>Why a payment, a refund's confirmation or leaving was refused, in order of precedence.</summary>
public enum SeatRefusal
{
    None = 0,
    TeamNotFound = 1,
    SeatNotFound = 2,
    /// <summary>Another member's seat.</summary>
    NotYourSeat = 3,
    PurchaseNotFound = 4,
    /// <summary>Another amount than the seat's price.</summary>
    AmountMismatch = 5,
    /// <summary>The seat was paid by another payment.</summary>
    AlreadyPaid = 6,
    /// <summary>The payment id was used for another seat or another amount of this one.</summary>
    PaymentIdReused = 7,
    /// <summary>The team has formed; a member can't leave any more.</summary>
    TeamFormed = 8,
    /// <summary>The seat is over already.</summary>
    SeatEnded = 9,
    /// <summary>No refund was requested for it, or it is confirmed already.</summary>
    NoRefundDue = 10,
}

/// <summary>A refund of one seat or purchase.</summary>
[GenerateSerializer, Immutable, Alias("sc.refund-view")]
public sealed record RefundView
{
    /// <summary>teamFailed, left, holdRanOut, tierReached, leaderDiscount.</summary>
    [Id(0)] public string Reason { get; init; } = "";
    [Id(1)] public DateTimeOffset RequestedAt { get; init; }
    [Id(2)] public DateTimeOffset? ConfirmedAt { get; init; }
    [Id(3)] public long AmountFen { get; init; }
    [Id(4)] public string? RefundId { get; init; }
}

/// <summary>One member's place in a team.</summary>
[GenerateSerializer, Immutable, Alias("sc.seat-view")]
public sealed record SeatView
{
    [Id(0)] public required string SeatId { get; init; }
    [Id(1)] public required string TeamId { get; init; }
    [Id(2)] public required string ShopperId { get; init; }
    [Id(3)] public SeatStatus Status { get; init; }
    [Id(4)] public long PriceFen { get; init; }
    [Id(5)] public DateTimeOffset? HoldExpiresAt { get; init; }
    [Id(6)] public DateTimeOffset? PaidAt { get; init; }
    [Id(7)] public RefundView? Refund { get; init; }
    /// <summary>How many links lie between the leader and the member; 0 when it came by no link.</summary>
    [Id(8)] public int Depth { get; init; }
    /// <summary>What the member pays in the end: the price less discounts, set when the team has formed.</summary>
    [Id(9)] public long? SettledFen { get; init; }
}

/// <summary>A team: held + paid + free = size at every moment.</summary>
[GenerateSerializer, Immutable, Alias("sc.team-view")]
public sealed record TeamView
{
    [Id(0)] public required string TeamId { get; init; }
    [Id(1)] public required string CampaignId { get; init; }
    [Id(2)] public required string LeaderId { get; init; }
    [Id(3)] public TeamStatus Status { get; init; }
    [Id(4)] public int Size { get; init; }
    [Id(5)] public int Paid { get; init; }
    [Id(6)] public int Held { get; init; }
    [Id(7)] public int Free { get; init; }
    [Id(8)] public long PriceFen { get; init; }
    [Id(9)] public DateTimeOffset OpenedAt { get; init; }
    [Id(10)] public DateTimeOffset ExpiresAt { get; init; }
    [Id(11)] public DateTimeOffset? EndedAt { get; init; }
    [Id(12)] public ImmutableArray<SeatView> Seats { get; init; } = [];
    [Id(13)] public int Version { get; init; }
    [Id(14)] public Product Product { get; init; } = new();
    [Id(15)] public string Currency { get; init; } = "";
    /// <summary>At the deadline it goes ahead with so many paid members; null: only when full.</summary>
    [Id(16)] public int? GoesAheadWith { get; init; }
    [Id(17)] public JoinPolicy Join { get; init; }
    /// <summary>Sizes and prices when the price falls with the team's size; empty otherwise.</summary>
    [Id(18)] public ImmutableArray<Tier> Tiers { get; init; } = [];
}

/// <summary>An open team in a list.</summary>
[GenerateSerializer, Immutable, Alias("sc.open-team")]
public sealed record OpenTeamView
{
    [Id(0)] public required string TeamId { get; init; }
    [Id(1)] public required string LeaderId { get; init; }
    [Id(2)] public int Size { get; init; }
    [Id(3)] public int Paid { get; init; }
    [Id(4)] public int Held { get; init; }
    [Id(5)] public int Free { get; init; }
    [Id(6)] public long PriceFen { get; init; }
    [Id(7)] public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Opens a team.</summary>
[GenerateSerializer, Immutable, Alias("sc.open-team-request")]
public sealed record OpenTeam
{
    [Id(0)] public required string CampaignId { get; init; }
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to opening a team.</summary>
[GenerateSerializer, Immutable, Alias("sc.team-reply")]
public sealed record TeamReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public OpenRefusal Refusal { get; init; }
    [Id(2)] public TeamView? Team { get; init; }
    /// <summary>The caller's own seat.</summary>
    [Id(3)] public SeatView? Seat { get; init; }
    /// <summary>With <see cref="OpenRefusal.UnitLimitReached"/>: the limit.</summary>
    [Id(4)] public int Limit { get; init; }
}

/// <summary>Joins a team.</summary>
[GenerateSerializer, Immutable, Alias("sc.join-team")]
public sealed record JoinTeam
{
    [Id(0)] public required string TeamId { get; init; }
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a join.</summary>
[GenerateSerializer, Immutable, Alias("sc.seat-reply")]
public sealed record SeatReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public JoinRefusal Refusal { get; init; }
    [Id(2)] public SeatView? Seat { get; init; }
    /// <summary>With <see cref="JoinRefusal.TeamFull"/>: up to three other open teams of the campaign.</summary>
    [Id(3)] public ImmutableArray<OpenTeamView> OpenTeams { get; init; } = [];
    /// <summary>With <see cref="JoinRefusal.UnitLimitReached"/>: the limit.</summary>
    [Id(4)] public int Limit { get; init; }
}

/// <summary>The shop reports a payment.</summary>
[GenerateSerializer, Immutable, Alias("sc.payment")]
public sealed record Payment
{
    /// <summary>The seat; empty for a purchase.</summary>
    [Id(0)] public string SeatId { get; init; } = "";
    /// <summary>The shop's id of the payment, 1 to 64 characters; the same one counts once.</summary>
    [Id(1)] public required string PaymentId { get; init; }
    /// <summary>Whole minor units.</summary>
    [Id(2)] public long AmountFen { get; init; }
    [Id(3)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The shop confirms a refund.</summary>
[GenerateSerializer, Immutable, Alias("sc.refund")]
public sealed record RefundConfirmation
{
    /// <summary>The seat; empty for a purchase.</summary>
    [Id(0)] public string SeatId { get; init; } = "";
    /// <summary>The shop's id of the refund, 1 to 64 characters.</summary>
    [Id(1)] public required string RefundId { get; init; }
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>A member leaves.</summary>
[GenerateSerializer, Immutable, Alias("sc.leave-team")]
public sealed record LeaveTeam
{
    [Id(0)] public required string SeatId { get; init; }
    [Id(1)] public required string ShopperId { get; init; }
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer about one seat.</summary>
[GenerateSerializer, Immutable, Alias("sc.seat-change-reply")]
public sealed record SeatChangeReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public SeatRefusal Refusal { get; init; }
    [Id(2)] public SeatView? Seat { get; init; }
    /// <summary>With <see cref="SeatRefusal.AmountMismatch"/>: what the seat costs, in minor units.</summary>
    [Id(3)] public long ExpectedFen { get; init; }
}

/// <summary>Where a solo purchase stands.</summary>
public enum PurchaseStatus
{
    None = 0,
    Held = 1,
    Paid = 2,
    Released = 3,
    RefundRequested = 4,
    Refunded = 5,
}

/// <summary>A solo purchase.</summary>
[GenerateSerializer, Immutable, Alias("sc.purchase-view")]
public sealed record PurchaseView
{
    [Id(0)] public required string PurchaseId { get; init; }
    [Id(1)] public required string CampaignId { get; init; }
    [Id(2)] public required string ShopperId { get; init; }
    [Id(3)] public PurchaseStatus Status { get; init; }
    [Id(4)] public long PriceFen { get; init; }
    [Id(5)] public DateTimeOffset HoldExpiresAt { get; init; }
    [Id(6)] public DateTimeOffset? PaidAt { get; init; }
    [Id(7)] public RefundView? Refund { get; init; }
    [Id(8)] public int Version { get; init; }
}

/// <summary>Buys alone.</summary>
[GenerateSerializer, Immutable, Alias("sc.buy-alone")]
public sealed record BuyAlone
{
    [Id(0)] public required string CampaignId { get; init; }
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to buying alone.</summary>
[GenerateSerializer, Immutable, Alias("sc.purchase-reply")]
public sealed record PurchaseReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public OpenRefusal Refusal { get; init; }
    [Id(2)] public PurchaseView? Purchase { get; init; }
    [Id(3)] public int Limit { get; init; }
}

/// <summary>The answer to a purchase's payment or refund.</summary>
[GenerateSerializer, Immutable, Alias("sc.purchase-change-reply")]
public sealed record PurchaseChangeReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public SeatRefusal Refusal { get; init; }
    [Id(2)] public PurchaseView? Purchase { get; init; }
    [Id(3)] public long ExpectedFen { get; init; }
}
