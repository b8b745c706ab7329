namespace SocialCommerce.Rules;

/// <summary>Where a solo purchase stands; the numbers are those of the published contract.</summary>
public enum PurchaseStatus
{
    None = 0,
    Held = 1,
    Paid = 2,
    Released = 3,
    RefundRequested = 4,
    Refunded = 5,
}

/// <summary>A solo purchase, folded from its events.</summary>
public sealed record PurchaseState
{
    public static readonly PurchaseState None = new();

    public string PurchaseId { get; init; } = "";
    public string ShopperId { get; init; } = "";
    public PurchaseStatus Status { get; init; }
    public TeamTerms? TermsOrNull { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset HeldAt { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }

    /// <summary>The one payment that counts for it, whether it bought the unit or goes back.</summary>
    public string? PaymentId { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    public Refund? Refund { get; init; }

    /// <summary>How many events it has.</summary>
    public int Version { get; init; }

    public bool Exists => Status != PurchaseStatus.None;
    public TeamTerms Terms => TermsOrNull ?? throw new InvalidOperationException("A purchase that was not made has no terms.");

    /// <summary>When something is to happen by itself; null when nothing is.</summary>
    public DateTimeOffset? DueAt => Status switch
    {
        PurchaseStatus.Held => HoldExpiresAt,
        PurchaseStatus.RefundRequested => Refund!.NextAt,
        _ => null,
    };

    /// <summary>Total: makes no decision.</summary>
    public static PurchaseState Evolve(PurchaseState state, PurchaseEvent happened)
    {
        var next = happened switch
        {
            PurchaseHeld held => new PurchaseState
            {
                PurchaseId = held.PurchaseId,
                ShopperId = held.ShopperId,
                Status = PurchaseStatus.Held,
                TermsOrNull = held.Terms,
                PriceFen = held.PriceFen,
                HeldAt = held.At,
                HoldExpiresAt = held.HoldExpiresAt,
            },
            PurchasePaid paid => state with { Status = PurchaseStatus.Paid, PaymentId = paid.PaymentId, PaidAt = paid.At },
            PurchaseReleased => state with { Status = PurchaseStatus.Released },
            PurchaseRefundRequested requested => state with
            {
                Status = PurchaseStatus.RefundRequested,
                PaymentId = requested.PaymentId,
                PaidAt = state.PaidAt ?? requested.At,
                Refund = new Refund
                {
                    RequestId = requested.RefundRequestId,
                    Reason = requested.Reason,
                    AmountFen = requested.AmountFen,
                    Attempt = requested.Attempt,
                    RequestedAt = state.Refund?.RequestedAt ?? requested.At,
                    NextAt = requested.NextAt,
                },
            },
            PurchaseRefundConfirmed confirmed => state with
            {
                Status = PurchaseStatus.Refunded,
                Refund = state.Refund! with { ConfirmedAt = confirmed.At, RefundId = confirmed.RefundId },
            },
            _ => throw new InvalidOperationException($"A purchase can't evolve by {happened.GetType().Name}."),
        };
        return next with { Version = state.Version + 1 };
    }
}
