using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Teams;

public sealed class OpenAndJoinTests
{
    [Fact]
    public void An_opened_team_has_its_leaders_held_seat()
    {
        var team = Team();
        Assert.Equal((TeamStatus.Open, "lead", 1, 0, 2), (team.Status, team.LeaderId, team.Seats.Held, team.Seats.Paid, team.Free));
        Assert.Equal((Noon, Noon.AddDays(1)), (team.OpenedAt, team.ExpiresAt));
        var seat = team.SeatOf("lead");
        Assert.Equal((SeatStatus.Held, 6_000L, 1, Noon.AddSeconds(900)), (seat.Status, seat.PriceFen, seat.Number, seat.HoldExpiresAt));
        Assert.Equal(Noon.AddSeconds(900), team.DueAt);
    }

    [Fact]
    public void A_join_holds_a_seat_for_as_long_as_the_terms_say()
    {
        var via = new Attribution { InviterId = "lead", Depth = 2 };
        var events = Folding.Accepted(TeamRules.Decide(Team(), Join("ann") with { Via = via }, Noon.AddMinutes(1)));
        var held = Assert.IsType<SeatHeld>(Assert.Single(events));
        Assert.Equal(("s-ann", "ann", 6_000L, Noon.AddMinutes(16)), (held.SeatId, held.ShopperId, held.PriceFen, held.HoldExpiresAt));
        Assert.Equal((true, via), (held.NewShopper, held.Via));
        Assert.Equal(2, Team().With(events).SeatOf("ann").Depth);
    }

    [Fact]
    public void A_hold_never_outlasts_the_teams_deadline()
    {
        var late = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon.AddDays(1).AddMinutes(-1));
        Assert.Equal(Noon.AddDays(1), late.SeatOf("ann").HoldExpiresAt);
        Assert.Equal(Noon.AddDays(1), late.DueAt);
        var brief = Team(TeamTerms() with { DurationSeconds = 60 });
        Assert.Equal(Noon.AddSeconds(60), brief.SeatOf("lead").HoldExpiresAt);
    }

    [Fact]
    public void A_repeated_join_is_the_same_seat_whatever_else_would_refuse_it()
    {
        var full = Team(TeamTerms(2)).After(Join("ann"), Noon);
        Assert.True(TeamRules.Decide(full, Join("ann", new JoinerFacts(false, true), paused: true, seatId: "other"), Noon).IsRepeat);
        var formed = full.After(Pay("lead"), Noon).After(Pay("ann"), Noon);
        Assert.Equal(TeamStatus.Formed, formed.Status);
        Assert.True(TeamRules.Decide(formed, Join("ann"), Noon.AddDays(3)).IsRepeat);
        Assert.Equal("s-ann", formed.Seats.Of("ann")!.SeatId);
    }

    [Fact]
    public void The_last_free_seat_is_taken_and_no_other()
    {
        var team = Team().After(Join("ann"), Noon).After(Join("bob"), Noon);
        Assert.Equal(0, team.Free);
        Folding.Refused(JoinRefusal.TeamFull, TeamRules.Decide(team, Join("cat"), Noon));
    }

    [Fact]
    public void A_hold_that_has_run_out_is_a_free_seat_even_if_nothing_has_swept_it()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon).After(Join("bob"), Noon.AddSeconds(1));
        var ranOut = Noon.AddSeconds(900);
        Folding.Refused(JoinRefusal.TeamFull, TeamRules.Decide(team, Join("cat"), ranOut - Tick));
        Assert.Equal((0, 1), (team.FreeAt(ranOut - Tick), team.FreeAt(ranOut)));
        var events = Folding.Accepted(TeamRules.Decide(team, Join("cat"), ranOut));
        Assert.Collection(events, e => Assert.Equal("s-ann", ((SeatReleased)e).SeatId), e => Assert.Equal("s-cat", ((SeatHeld)e).SeatId));
        Assert.True(TeamRules.StockMoveOf(team, team.With(events)).IsNone);
    }

    [Fact]
    public void Who_let_a_hold_run_out_may_join_again_with_a_new_seat()
    {
        var team = Team().After(Pay("lead"), Noon).After(Join("ann"), Noon).After(Join("ann", seatId: "s-ann2"), Noon.AddSeconds(900));
        Assert.Equal(SeatStatus.Released, team.SeatOf("ann").Status);
        Assert.Equal(("s-ann2", SeatStatus.Held, 3), (team.Seats.Of("ann")!.SeatId, team.Seats.Of("ann")!.Status, team.Seats.Of("ann")!.Number));
        Assert.Equal((1, 1, 1), (team.Seats.Held, team.Seats.Paid, team.Free));
    }

    [Fact]
    public void A_join_is_accepted_until_the_deadline()
    {
        var team = Team().After(Pay("lead"), Noon);
        team.After(Join("ann"), Noon.AddDays(1) - Tick);
        Folding.Refused(JoinRefusal.TeamFailed, TeamRules.Decide(team, Join("ann"), Noon.AddDays(1)));
    }

    [Fact]
    public void Past_the_deadline_a_join_is_told_how_the_team_will_have_ended()
    {
        var team = Team(TeamTerms() with { FillWhenAtLeast = 1 }).After(Pay("lead"), Noon);
        Folding.Refused(JoinRefusal.TeamFormed, TeamRules.Decide(team, Join("ann"), Noon.AddDays(1)));
        Folding.Refused(JoinRefusal.TeamFormed, TeamRules.Decide(team.At(Noon.AddDays(1)), Join("ann"), Noon.AddDays(1)));
    }

    [Fact]
    public void For_the_invited_only_an_invitation_of_a_member_is_needed()
    {
        var team = Team(TeamTerms() with { Join = JoinRule.InvitedOnly });
        Folding.Refused(JoinRefusal.NotInvited, TeamRules.Decide(team, Join("ann"), Noon));
        team.After(Join("ann", invited: true), Noon);
        Team().After(Join("ann"), Noon);
    }

    [Fact]
    public void For_new_shoppers_only_the_leader_may_be_existing_and_nobody_else()
    {
        var terms = TeamTerms() with { Join = JoinRule.NewShoppersOnly };
        var team = TeamState.None.With(TeamRules.Open(new TeamCommand.Open("t1", "s-lead", "lead", terms, NewShopper: false, null), Noon));
        Folding.Refused(JoinRefusal.NewShoppersOnly, TeamRules.Decide(team, Join("ann", new JoinerFacts(false, false)), Noon));
        team.After(Join("ann", new JoinerFacts(true, false)), Noon);
    }

    [Theory, InlineData(JoinRule.InvitedOnly), InlineData(JoinRule.NewShoppersOnly)]
    public void Who_had_a_seat_once_may_come_back_without_being_invited_or_new_again(JoinRule rule)
    {
        var team = Team(TeamTerms() with { Join = rule }).After(Join("ann", invited: true), Noon).After(Leave("ann"), Noon);
        team.After(Join("ann", new JoinerFacts(false, false), seatId: "s-ann2"), Noon);
    }

    /// <summary>Every condition that refuses a join, in the order of precedence.</summary>
    private static readonly (JoinRefusal Refusal, Func<TeamState, TeamState> State, Func<TeamCommand.Join, TeamCommand.Join> Command)[] Conditions =
    [
        (JoinRefusal.TeamFormed, s => s.With([new TeamFormed { LeaderId = "lead" }]), c => c),
        (JoinRefusal.TeamFailed, s => s.With([new TeamFailed()]), c => c),
        (JoinRefusal.TeamFailed, s => s.With([new TeamFailed { Cancelled = true }]), c => c),
        (JoinRefusal.TeamFailed, s => s with { ExpiresAt = Noon }, c => c),
        (JoinRefusal.TeamFull, s => s.After(Join("x", invited: true), Noon - Tick).After(Join("y", invited: true), Noon - Tick), c => c),
        (JoinRefusal.CampaignPaused, s => s, c => c with { CampaignIsPaused = true }),
        (JoinRefusal.NotInvited, s => s with { TermsOrNull = s.Terms with { Join = JoinRule.InvitedOnly } }, c => c),
        (JoinRefusal.NewShoppersOnly, s => s with { TermsOrNull = s.Terms with { Join = JoinRule.NewShoppersOnly } }, c => c with { Joiner = c.Joiner with { NewShopper = false } }),
        (JoinRefusal.UnitLimitReached, s => s, c => c with { Joiner = c.Joiner with { UnitLimitReached = true } }),
    ];

    public static TheoryData<int, int> Pairs()
    {
        var pairs = new TheoryData<int, int>();
        for (var first = 0; first < Conditions.Length; first++)
        {
            for (var second = first; second < Conditions.Length; second++)
            {
                // Ends exclude one another, and so do the two join rules.
                var exclude = (first <= 3 && second <= 3) || (first == 6 && second == 7);
                if (first == second || !exclude) pairs.Add(first, second);
            }
        }

        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Of_two_reasons_to_refuse_a_join_the_earlier_is_told(int first, int second)
    {
        var (refusal, firstState, firstCommand) = Conditions[first];
        var (_, secondState, secondCommand) = Conditions[second];
        // The later one first, since a full team could not be filled any more once it is over.
        var team = first == second ? firstState(Team()) : firstState(secondState(Team()));
        Folding.Refused(refusal, TeamRules.Decide(team, secondCommand(firstCommand(Join("ann"))), Noon));
    }

    [Fact]
    public void That_there_is_no_team_comes_before_everything() =>
        Folding.Refused(JoinRefusal.TeamNotFound, TeamRules.Decide(TeamState.None, Join("ann", new JoinerFacts(false, true), paused: true), Noon));

    [Fact]
    public void A_team_that_was_not_opened_has_no_terms() => Assert.Throws<InvalidOperationException>(() => TeamState.None.Terms);
}
