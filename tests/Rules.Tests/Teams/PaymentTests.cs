using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

public sealed class PaymentTests
{
    private static readonly DateTimeOffset RanOut = Noon.AddSeconds(900);

    /// <summary>The leader has paid; ann's hold ran out and was released, the third seat is free.</summary>
    private static readonly TeamState AnnReleased = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon).At(RanOut);

    [Fact]
    public void A_payment_makes_the_seat_paid()
    {
        var team = Team().After(Pay("lead"), Noon.AddMinutes(1));
        var seat = team.SeatOf("lead");
        Assert.Equal((SeatStatus.Paid, "pay-lead", 6_000L, Noon.AddMinutes(1)), (seat.Status, seat.PaymentId, seat.PaidFen, seat.PaidAt));
        Assert.Equal((0, 1, 2), (team.Seats.Held, team.Seats.Paid, team.Free));
        Assert.Equal(team.ExpiresAt, team.DueAt);
    }

    [Fact]
    public void The_last_seats_payment_forms_the_team_and_confirms_every_seat_once()
    {
        var almost = Team().After(Pay("lead"), Noon).Paid("ann", Noon).After(Join("bob"), Noon);
        var events = Folding.Accepted(TeamRules.Decide(almost, Pay("bob"), Noon.AddHours(1)));
        Assert.Equal(["SeatPaid", "TeamFormed", "SeatConfirmed", "SeatConfirmed", "SeatConfirmed"], events.Select(e => e.GetType().Name));
        var formed = almost.With(events);
        Assert.Equal((TeamStatus.Formed, 3, 6_000L, Noon.AddHours(1)), (formed.Status, formed.Seats.Confirmed, formed.PriceFen, formed.EndedAt));
        Assert.All(formed.Seats.InOrder, seat => Assert.Equal((SeatStatus.Confirmed, 6_000L, null), (seat.Status, seat.SettledFen, seat.Refund)));
        Assert.Null(formed.DueAt);
        Assert.Empty(TeamRules.Tick(formed, formed.ExpiresAt));
    }

    [Fact]
    public void A_repeated_payment_counts_once_whatever_has_become_of_the_seat()
    {
        var paid = Team().After(Pay("lead"), Noon).Paid("ann", Noon);
        Assert.True(TeamRules.Decide(paid, Pay("ann"), Noon).IsRepeat);
        Assert.True(TeamRules.Decide(paid.After(Leave("ann"), Noon), Pay("ann"), Noon).IsRepeat);
        Assert.True(TeamRules.Decide(paid.Paid("bob", Noon), Pay("ann"), Noon.AddDays(9)).IsRepeat);
        Assert.True(TeamRules.Decide(paid.At(Noon.AddDays(1)), Pay("ann"), Noon.AddDays(9)).IsRepeat);
    }

    [Theory, InlineData(5_999), InlineData(6_001), InlineData(0), InlineData(-6_000)]
    public void Another_amount_than_the_seats_price_is_refused(long amountFen) =>
        Folding.Refused(SeatRefusal.AmountMismatch, TeamRules.Decide(Team(), Pay("lead", amountFen), Noon));

    [Fact]
    public void A_second_payment_for_a_paid_seat_is_refused() =>
        Folding.Refused(SeatRefusal.AlreadyPaid, TeamRules.Decide(Team().After(Pay("lead"), Noon), Pay("lead", paymentId: "pay-2"), Noon));

    [Fact]
    public void A_payment_that_paid_another_seat_is_refused()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon);
        Folding.Refused(SeatRefusal.PaymentIdReused, TeamRules.Decide(team, Pay("ann", paymentId: "pay-lead"), Noon));
        // Even where that payment goes back.
        Folding.Refused(SeatRefusal.PaymentIdReused, TeamRules.Decide(team.After(Leave("lead"), Noon), Pay("ann", paymentId: "pay-lead"), Noon));
    }

    [Fact]
    public void Of_two_reasons_to_refuse_a_payment_the_earlier_is_told()
    {
        var team = Team().After(Pay("lead"), Noon).Paid("ann", Noon);
        Folding.Refused(SeatRefusal.TeamNotFound, TeamRules.Decide(TeamState.None, Pay("lead", 1), Noon));
        Folding.Refused(SeatRefusal.SeatNotFound, TeamRules.Decide(team, Pay("nobody", 1, "pay-lead"), Noon));
        Folding.Refused(SeatRefusal.AmountMismatch, TeamRules.Decide(team, Pay("lead", 1, "pay-2"), Noon));
        Folding.Refused(SeatRefusal.AmountMismatch, TeamRules.Decide(team, Pay("lead", 1), Noon));
        Folding.Refused(SeatRefusal.AmountMismatch, TeamRules.Decide(team, Pay("ann", 1, "pay-lead"), Noon));
        Folding.Refused(SeatRefusal.AlreadyPaid, TeamRules.Decide(team, Pay("ann", paymentId: "pay-lead"), Noon));
    }

    [Fact]
    public void A_payment_while_the_hold_lasts_is_in_time_and_from_its_end_on_is_late()
    {
        Assert.False(((SeatPaid)Folding.Accepted(TeamRules.Decide(Team(), Pay("lead"), RanOut - Tick))[0]).Late);
        Assert.True(((SeatPaid)Folding.Accepted(TeamRules.Decide(Team(), Pay("lead"), RanOut))[0]).Late);
    }

    [Fact]
    public void A_late_payment_keeps_a_seat_that_nobody_has_released()
    {
        var team = Team();
        Assert.False(TeamRules.NeedsSeatAnew(team, "s-lead", RanOut));
        // The unit is still held, so neither the limit nor the stock is asked.
        var paid = team.After(Pay("lead") with { StockGone = true, UnitLimitReached = true }, RanOut);
        Assert.Equal(SeatStatus.Paid, paid.SeatOf("lead").Status);
        Assert.True(TeamRules.StockMoveOf(team, paid).IsNone);
    }

    [Fact]
    public void A_late_payment_takes_a_free_seat_and_a_unit()
    {
        Assert.Equal(SeatStatus.Released, AnnReleased.SeatOf("ann").Status);
        Assert.True(TeamRules.NeedsSeatAnew(AnnReleased, "s-ann", RanOut));
        var events = Folding.Accepted(TeamRules.Decide(AnnReleased, Pay("ann"), RanOut));
        Assert.True(Assert.IsType<SeatPaid>(Assert.Single(events)).Late);
        var team = AnnReleased.With(events);
        Assert.Equal((SeatStatus.Paid, 2, 1), (team.SeatOf("ann").Status, team.Seats.Paid, team.Free));
        Assert.Equal(new StockMove(1, 0), TeamRules.StockMoveOf(AnnReleased, team));
    }

    [Fact]
    public void A_late_payment_can_form_the_team()
    {
        var team = AnnReleased.Paid("bob", RanOut).After(Pay("ann"), RanOut);
        Assert.Equal((TeamStatus.Formed, 3), (team.Status, team.Seats.Confirmed));
    }

    [Fact]
    public void A_late_payment_of_a_team_that_is_full_goes_back_at_once()
    {
        var full = AnnReleased.After(Join("bob"), RanOut).After(Join("cat"), RanOut);
        AssertGoesBack(full, Pay("ann"), RanOut, RefundReason.HoldRanOut);
    }

    [Fact]
    public void A_late_payment_takes_the_place_of_a_hold_that_has_run_out_too()
    {
        var full = AnnReleased.After(Join("bob"), RanOut).After(Join("cat"), RanOut.AddMinutes(1));
        var events = Folding.Accepted(TeamRules.Decide(full, Pay("ann"), RanOut.AddSeconds(900)));
        Assert.Collection(events, e => Assert.Equal("s-bob", ((SeatReleased)e).SeatId), e => Assert.Equal("s-ann", ((SeatPaid)e).SeatId));
    }

    [Fact]
    public void A_late_payment_without_stock_or_beyond_the_unit_limit_goes_back_at_once()
    {
        AssertGoesBack(AnnReleased, Pay("ann") with { StockGone = true }, RanOut, RefundReason.HoldRanOut);
        AssertGoesBack(AnnReleased, Pay("ann") with { UnitLimitReached = true }, RanOut, RefundReason.HoldRanOut);
    }

    [Fact]
    public void A_late_payment_of_who_has_joined_again_goes_back_at_once()
    {
        var again = AnnReleased.After(Join("ann", seatId: "s-ann2"), RanOut);
        AssertGoesBack(again, Pay("ann"), RanOut, RefundReason.HoldRanOut);
    }

    [Fact]
    public void Who_lost_two_holds_and_pays_the_first_late_is_a_member_by_the_first()
    {
        var lostTwo = AnnReleased.After(Join("ann", seatId: "s-ann2"), RanOut).At(RanOut.AddSeconds(900));
        Assert.Equal("s-ann2", lostTwo.Seats.Of("ann")!.SeatId);
        var paid = lostTwo.After(Pay("ann"), RanOut.AddSeconds(900));
        Assert.Equal("s-ann", paid.Seats.Of("ann")!.SeatId);
        Assert.True(TeamRules.Decide(paid, Join("ann", seatId: "s-ann3"), RanOut.AddSeconds(900)).IsRepeat);
        AssertGoesBack(paid, Pay("ann", paymentId: "pay-ann2") with { SeatId = "s-ann2" }, RanOut.AddSeconds(900), RefundReason.HoldRanOut);
    }

    [Fact]
    public void A_late_payment_takes_its_seat_in_a_team_that_nobody_is_left_in()
    {
        var empty = Team().At(RanOut);
        Assert.Equal((TeamStatus.Open, 3, "lead"), (empty.Status, empty.Free, empty.LeaderId));
        var paid = empty.After(Pay("lead"), RanOut.AddHours(1));
        Assert.Equal((1, "lead"), (paid.Seats.Paid, paid.LeaderId));
    }

    [Fact]
    public void A_payment_after_the_end_goes_back_at_once()
    {
        AssertGoesBack(AnnReleased.At(Noon.AddDays(1)), Pay("ann"), Noon.AddDays(1), RefundReason.TeamFailed);
        var formed = AnnReleased.Paid("bob", RanOut).Paid("cat", RanOut);
        AssertGoesBack(formed, Pay("ann"), RanOut, RefundReason.HoldRanOut);
        var cancelled = Team().After(Join("ann"), Noon).At(RanOut).After(Join("lead", seatId: "s2"), RanOut).After(new TeamCommand.Leave("s2", "lead"), RanOut);
        Assert.Equal(TeamStatus.Cancelled, cancelled.Status);
        AssertGoesBack(cancelled, Pay("ann"), RanOut, RefundReason.TeamFailed);
    }

    [Fact]
    public void A_payment_for_a_seat_that_was_left_goes_back_at_once() =>
        AssertGoesBack(Team().After(Join("ann"), Noon).After(Leave("ann"), Noon), Pay("ann"), Noon, RefundReason.Left);

    [Fact]
    public void A_payment_at_the_deadline_meets_the_deadline_first()
    {
        var team = Team(TeamTerms() with { SeatHoldSeconds = 999_999 }).After(Pay("lead"), Noon).Paid("ann", Noon).After(Join("bob"), Noon);
        Assert.Equal(TeamStatus.Formed, team.After(Pay("bob"), Noon.AddDays(1) - Tick).Status);
        var failed = team.After(Pay("bob"), Noon.AddDays(1));
        Assert.Equal(TeamStatus.Failed, failed.Status);
        Assert.All(failed.Seats.InOrder, seat => Assert.Equal((SeatStatus.RefundRequested, 6_000L, RefundReason.TeamFailed), (seat.Status, seat.Refund!.AmountFen, seat.Refund.Reason)));
        var filled = team with { TermsOrNull = team.Terms with { FillWhenAtLeast = 2 } };
        Assert.Equal((TeamStatus.Formed, SeatStatus.RefundRequested), (filled.After(Pay("bob"), Noon.AddDays(1)).Status, filled.After(Pay("bob"), Noon.AddDays(1)).SeatOf("bob").Status));
    }

    private static void AssertGoesBack(TeamState team, TeamCommand.Pay pay, DateTimeOffset now, RefundReason reason)
    {
        var events = Folding.Accepted(TeamRules.Decide(team, pay, now));
        var refund = Assert.IsType<RefundRequested>(events[^1]);
        Assert.Equal((pay.SeatId, pay.PaymentId, pay.AmountFen, reason, 1), (refund.SeatId, refund.PaymentId, refund.AmountFen, refund.Reason, refund.Attempt));
        Assert.DoesNotContain(events, e => e is SeatPaid);
        var after = team.With(events);
        Assert.Equal(SeatStatus.RefundRequested, after.Seats.Find(pay.SeatId)!.Status);
        Assert.True(TeamRules.StockMoveOf(team, after).Takes <= 0);
        Assert.True(TeamRules.Decide(after, pay, now).IsRepeat);
        Folding.Refused(SeatRefusal.AlreadyPaid, TeamRules.Decide(after, pay with { PaymentId = "another" }, now));
    }
}
