using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

/// <summary>Holds that run out, and the deadline.</summary>
public sealed class TimeTests
{
    private static readonly DateTimeOffset RanOut = Noon.AddSeconds(900);
    private static readonly DateTimeOffset Deadline = Noon.AddDays(1);

    [Fact]
    public void A_hold_that_runs_out_is_released_and_not_before()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon).After(Join("bob"), Noon.AddMinutes(1));
        Assert.Equal(RanOut, team.DueAt);
        Assert.Empty(TeamRules.Tick(team, RanOut - Tick));
        var released = team.At(RanOut);
        Assert.Equal((SeatStatus.Released, SeatStatus.Held, 1), (released.SeatOf("ann").Status, released.SeatOf("bob").Status, released.Free));
        Assert.Equal(RanOut.AddMinutes(1), released.DueAt);
        Assert.Equal(new StockMove(-1, 0), TeamRules.StockMoveOf(team, released));
        Assert.Empty(TeamRules.Tick(released, RanOut));
    }

    [Fact]
    public void If_the_leaders_hold_runs_out_the_earliest_paid_member_leads()
    {
        var team = Team(TeamTerms(4)).After(Join("ann"), Noon.AddMinutes(1)).After(Join("bob"), Noon.AddMinutes(1)).After(Pay("bob"), Noon.AddMinutes(1));
        Assert.Equal("bob", team.At(RanOut).LeaderId);
        // The same where a join finds it, before anything has swept.
        Assert.Equal("bob", team.After(Join("cat"), RanOut).LeaderId);
    }

    [Fact]
    public void A_team_whose_last_hold_runs_out_stays_open_and_who_joins_it_then_leads_it()
    {
        var empty = Team().At(RanOut);
        Assert.Equal((TeamStatus.Open, "lead", 3, Deadline), (empty.Status, empty.LeaderId, empty.Free, empty.DueAt));
        Assert.Equal("ann", empty.After(Join("ann"), RanOut).LeaderId);
        Assert.Equal("ann", Team().After(Join("ann"), RanOut).LeaderId);
        Assert.Equal("lead", Team().After(Join("lead", seatId: "s2"), RanOut).LeaderId);
        Assert.Equal(TeamStatus.Failed, empty.At(Deadline).Status);
    }

    [Fact]
    public void At_the_deadline_a_team_that_is_not_formed_fails_and_not_before()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Deadline.AddMinutes(-1));
        Assert.Empty(TeamRules.Tick(team, Deadline - Tick));
        var events = TeamRules.Tick(team, Deadline);
        Assert.Equal(["SeatReleased", "TeamFailed", "RefundRequested"], events.Select(e => e.GetType().Name));
        var failed = team.With(events);
        Assert.Equal((TeamStatus.Failed, SeatStatus.Released, SeatStatus.RefundRequested), (failed.Status, failed.SeatOf("ann").Status, failed.SeatOf("lead").Status));
        Assert.Equal(RefundReason.TeamFailed, failed.SeatOf("lead").Refund!.Reason);
        Assert.Equal(new StockMove(-2, 0), TeamRules.StockMoveOf(team, failed));
        Assert.Empty(TeamRules.Tick(failed, Deadline));
    }

    [Fact]
    public void A_fill_policy_forms_a_team_with_enough_paid_members_at_the_deadline()
    {
        var team = Team(TeamTerms(5) with { FillWhenAtLeast = 2 }).After(Pay("lead"), Noon).Paid("ann", Noon).After(Join("bob"), Deadline.AddMinutes(-1));
        var formed = team.At(Deadline);
        Assert.Equal((TeamStatus.Formed, 2, 6_000L), (formed.Status, formed.Seats.Confirmed, formed.PriceFen));
        Assert.Equal(SeatStatus.Released, formed.SeatOf("bob").Status);
        Assert.Equal(new StockMove(-3, 2), TeamRules.StockMoveOf(team, formed));
    }

    [Fact]
    public void A_fill_policy_counts_paid_members_and_not_held_ones()
    {
        var team = Team(TeamTerms(5) with { FillWhenAtLeast = 2 }).After(Pay("lead"), Noon).After(Join("bob"), Deadline.AddMinutes(-1));
        Assert.Equal(TeamStatus.Failed, team.At(Deadline).Status);
    }

    [Fact]
    public void A_team_that_forms_at_its_deadline_is_led_by_a_member_who_paid()
    {
        var terms = TeamTerms(5) with { FillWhenAtLeast = 1, SeatHoldSeconds = 999_999, LeaderDiscountFen = 500 };
        var formed = Team(terms).Paid("ann", Noon).At(Deadline);
        Assert.Equal(("ann", 5_500L), (formed.LeaderId, formed.SeatOf("ann").SettledFen!.Value));
    }

    [Fact]
    public void A_tick_long_after_does_once_what_was_due()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon);
        Assert.Equal(["SeatReleased", "TeamFailed", "RefundRequested"], TeamRules.Tick(team, Deadline.AddDays(30)).Select(e => e.GetType().Name));
    }

    [Fact]
    public void Time_alone_does_nothing_to_a_team_that_was_never_opened() => Assert.Empty(TeamRules.Tick(TeamState.None, Noon));
}
