namespace SocialCommerce.Rules;

/// <summary>What happened to a team. Stored as JSON under a kind number; members are only ever added, with a default that reads old data right.</summary>
public abstract record TeamEvent
{
    /// <summary>On every event, so that whoever follows the feed need not look it up.</summary>
    public string CampaignId { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

public sealed record TeamOpened : TeamEvent
{
    public required string TeamId { get; init; }
    public required string LeaderId { get; init; }
    public required TeamTerms Terms { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public bool NewShopper { get; init; }
    public Attribution? Via { get; init; }
}

/// <summary>Somebody took a seat and has to pay for it; the first is the leader's.</summary>
public sealed record SeatHeld : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }
    public bool NewShopper { get; init; }
    public Attribution? Via { get; init; }
}

public sealed record SeatPaid : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }
    public required string PaymentId { get; init; }
    public long AmountFen { get; init; }

    /// <summary>The hold had run out; the payment took a free seat.</summary>
    public bool Late { get; init; }
}

/// <summary>The hold ran out, or the team ended, before it was paid.</summary>
public sealed record SeatReleased : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }
}

/// <summary>Its member left; where it was paid, the refund's request comes with it.</summary>
public sealed record SeatLeft : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }
}

public sealed record LeaderChanged : TeamEvent
{
    public required string LeaderId { get; init; }
}

/// <summary>The team goes ahead; the confirmation of every paid seat comes with it.</summary>
public sealed record TeamFormed : TeamEvent
{
    /// <summary>What a member pays in the end.</summary>
    public long PriceFen { get; init; }

    public int Members { get; init; }
    public required string LeaderId { get; init; }
}

/// <summary>The team does not go ahead; the refund's request of every paid seat comes with it.</summary>
public sealed record TeamFailed : TeamEvent
{
    /// <summary>The last member left before the deadline.</summary>
    public bool Cancelled { get; init; }
}

/// <summary>The member's order goes ahead.</summary>
public sealed record SeatConfirmed : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }

    /// <summary>What the member pays in the end; what was paid above it goes back.</summary>
    public long SettledFen { get; init; }
}

/// <summary>
/// Money of a seat is to go back. A payment that took no seat is told by the first request alone: it names the payment.
/// </summary>
public sealed record RefundRequested : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }

    /// <summary>The same in every attempt.</summary>
    public required string RefundRequestId { get; init; }

    public required string PaymentId { get; init; }
    public long AmountFen { get; init; }
    public RefundReason Reason { get; init; }

    /// <summary>1 for the first request.</summary>
    public int Attempt { get; init; }

    public DateTimeOffset NextAt { get; init; }
}

/// <summary>The shop has made the refund.</summary>
public sealed record RefundConfirmed : TeamEvent
{
    public required string SeatId { get; init; }
    public required string ShopperId { get; init; }
    public required string RefundId { get; init; }
    public long AmountFen { get; init; }
}
