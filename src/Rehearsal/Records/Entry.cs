using System.Text.Json.Serialization;

namespace SocialCommerce.Rehearsal.Records;

/// <summary>One thing that the rehearsal knows from an answer (or from the lack of one). The audit starts from these and nothing else.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunBegun), "run")]
[JsonDerivedType(typeof(CampaignPublished), "campaign")]
[JsonDerivedType(typeof(ShopperDeclared), "shopper")]
[JsonDerivedType(typeof(BargainStarted), "start")]
[JsonDerivedType(typeof(CutAcknowledged), "cut")]
[JsonDerivedType(typeof(BargainClaimed), "claim")]
[JsonDerivedType(typeof(BargainCancelled), "cancel")]
[JsonDerivedType(typeof(TeamOpened), "team")]
[JsonDerivedType(typeof(SeatAcknowledged), "seat")]
[JsonDerivedType(typeof(SeatLeft), "leave")]
[JsonDerivedType(typeof(PaymentAcknowledged), "payment")]
[JsonDerivedType(typeof(RefundAcknowledged), "refund")]
[JsonDerivedType(typeof(PurchaseAcknowledged), "purchase")]
[JsonDerivedType(typeof(OutcomeUnknown), "unknown")]
[JsonDerivedType(typeof(BrokenInPlay), "broken")]
internal abstract record Entry;

internal sealed record RunBegun(string RunId, string Url, int Seed, int DailyHelps, DateTimeOffset At) : Entry;

/// <summary>What a campaign was published with. Bargains have prices and a policy; group-buys a size.</summary>
internal sealed record CampaignPublished(string CampaignId, string Play, string ProductId) : Entry
{
    public long Stock { get; init; }
    public bool ReserveAtStart { get; init; }
    public long StartPriceFen { get; init; }
    public long FloorPriceFen { get; init; }
    public int DurationSeconds { get; init; }
    public bool BuyBeforeFloor { get; init; }
    public string Policy { get; init; } = "";
    public int Helpers { get; init; }
    public FenRange? Existing { get; init; }
    public FenRange? New { get; init; }
    public int TeamSize { get; init; }
    public int UnitsPerShopper { get; init; }

    /// <summary>How long an unpaid seat or purchase holds its unit of stock.</summary>
    public int SeatHoldSeconds { get; init; }
}

internal sealed record FenRange(long MinFen, long MaxFen);

internal sealed record ShopperDeclared(string ShopperId) : Entry;

internal sealed record BargainStarted(string BargainId, string CampaignId, string OwnerId) : Entry
{
    public long StartPriceFen { get; init; }
    public long FloorPriceFen { get; init; }
    public string Commitment { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The owner came in by a share link.</summary>
    public bool Invited { get; init; }

    /// <summary>0 for who started unasked, else how many links it took to reach this owner.</summary>
    public int Level { get; init; }
}

/// <summary>A receipt; a repeated help gives a second entry, which must say the same.</summary>
internal sealed record CutAcknowledged(string BargainId, string HelperId, int CutNumber, long CutFen, long PriceFen) : Entry
{
    public bool NewShopper { get; init; }
    public int Depth { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed record BargainClaimed(string BargainId, string ClaimId, long PriceFen) : Entry;

internal sealed record BargainCancelled(string BargainId) : Entry;

internal sealed record TeamOpened(string TeamId, string CampaignId, string LeaderId, int Size, DateTimeOffset ExpiresAt) : Entry;

internal sealed record SeatAcknowledged(string TeamId, string SeatId, string ShopperId, long PriceFen) : Entry;

internal sealed record SeatLeft(string TeamId, string SeatId) : Entry;

/// <summary>A payment that the engine took. <paramref name="TeamId"/> is null for one who buys alone.</summary>
internal sealed record PaymentAcknowledged(string? TeamId, string SubjectId, string PaymentId, long AmountFen) : Entry;

/// <summary>A refund that the shop confirmed, of a seat or, with <paramref name="TeamId"/> null, of a purchase.</summary>
internal sealed record RefundAcknowledged(string? TeamId, string SubjectId, string RefundId) : Entry;

internal sealed record PurchaseAcknowledged(string PurchaseId, string CampaignId, string ShopperId, DateTimeOffset? HoldExpiresAt) : Entry;

/// <summary>A request whose outcome nobody told: what it asked for may stand or not.</summary>
internal sealed record OutcomeUnknown(string Act, string TargetId, string ShopperId) : Entry;

/// <summary>A rule that an answer broke on the spot, while it could still be seen.</summary>
internal sealed record BrokenInPlay(string Rule, string Subject, string Text) : Entry;
