using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

/// <summary>Tiers, the leader's discount, and refunds until they are confirmed.</summary>
public sealed class SettlementTests
{
    private static readonly DateTimeOffset Deadline = Noon.AddDays(1);
    private static readonly TeamTerms Tiers = Tiered((2, 8_000), (3, 7_000), (5, 5_000));

    [Fact]
    public void With_tiers_everybody_pays_the_first_tiers_price_up_front()
    {
        var team = Team(Tiers);
        Assert.Equal((8_000L, 8_000L, 5), (team.PriceFen, team.SeatOf("lead").PriceFen, team.Terms.Size));
    }

    [Theory, InlineData(2, 8_000), InlineData(3, 7_000), InlineData(4, 7_000)]
    public void At_the_deadline_the_best_tier_reached_is_the_price_and_the_difference_goes_back(int members, long priceFen)
    {
        var formed = TeamOf(Tiers, members).At(Deadline);
        Assert.Equal((TeamStatus.Formed, priceFen, members), (formed.Status, formed.PriceFen, formed.Seats.Confirmed));
        Assert.All(formed.Seats.InOrder, seat =>
        {
            Assert.Equal((SeatStatus.Confirmed, priceFen), (seat.Status, seat.SettledFen));
            Assert.Equal(8_000 - priceFen, seat.Refund?.AmountFen ?? 0);
            Assert.Equal(priceFen < 8_000 ? RefundReason.TierReached : RefundReason.None, seat.Refund?.Reason ?? RefundReason.None);
        });
    }

    [Fact]
    public void A_team_that_is_full_forms_at_once_at_the_last_tiers_price()
    {
        var formed = TeamOf(Tiers, 5);
        Assert.Equal((TeamStatus.Formed, 5_000L, Noon), (formed.Status, formed.PriceFen, formed.EndedAt));
        Assert.All(formed.Seats.InOrder, seat => Assert.Equal(3_000, seat.Refund!.AmountFen));
    }

    [Fact]
    public void Below_the_first_tier_a_team_fails_unless_the_fill_policy_says_otherwise()
    {
        Assert.Equal(TeamStatus.Failed, TeamOf(Tiers, 1).At(Deadline).Status);
        var filled = TeamOf(Tiers with { FillWhenAtLeast = 1 }, 1).At(Deadline);
        Assert.Equal((TeamStatus.Formed, 8_000L), (filled.Status, filled.PriceFen));
        Assert.Null(filled.SeatOf("lead").Refund);
    }

    [Fact]
    public void A_fill_policy_above_the_first_tier_does_not_keep_the_first_tier_from_forming() =>
        Assert.Equal(TeamStatus.Formed, TeamOf(Tiers with { FillWhenAtLeast = 4 }, 2).At(Deadline).Status);

    [Fact]
    public void The_leaders_discount_goes_back_to_who_leads_when_the_team_forms()
    {
        var team = Team(TeamTerms() with { LeaderDiscountFen = 500 }).After(Pay("lead"), Noon).Paid("ann", Noon).Paid("bob", Noon.AddMinutes(1), 6_000);
        Assert.Equal((RefundReason.LeaderDiscount, 500L, 5_500L), (team.SeatOf("lead").Refund!.Reason, team.SeatOf("lead").Refund!.AmountFen, team.SeatOf("lead").SettledFen!.Value));
        Assert.Null(team.SeatOf("ann").Refund);
        var passed = Team(TeamTerms() with { LeaderDiscountFen = 500 }).After(Pay("lead"), Noon).Paid("ann", Noon).After(Leave("lead"), Noon).Paid("bob", Noon).Paid("cat", Noon);
        Assert.Equal(("ann", 500L), (passed.LeaderId, passed.SeatOf("ann").Refund!.AmountFen));
    }

    [Fact]
    public void A_leaders_discount_and_a_tiers_difference_are_one_refund()
    {
        var formed = TeamOf(Tiers with { LeaderDiscountFen = 400 }, 3).At(Deadline);
        Assert.Equal((1_400L, 6_600L, RefundReason.TierReached), (formed.SeatOf("lead").Refund!.AmountFen, formed.SeatOf("lead").SettledFen!.Value, formed.SeatOf("lead").Refund!.Reason));
        Assert.Equal(1_000, formed.SeatOf("m1").Refund!.AmountFen);
    }

    [Fact]
    public void A_discount_gives_back_never_more_than_was_paid()
    {
        var formed = TeamOf(Tiers with { LeaderDiscountFen = 9_000 }, 2).At(Deadline);
        Assert.Equal((8_000L, 0L), (formed.SeatOf("lead").Refund!.AmountFen, formed.SeatOf("lead").SettledFen!.Value));
    }

    [Fact]
    public void A_refund_is_asked_for_again_after_pauses_that_double_from_a_minute_to_an_hour()
    {
        var team = TeamOf(TeamTerms(), 1).At(Deadline);
        var asked = Deadline;
        foreach (var (minutes, attempt) in new[] { (1, 2), (2, 3), (4, 4), (8, 5), (16, 6), (32, 7), (60, 8), (60, 9), (60, 10) })
        {
            Assert.Equal(asked.AddMinutes(minutes), team.DueAt);
            Assert.Empty(TeamRules.Tick(team, team.DueAt!.Value - Tick));
            asked = team.DueAt.Value;
            var again = Assert.IsType<RefundRequested>(Assert.Single(TeamRules.Tick(team, asked)));
            Assert.Equal(("s-lead", "s-lead-refund", "pay-lead", 6_000L, attempt), (again.SeatId, again.RefundRequestId, again.PaymentId, again.AmountFen, again.Attempt));
            team = team.At(asked);
        }

        Assert.Equal(Deadline, team.SeatOf("lead").Refund!.RequestedAt);
        Assert.Equal(TimeSpan.FromHours(1), Refund.PauseAfter(int.MaxValue));
    }

    [Fact]
    public void A_confirmed_refund_is_not_asked_for_again()
    {
        var team = TeamOf(TeamTerms(), 1).At(Deadline).After(new TeamCommand.ConfirmRefund("s-lead", "r1"), Deadline.AddSeconds(1));
        var refund = team.SeatOf("lead").Refund!;
        Assert.Equal((SeatStatus.Refunded, "r1", Deadline.AddSeconds(1)), (team.SeatOf("lead").Status, refund.RefundId, refund.ConfirmedAt));
        Assert.Null(team.DueAt);
        Assert.Empty(TeamRules.Tick(team, Deadline.AddDays(9)));
    }

    [Fact]
    public void A_confirmed_seat_whose_difference_is_refunded_stays_confirmed()
    {
        var formed = TeamOf(Tiers, 3).At(Deadline);
        var refunded = formed.After(new TeamCommand.ConfirmRefund("s-lead", "r1"), Deadline);
        Assert.Equal((SeatStatus.Confirmed, 3), (refunded.SeatOf("lead").Status, refunded.Seats.Confirmed));
        Assert.True(TeamRules.StockMoveOf(formed, refunded).IsNone);
        Assert.Equal(SeatStatus.Confirmed, formed.At(Deadline.AddMinutes(1)).SeatOf("lead").Status);
    }

    [Fact]
    public void The_same_confirmation_again_decides_nothing_and_another_is_refused()
    {
        var team = TeamOf(TeamTerms(), 1).At(Deadline).After(new TeamCommand.ConfirmRefund("s-lead", "r1"), Deadline);
        Assert.True(TeamRules.Decide(team, new TeamCommand.ConfirmRefund("s-lead", "r1"), Deadline).IsRepeat);
        Folding.Refused(SeatRefusal.NoRefundDue, TeamRules.Decide(team, new TeamCommand.ConfirmRefund("s-lead", "r2"), Deadline));
    }

    [Fact]
    public void A_refund_that_was_never_asked_for_is_not_confirmed()
    {
        Folding.Refused(SeatRefusal.TeamNotFound, TeamRules.Decide(TeamState.None, new TeamCommand.ConfirmRefund("s-lead", "r1"), Noon));
        Folding.Refused(SeatRefusal.SeatNotFound, TeamRules.Decide(Team(), new TeamCommand.ConfirmRefund("s-ann", "r1"), Noon));
        Folding.Refused(SeatRefusal.NoRefundDue, TeamRules.Decide(Team(), new TeamCommand.ConfirmRefund("s-lead", "r1"), Noon));
        Folding.Refused(SeatRefusal.NoRefundDue, TeamRules.Decide(Team().After(Pay("lead"), Noon), new TeamCommand.ConfirmRefund("s-lead", "r1"), Noon));
    }

    private static TeamState TeamOf(TeamTerms terms, int members)
    {
        var priceFen = terms.Tiers[0].PriceFen;
        var team = Team(terms).After(Pay("lead", priceFen), Noon);
        for (var i = 1; i < members; i++) team = team.Paid($"m{i}", Noon, priceFen);
        return team;
    }
}
