using PurchaseDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.PurchaseEvent, SocialCommerce.Rules.SeatRefusal>;

namespace SocialCommerce.Rules;

/// <summary>Buying alone, as pure functions: a unit is held for as long as a seat would be, and sold by its payment.</summary>
public static class PurchaseRules
{
    /// <summary>Holds a unit at the solo price, of a stock that has one.</summary>
    public static IReadOnlyList<PurchaseEvent> Buy(PurchaseCommand.Buy buy, DateTimeOffset now) =>
    [
        new PurchaseHeld
        {
            At = now,
            PurchaseId = buy.PurchaseId,
            ShopperId = buy.ShopperId,
            Terms = buy.Terms,
            PriceFen = buy.Terms.SoloPriceFen,
            HoldExpiresAt = now.AddSeconds(buy.Terms.SeatHoldSeconds),
            NewShopper = buy.NewShopper,
            Via = buy.Via,
        },
    ];

    /// <summary>Whether a payment would have to take a unit that is no longer held for it.</summary>
    public static bool NeedsUnitAnew(PurchaseState purchase) => purchase.Status == PurchaseStatus.Released;

    /// <summary>A payment: buys the unit, takes a free one, or goes back at once. A repeat decides nothing.</summary>
    public static PurchaseDecision Decide(PurchaseState purchase, PurchaseCommand.Pay pay, DateTimeOffset now)
    {
        if (!purchase.Exists) return SeatRefusal.PurchaseNotFound;
        if (purchase.PaymentId == pay.PaymentId && purchase.PriceFen == pay.AmountFen) return PurchaseDecision.Nothing;
        if (pay.AmountFen != purchase.PriceFen) return SeatRefusal.AmountMismatch;
        if (purchase.PaymentId is not null) return SeatRefusal.AlreadyPaid;

        // From here the payment must count: never charged and lost.
        var released = NeedsUnitAnew(purchase);
        if (released && (pay.UnitLimitReached || pay.StockGone))
            return PurchaseDecision.Of(Request(purchase, pay.PaymentId, RefundReason.HoldRanOut, pay.AmountFen, 1, now));
        // While nothing has released a hold that ran out, nobody else has the unit: it still is the buyer's.
        return PurchaseDecision.Of(new PurchasePaid
        {
            At = now,
            PaymentId = pay.PaymentId,
            AmountFen = pay.AmountFen,
            Late = released || now >= purchase.HoldExpiresAt,
        });
    }

    /// <summary>The shop has made the refund. The same one again decides nothing.</summary>
    public static PurchaseDecision Decide(PurchaseState purchase, PurchaseCommand.ConfirmRefund confirm, DateTimeOffset now)
    {
        if (!purchase.Exists) return SeatRefusal.PurchaseNotFound;
        if (purchase.Refund?.RefundId == confirm.RefundId) return PurchaseDecision.Nothing;
        if (purchase.Refund is not { IsPending: true }) return SeatRefusal.NoRefundDue;

        // From here it must succeed.
        return PurchaseDecision.Of(new PurchaseRefundConfirmed { At = now, RefundId = confirm.RefundId, AmountFen = purchase.Refund.AmountFen });
    }

    /// <summary>What time alone brings: the hold runs out, or a refund is asked for again. Nothing while nothing is due.</summary>
    public static IReadOnlyList<PurchaseEvent> Tick(PurchaseState purchase, DateTimeOffset now)
    {
        if (!(now >= purchase.DueAt)) return [];
        if (purchase.Status == PurchaseStatus.Held) return [new PurchaseReleased { At = now }];
        var refund = purchase.Refund!;
        return [Request(purchase, purchase.PaymentId!, refund.Reason, refund.AmountFen, refund.Attempt + 1, now)];
    }

    /// <summary>What a change means for the campaign's stock: a unit is held until it is paid, which sells it, or released.</summary>
    public static StockMove StockMoveOf(PurchaseState before, PurchaseState after) => new(
        Holds(after.Status) - Holds(before.Status), Sold(after.Status) - Sold(before.Status));

    private static int Holds(PurchaseStatus status) => status == PurchaseStatus.Held ? 1 : 0;

    private static int Sold(PurchaseStatus status) => status == PurchaseStatus.Paid ? 1 : 0;

    private static PurchaseRefundRequested Request(
        PurchaseState purchase, string paymentId, RefundReason reason, long amountFen, int attempt, DateTimeOffset now) => new()
    {
        At = now,
        RefundRequestId = Refund.RequestIdOf(purchase.PurchaseId),
        PaymentId = paymentId,
        AmountFen = amountFen,
        Reason = reason,
        Attempt = attempt,
        NextAt = now + Refund.PauseAfter(attempt),
    };
}
