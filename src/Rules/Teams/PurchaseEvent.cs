namespace SocialCommerce.Rules;

/// <summary>What happened to a solo purchase. Stored as JSON under a kind number; members are only ever added, with a default that reads old data right.</summary>
public abstract record PurchaseEvent
{
    /// <summary>On every event, so that whoever follows the feed need not look it up.</summary>
    public string CampaignId { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

/// <summary>Somebody buys alone and has to pay; a unit is held for it.</summary>
public sealed record PurchaseHeld : PurchaseEvent
{
    public required string PurchaseId { get; init; }
    public required string ShopperId { get; init; }
    public required TeamTerms Terms { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }
    public bool NewShopper { get; init; }
    public Attribution? Via { get; init; }
}

/// <summary>The order goes ahead.</summary>
public sealed record PurchasePaid : PurchaseEvent
{
    public required string PaymentId { get; init; }
    public long AmountFen { get; init; }

    /// <summary>The hold had run out; the payment took a free unit.</summary>
    public bool Late { get; init; }
}

/// <summary>The hold ran out before it was paid.</summary>
public sealed record PurchaseReleased : PurchaseEvent;

/// <summary>A payment that came too late for a unit is to go back.</summary>
public sealed record PurchaseRefundRequested : PurchaseEvent
{
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
public sealed record PurchaseRefundConfirmed : PurchaseEvent
{
    public required string RefundId { get; init; }
    public long AmountFen { get; init; }
}
