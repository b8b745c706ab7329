using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

public sealed class PurchaseTests
{
    private static readonly DateTimeOffset RanOut = Noon.AddSeconds(900);
    private static readonly PurchaseCommand.Pay Pay = new("pay-1", 9_900);
    private static readonly PurchaseCommand.ConfirmRefund Confirm = new("r1");

    [Fact]
    public void Buying_alone_holds_a_unit_at_the_solo_price()
    {
        var purchase = Purchase();
        Assert.Equal((PurchaseStatus.Held, "ann", 9_900L, RanOut, RanOut), (purchase.Status, purchase.ShopperId, purchase.PriceFen, purchase.HoldExpiresAt, purchase.DueAt));
        Assert.Equal(new StockMove(1, 0), PurchaseRules.StockMoveOf(PurchaseState.None, purchase));
    }

    [Fact]
    public void Its_payment_sells_the_unit()
    {
        var paid = Purchase().After(Pay, Noon);
        Assert.Equal((PurchaseStatus.Paid, Noon, null), (paid.Status, paid.PaidAt, paid.DueAt));
        Assert.Equal(new StockMove(-1, 1), PurchaseRules.StockMoveOf(Purchase(), paid));
    }

    [Fact]
    public void A_hold_that_runs_out_gives_the_unit_back_and_not_before()
    {
        Assert.Empty(PurchaseRules.Tick(Purchase(), RanOut - Tick));
        var released = Purchase().At(RanOut);
        Assert.Equal((PurchaseStatus.Released, null), (released.Status, released.DueAt));
        Assert.Equal(new StockMove(-1, 0), PurchaseRules.StockMoveOf(Purchase(), released));
        Assert.Empty(PurchaseRules.Tick(released, RanOut.AddDays(1)));
    }

    [Fact]
    public void A_payment_from_the_end_of_the_hold_on_is_late_and_keeps_a_unit_that_nobody_has_released()
    {
        Assert.False(((PurchasePaid)Folding.Accepted(PurchaseRules.Decide(Purchase(), Pay, RanOut - Tick))[0]).Late);
        Assert.True(((PurchasePaid)Folding.Accepted(PurchaseRules.Decide(Purchase(), Pay with { StockGone = true, UnitLimitReached = true }, RanOut))[0]).Late);
    }

    [Fact]
    public void A_late_payment_takes_a_free_unit()
    {
        var released = Purchase().At(RanOut);
        Assert.Equal((false, true), (PurchaseRules.NeedsUnitAnew(Purchase()), PurchaseRules.NeedsUnitAnew(released)));
        var paid = released.After(Pay, RanOut);
        Assert.Equal(PurchaseStatus.Paid, paid.Status);
        Assert.Equal(new StockMove(0, 1), PurchaseRules.StockMoveOf(released, paid));
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void A_late_payment_without_stock_or_beyond_the_unit_limit_goes_back_at_once(bool stockGone, bool limitReached)
    {
        var released = Purchase().At(RanOut);
        var back = released.After(Pay with { StockGone = stockGone, UnitLimitReached = limitReached }, RanOut);
        Assert.Equal((PurchaseStatus.RefundRequested, RefundReason.HoldRanOut, 9_900L, "u1-refund"), (back.Status, back.Refund!.Reason, back.Refund.AmountFen, back.Refund.RequestId));
        Assert.True(PurchaseRules.StockMoveOf(released, back).IsNone);
        Assert.True(PurchaseRules.Decide(back, Pay, RanOut).IsRepeat);
        Folding.Refused(SeatRefusal.AlreadyPaid, PurchaseRules.Decide(back, Pay with { PaymentId = "pay-2" }, RanOut));
    }

    [Fact]
    public void A_repeated_payment_counts_once() => Assert.True(PurchaseRules.Decide(Purchase().After(Pay, Noon), Pay, Noon.AddDays(1)).IsRepeat);

    [Fact]
    public void Of_two_reasons_to_refuse_a_payment_the_earlier_is_told()
    {
        var paid = Purchase().After(Pay, Noon);
        Folding.Refused(SeatRefusal.PurchaseNotFound, PurchaseRules.Decide(PurchaseState.None, Pay, Noon));
        Folding.Refused(SeatRefusal.AmountMismatch, PurchaseRules.Decide(Purchase(), Pay with { AmountFen = 9_899 }, Noon));
        Folding.Refused(SeatRefusal.AmountMismatch, PurchaseRules.Decide(paid, new PurchaseCommand.Pay("pay-2", 9_901), Noon));
        Folding.Refused(SeatRefusal.AlreadyPaid, PurchaseRules.Decide(paid, Pay with { PaymentId = "pay-2" }, Noon));
    }

    [Fact]
    public void A_refund_is_asked_for_again_until_it_is_confirmed()
    {
        var back = Purchase().At(RanOut).After(Pay with { StockGone = true }, RanOut);
        Assert.Equal(RanOut.AddMinutes(1), back.DueAt);
        Assert.Empty(PurchaseRules.Tick(back, RanOut.AddMinutes(1) - Tick));
        var again = Assert.IsType<PurchaseRefundRequested>(Assert.Single(PurchaseRules.Tick(back, RanOut.AddMinutes(1))));
        Assert.Equal((2, "u1-refund", "pay-1", 9_900L, RanOut.AddMinutes(3)), (again.Attempt, again.RefundRequestId, again.PaymentId, again.AmountFen, again.NextAt));
        var confirmed = back.With([again]).With(Folding.Accepted(PurchaseRules.Decide(back, Confirm, RanOut.AddMinutes(2))));
        Assert.Equal((PurchaseStatus.Refunded, "r1", RanOut, null), (confirmed.Status, confirmed.Refund!.RefundId, confirmed.Refund.RequestedAt, confirmed.DueAt));
        Assert.True(PurchaseRules.Decide(confirmed, Confirm, RanOut.AddDays(1)).IsRepeat);
        Folding.Refused(SeatRefusal.NoRefundDue, PurchaseRules.Decide(confirmed, new PurchaseCommand.ConfirmRefund("r2"), RanOut));
    }

    [Fact]
    public void A_refund_that_was_never_asked_for_is_not_confirmed()
    {
        Folding.Refused(SeatRefusal.PurchaseNotFound, PurchaseRules.Decide(PurchaseState.None, Confirm, Noon));
        Folding.Refused(SeatRefusal.NoRefundDue, PurchaseRules.Decide(Purchase(), Confirm, Noon));
        Folding.Refused(SeatRefusal.NoRefundDue, PurchaseRules.Decide(Purchase().After(Pay, Noon), Confirm, Noon));
    }

    [Fact]
    public void Time_alone_does_nothing_to_a_purchase_that_was_never_made() => Assert.Empty(PurchaseRules.Tick(PurchaseState.None, Noon));
}
