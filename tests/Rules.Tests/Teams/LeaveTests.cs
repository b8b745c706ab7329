using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

public sealed class LeaveTests
{
    private static readonly DateTimeOffset RanOut = Noon.AddSeconds(900);

    [Fact]
    public void A_held_seat_that_is_left_is_free_again()
    {
        var before = Team().After(Join("ann"), Noon);
        var team = before.After(Leave("ann"), Noon);
        Assert.Equal((SeatStatus.Left, 2, "lead"), (team.SeatOf("ann").Status, team.Free, team.LeaderId));
        Assert.Null(team.SeatOf("ann").Refund);
        Assert.Equal(new StockMove(-1, 0), TeamRules.StockMoveOf(before, team));
    }

    [Fact]
    public void A_paid_seat_that_is_left_becomes_a_refund()
    {
        var before = Team().After(Pay("lead"), Noon).Paid("ann", Noon);
        var events = Folding.Accepted(TeamRules.Decide(before, Leave("ann"), Noon.AddMinutes(1)));
        Assert.Equal(["SeatLeft", "RefundRequested"], events.Select(e => e.GetType().Name));
        var seat = before.With(events).SeatOf("ann");
        Assert.Equal((SeatStatus.RefundRequested, RefundReason.Left, 6_000L, "s-ann-refund"), (seat.Status, seat.Refund!.Reason, seat.Refund.AmountFen, seat.Refund.RequestId));
        Assert.Equal(new StockMove(-1, 0), TeamRules.StockMoveOf(before, before.With(events)));
        Assert.Equal(Noon.AddMinutes(2), before.With(events).DueAt);
    }

    [Fact]
    public void A_repeated_leaving_decides_nothing()
    {
        var team = Team().After(Pay("lead"), Noon).Paid("ann", Noon).After(Join("bob"), Noon);
        var left = team.After(Leave("ann"), Noon).After(Leave("bob"), Noon);
        Assert.True(TeamRules.Decide(left, Leave("ann"), Noon.AddDays(9)).IsRepeat);
        Assert.True(TeamRules.Decide(left, Leave("bob"), Noon.AddDays(9)).IsRepeat);
        Assert.True(TeamRules.Decide(left.After(new TeamCommand.ConfirmRefund("s-ann", "r1"), Noon), Leave("ann"), Noon).IsRepeat);
        // A payment that comes after leaving goes back, and the seat still was left.
        Assert.True(TeamRules.Decide(left.After(Pay("bob"), Noon), Leave("bob"), Noon).IsRepeat);
    }

    [Fact]
    public void If_the_leader_leaves_the_earliest_paid_member_leads_and_the_deadline_stays()
    {
        var team = Team(TeamTerms(5)).After(Join("ann"), Noon).After(Join("bob"), Noon).After(Join("cat"), Noon)
            .After(Pay("cat"), Noon.AddMinutes(1)).After(Pay("bob"), Noon.AddMinutes(2));
        var left = team.After(Leave("lead"), Noon.AddMinutes(3));
        Assert.Equal(("cat", team.ExpiresAt), (left.LeaderId, left.ExpiresAt));
    }

    [Fact]
    public void If_nobody_has_paid_the_earliest_to_join_leads() =>
        Assert.Equal("ann", Team().After(Join("ann"), Noon).After(Join("bob"), Noon).After(Leave("lead"), Noon).LeaderId);

    [Fact]
    public void If_another_member_leaves_the_leader_stays()
    {
        var events = Folding.Accepted(TeamRules.Decide(Team().Paid("ann", Noon), Leave("ann"), Noon));
        Assert.DoesNotContain(events, e => e is LeaderChanged);
    }

    [Fact]
    public void A_leader_who_comes_back_does_not_lead_again() =>
        Assert.Equal("ann", Team().After(Join("ann"), Noon).After(Leave("lead"), Noon).After(Join("lead", seatId: "s2"), Noon).LeaderId);

    [Fact]
    public void A_team_whose_last_member_leaves_is_cancelled()
    {
        var events = Folding.Accepted(TeamRules.Decide(Team().After(Pay("lead"), Noon), Leave("lead"), Noon));
        Assert.Equal(["SeatLeft", "RefundRequested", "TeamFailed"], events.Select(e => e.GetType().Name));
        var team = Team().After(Pay("lead"), Noon).With(events);
        Assert.Equal((TeamStatus.Cancelled, Noon, 0), (team.Status, team.EndedAt, team.Taken));
        Folding.Refused(JoinRefusal.TeamFailed, TeamRules.Decide(team, Join("ann"), Noon));
    }

    [Fact]
    public void Holds_that_have_run_out_do_not_keep_a_team_whose_last_member_leaves()
    {
        var team = Team().After(Join("ann"), Noon).After(Pay("lead"), Noon);
        Assert.Equal(TeamStatus.Open, team.After(Leave("lead"), RanOut - Tick).Status);
        Assert.Equal(TeamStatus.Cancelled, team.After(Leave("lead"), RanOut).Status);
    }

    [Fact]
    public void A_member_may_leave_until_the_deadline()
    {
        var team = Team().After(Pay("lead"), Noon).Paid("ann", Noon);
        team.After(Leave("ann"), Noon.AddDays(1) - Tick);
        Folding.Refused(SeatRefusal.SeatEnded, TeamRules.Decide(team, Leave("ann"), Noon.AddDays(1)));
        var filled = team with { TermsOrNull = team.Terms with { FillWhenAtLeast = 2 } };
        Folding.Refused(SeatRefusal.TeamFormed, TeamRules.Decide(filled, Leave("ann"), Noon.AddDays(1)));
    }

    [Fact]
    public void A_hold_that_has_run_out_is_no_seat_to_leave()
    {
        var team = Team().After(Join("ann"), Noon);
        team.After(Leave("ann"), RanOut - Tick);
        Folding.Refused(SeatRefusal.SeatEnded, TeamRules.Decide(team, Leave("ann"), RanOut));
        Folding.Refused(SeatRefusal.SeatEnded, TeamRules.Decide(team.At(RanOut), Leave("ann"), RanOut));
    }

    [Fact]
    public void Nobody_leaves_a_formed_team()
    {
        var formed = Team(TeamTerms(2)).After(Pay("lead"), Noon).Paid("ann", Noon);
        Folding.Refused(SeatRefusal.TeamFormed, TeamRules.Decide(formed, Leave("ann"), Noon));
    }

    [Fact]
    public void Of_two_reasons_to_refuse_leaving_the_earlier_is_told()
    {
        Folding.Refused(SeatRefusal.TeamNotFound, TeamRules.Decide(TeamState.None, Leave("ann"), Noon));
        Folding.Refused(SeatRefusal.SeatNotFound, TeamRules.Decide(Team(), Leave("ann"), Noon));
        var formed = Team(TeamTerms(2)).After(Join("bob"), Noon).At(RanOut).Paid("ann", RanOut).Paid("cat", RanOut);
        Assert.Equal(TeamStatus.Formed, formed.Status);
        Folding.Refused(SeatRefusal.NotYourSeat, TeamRules.Decide(formed, new TeamCommand.Leave("s-ann", "cat"), RanOut));
        // Its hold ran out, too.
        Folding.Refused(SeatRefusal.TeamFormed, TeamRules.Decide(formed, Leave("bob"), RanOut));
        var left = Team().After(Join("ann"), Noon).After(Leave("ann"), Noon);
        Folding.Refused(SeatRefusal.NotYourSeat, TeamRules.Decide(left, new TeamCommand.Leave("s-ann", "lead"), Noon));
    }
}
