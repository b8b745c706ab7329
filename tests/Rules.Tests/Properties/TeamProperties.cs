using System.Globalization;
using System.Text.Json;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Properties;

public sealed class TeamProperties : FiveProperties<TeamState, TeamEvent>
{
    private sealed record Tick;

    protected override TeamState None => TeamState.None;

    protected override IReadOnlyCollection<string> StatusesToReach => ["None", "Open", "Formed", "Failed", "Cancelled"];

    protected override TeamState Evolve(TeamState state, TeamEvent happened) => TeamState.Evolve(state, happened);

    protected override object CommandOf(TeamState state, Step step, DateTimeOffset now)
    {
        // Seats that there are, and now and then one that there is not.
        var seats = state.Seats.InOrder;
        var seat = seats.IsEmpty || step.What % 23 == 0 ? null : seats[step.What % seats.Count];
        var seatId = seat?.SeatId ?? "nowhere";
        var shopper = $"m{step.Who}";
        return step.Kind switch
        {
            < 40 when !state.Exists => new TeamCommand.Open("t1", "s1", shopper, TermsOf(step.What), true, null),
            < 32 => new TeamCommand.Join($"s{seats.Count + 1}", shopper, new JoinerFacts(step.What % 3 > 0, step.What % 13 == 0), step.What % 17 == 0, null, step.What % 2 == 0),
            < 66 => new TeamCommand.Pay(seatId, PaymentOf(step, seatId), (seat?.PriceFen ?? 0) + (step.What % 29 == 0 ? 1 : 0), step.What % 7 == 0, step.What % 11 == 0),
            < 76 => new TeamCommand.Leave(seatId, step.Who == 7 ? shopper : seat?.ShopperId ?? shopper),
            < 84 => new TeamCommand.ConfirmRefund(seatId, step.Who == 7 ? "r-other" : "r-" + seatId),
            _ => new Tick(),
        };
    }

    protected override Answer Decide(TeamState state, object command, DateTimeOffset now) => command switch
    {
        TeamCommand.Open open => new Answer(state.Exists ? [] : TeamRules.Open(open, now), null),
        TeamCommand.Join join => Answer.Of(TeamRules.Decide(state, join, now)),
        TeamCommand.Pay pay => Answer.Of(TeamRules.Decide(state, pay, now)),
        TeamCommand.Leave leave => Answer.Of(TeamRules.Decide(state, leave, now)),
        TeamCommand.ConfirmRefund confirm => Answer.Of(TeamRules.Decide(state, confirm, now)),
        _ => new Answer(TeamRules.Tick(state, now), null),
    };

    // A join is repeated for as long as its seat lives only: who has left may join again.
    protected override bool IsRepeatableForEver(object command) => command is TeamCommand.Pay or TeamCommand.Leave or TeamCommand.ConfirmRefund;

    protected override void CheckFold(TeamState before, TeamEvent happened, TeamState after)
    {
        Assert.Equal(before.Version + 1, after.Version);
        var seats = after.Seats.InOrder;
        Assert.Equal(seats.Count(seat => seat.Status == SeatStatus.Held), after.Seats.Held);
        Assert.Equal(seats.Count(seat => seat.Status == SeatStatus.Paid), after.Seats.Paid);
        Assert.Equal(seats.Count(seat => seat.Status == SeatStatus.Confirmed), after.Seats.Confirmed);
        Assert.InRange(after.Taken, 0, after.Terms.Size);
        Assert.Equal(after.Terms.Size, after.Taken + after.Free);
        Assert.All(seats.Where(seat => seat.IsLive).GroupBy(seat => seat.ShopperId), own => Assert.Single(own));
        Assert.All(seats.Where(seat => seat.IsLive), seat => Assert.Same(seat, after.Seats.Of(seat.ShopperId)));
        Assert.All(seats.Where(seat => seat.PaymentId is not null), seat => Assert.Same(seat, after.Seats.PaidBy(seat.PaymentId!)));
        Assert.Equal(seats.Min(seat => seat.DueAt), after.Seats.DueAt);
    }

    protected override void CheckDecision(TeamState before, object command, TeamState after, DateTimeOffset now)
    {
        if (!after.Exists) return;
        Assert.Equal(after.IsOver, after.EndedAt is not null);
        if (after.Taken > 0) Assert.True(after.Seats.Of(after.LeaderId)!.IsLive);
        if (after.Status == TeamStatus.Open) Assert.True(after.Seats.Confirmed == 0 && after.Seats.Paid < after.Terms.Size);
        if (after.Status == TeamStatus.Formed) Assert.True(after.Seats.Confirmed > 0 && after.Seats.Held + after.Seats.Paid == 0);
        if (after.Status is TeamStatus.Failed or TeamStatus.Cancelled) Assert.Equal(0, after.Taken);
        Assert.All(after.Seats.InOrder, AssertMoneyIsAccountedFor);
        var move = TeamRules.StockMoveOf(before, after);
        Assert.True(StockOf(after) == StockOf(before) + move);
        if (command is TeamCommand.Pay pay)
        {
            // Only a payment that needs a seat anew takes a unit, at most one, and never when told that there is none.
            var mayTake = before.Status == TeamStatus.Open && TeamRules.NeedsSeatAnew(before, pay.SeatId, now) && !pay.StockGone && !pay.UnitLimitReached;
            Assert.InRange(move.Takes, int.MinValue, mayTake ? 1 : 0);
        }
        else
        {
            Assert.InRange(move.Takes, int.MinValue, command is TeamCommand.Join or TeamCommand.Open ? 1 : 0);
        }
    }

    protected override string? EndOf(TeamState state) =>
        state.IsOver ? string.Create(CultureInfo.InvariantCulture, $"{state.Status} {state.EndedAt:O} {state.PriceFen} {state.Seats.Confirmed} {state.LeaderId}") : null;

    protected override string StatusOf(TeamState state) => state.Status.ToString();

    protected override string Describe(TeamState state) => JsonSerializer.Serialize(new
    {
        state.TeamId, state.LeaderId, state.Status, state.TermsOrNull, state.OpenedAt, state.ExpiresAt, state.EndedAt, state.PriceFen, state.Version, state.DueAt,
        state.Seats.Held, state.Seats.Paid, state.Seats.Confirmed, Seats = state.Seats.InOrder,
    });

    /// <summary>Never charged and lost: what was paid either stays with a seat or goes back, to the fen.</summary>
    private static void AssertMoneyIsAccountedFor(Seat seat)
    {
        var backFen = seat.Refund?.AmountFen ?? 0;
        switch (seat.Status)
        {
            case SeatStatus.Held or SeatStatus.Released or SeatStatus.Left:
                Assert.Null(seat.PaymentId);
                Assert.Null(seat.Refund);
                break;
            case SeatStatus.Paid:
                Assert.Equal((seat.PriceFen, 0L), (seat.PaidFen, backFen));
                break;
            case SeatStatus.Confirmed:
                Assert.Equal(seat.PaidFen, seat.SettledFen!.Value + backFen);
                break;
            case SeatStatus.RefundRequested or SeatStatus.Refunded:
                Assert.Equal((seat.PriceFen, seat.PriceFen), (seat.PaidFen, backFen));
                Assert.Equal(seat.Status == SeatStatus.RefundRequested, seat.Refund!.IsPending);
                break;
            default:
                Assert.Fail($"Seat {seat.SeatId} is {seat.Status}.");
                break;
        }
    }

    private static StockMove StockOf(TeamState team) => new(
        team.Seats.InOrder.Count(seat => seat.Status is SeatStatus.Held or SeatStatus.Paid), team.Seats.InOrder.Count(seat => seat.Status == SeatStatus.Confirmed));

    private static string PaymentOf(Step step, string seatId) => step.Who switch
    {
        7 => "p-second-" + seatId,
        6 => "p-s1",
        _ => "p-" + seatId,
    };

    private static TeamTerms TermsOf(int what) => (what % 3 == 0 ? Tiered((2, 8_000), (3, 7_000), (5, 5_000)) : TeamTerms(2 + what % 4)) with
    {
        DurationSeconds = 60 + what % 1_200,
        SeatHoldSeconds = 10 + what % 150,
        FillWhenAtLeast = what % 5 == 0 ? 2 : null,
        LeaderDiscountFen = what % 2 * 300,
        Join = what % 7 == 0 ? JoinRule.InvitedOnly : what % 7 == 1 ? JoinRule.NewShoppersOnly : JoinRule.Anyone,
    };
}
