using JoinDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.TeamEvent, SocialCommerce.Rules.JoinRefusal>;
using SeatDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.TeamEvent, SocialCommerce.Rules.SeatRefusal>;

namespace SocialCommerce.Rules;

/// <summary>The group-buy part of rules.md, as pure functions.</summary>
/// <remarks>
/// What rules.md leaves open, and what was chosen:
/// with tiers every member pays the first tier's price and gets the difference back when the team settles at a better one;
/// a leader's discount goes back in the same way, to who leads when the team forms, in one refund with the difference;
/// a hold never outlasts the team's deadline;
/// a team whose last member leaves is cancelled, one whose last hold ran out stays open until its deadline, since a late payment still
/// takes its seat; who takes the first seat of such a team leads it;
/// who had a seat of a team once, and lost or left it, need not be invited or new again.
/// </remarks>
public static class TeamRules
{
    /// <summary>Opens a team under the campaign's present terms and holds the leader's seat, to be paid like every other.</summary>
    public static IReadOnlyList<TeamEvent> Open(TeamCommand.Open open, DateTimeOffset now)
    {
        var expiresAt = now.AddSeconds(open.Terms.DurationSeconds);
        var opened = new TeamOpened
        {
            At = now,
            TeamId = open.TeamId,
            LeaderId = open.LeaderId,
            Terms = open.Terms,
            ExpiresAt = expiresAt,
            NewShopper = open.NewShopper,
            Via = open.Via,
        };
        return [opened, Hold(open.Terms, expiresAt, open.SeatId, open.LeaderId, open.NewShopper, open.Via, now)];
    }

    /// <summary>One join, of a stock that has a unit for it. A repeat decides nothing: the shopper's seat stands.</summary>
    public static JoinDecision Decide(TeamState team, TeamCommand.Join join, DateTimeOffset now)
    {
        if (!team.Exists) return JoinRefusal.TeamNotFound;

        // A repeated join is the same join: membership is its own idempotency key.
        if (team.IsMember(join.ShopperId, now)) return JoinDecision.Nothing;

        var status = team.StatusAt(now);
        if (status == TeamStatus.Formed) return JoinRefusal.TeamFormed;
        if (status is TeamStatus.Failed or TeamStatus.Cancelled) return JoinRefusal.TeamFailed;
        if (team.FreeAt(now) == 0) return JoinRefusal.TeamFull;
        if (join.CampaignIsPaused) return JoinRefusal.CampaignPaused;
        var cameBack = team.Seats.Of(join.ShopperId) is not null;
        if (team.Terms.Join == JoinRule.InvitedOnly && !join.Invited && !cameBack) return JoinRefusal.NotInvited;
        if (team.Terms.Join == JoinRule.NewShoppersOnly && !join.Joiner.NewShopper && !cameBack) return JoinRefusal.NewShoppersOnly;
        if (join.Joiner.UnitLimitReached) return JoinRefusal.UnitLimitReached;

        // From here the join must succeed, if there is a unit to take.
        var story = new TeamStory(team, now);
        story.ReleaseLapsed();
        var isAlone = story.Team.Taken == 0;
        story.Tell(Hold(team.Terms, team.ExpiresAt, join.SeatId, join.ShopperId, join.Joiner.NewShopper, join.Via, now));
        if (isAlone) story.PassLead();
        return JoinDecision.Of(story.Events);
    }

    /// <summary>Whether a payment for the seat would have to take a seat, and a unit, that is no longer its member's.</summary>
    public static bool NeedsSeatAnew(TeamState team, string seatId, DateTimeOffset now) =>
        team.StatusAt(now) == TeamStatus.Open && team.Seats.Find(seatId) is { Status: SeatStatus.Released, PaymentId: null };

    /// <summary>A payment: keeps the seat, takes a free one, or goes back at once. A repeat decides nothing.</summary>
    public static SeatDecision Decide(TeamState team, TeamCommand.Pay pay, DateTimeOffset now)
    {
        if (!team.Exists) return SeatRefusal.TeamNotFound;
        if (team.Seats.Find(pay.SeatId) is not { } seat) return SeatRefusal.SeatNotFound;
        if (seat.PaymentId == pay.PaymentId && seat.PaidFen == pay.AmountFen) return SeatDecision.Nothing;
        if (pay.AmountFen != seat.PriceFen) return SeatRefusal.AmountMismatch;
        if (seat.PaymentId is not null) return SeatRefusal.AlreadyPaid;
        if (team.Seats.PaidBy(pay.PaymentId) is not null) return SeatRefusal.PaymentIdReused;

        // From here the payment must count: never charged and lost.
        var story = new TeamStory(team, now);
        var late = seat.Status != SeatStatus.Held || seat.HasLapsed(now);
        if (team.Status == TeamStatus.Open && now >= team.ExpiresAt) story.MeetDeadline();
        else if (team.Status == TeamStatus.Open) story.ReleaseLapsed(except: seat.SeatId);

        if (!GetsSeat(story.Team, seat.SeatId, pay))
        {
            story.RequestRefund(seat, ReasonOf(story.Team, seat), pay.AmountFen, pay.PaymentId);
            return SeatDecision.Of(story.Events);
        }

        var isAlone = story.Team.Taken == 0;
        var isLast = story.Team.Seats.Paid == team.Terms.Size - 1;
        story.Tell(new SeatPaid { At = now, SeatId = seat.SeatId, ShopperId = seat.ShopperId, PaymentId = pay.PaymentId, AmountFen = pay.AmountFen, Late = late });
        if (isAlone) story.PassLead();
        if (isLast) story.Form();
        return SeatDecision.Of(story.Events);
    }

    /// <summary>A member leaves before the team forms. A repeat decides nothing.</summary>
    public static SeatDecision Decide(TeamState team, TeamCommand.Leave leave, DateTimeOffset now)
    {
        if (!team.Exists) return SeatRefusal.TeamNotFound;
        if (team.Seats.Find(leave.SeatId) is not { } seat) return SeatRefusal.SeatNotFound;
        if (seat.ShopperId != leave.ShopperId) return SeatRefusal.NotYourSeat;
        if (seat.Status == SeatStatus.Left || seat.Refund?.Reason == RefundReason.Left) return SeatDecision.Nothing;
        var status = team.StatusAt(now);
        if (status == TeamStatus.Formed) return SeatRefusal.TeamFormed;
        if (status != TeamStatus.Open || !seat.IsLiveAt(now)) return SeatRefusal.SeatEnded;

        // From here leaving must succeed.
        var story = new TeamStory(team, now);
        story.ReleaseLapsed();
        story.Tell(new SeatLeft { At = now, SeatId = seat.SeatId, ShopperId = seat.ShopperId });
        if (seat.PaymentId is not null) story.RequestRefund(seat, RefundReason.Left, seat.PaidFen, seat.PaymentId);
        story.PassLead();
        if (story.Team.Taken == 0) story.Tell(new TeamFailed { At = now, Cancelled = true });
        return SeatDecision.Of(story.Events);
    }

    /// <summary>The shop has made a refund. The same one again decides nothing.</summary>
    public static SeatDecision Decide(TeamState team, TeamCommand.ConfirmRefund confirm, DateTimeOffset now)
    {
        if (!team.Exists) return SeatRefusal.TeamNotFound;
        if (team.Seats.Find(confirm.SeatId) is not { } seat) return SeatRefusal.SeatNotFound;
        if (seat.Refund?.RefundId == confirm.RefundId) return SeatDecision.Nothing;
        if (seat.Refund is not { IsPending: true }) return SeatRefusal.NoRefundDue;

        // From here it must succeed.
        return SeatDecision.Of(new RefundConfirmed
        {
            At = now,
            SeatId = seat.SeatId,
            ShopperId = seat.ShopperId,
            RefundId = confirm.RefundId,
            AmountFen = seat.Refund.AmountFen,
        });
    }

    /// <summary>What time alone brings: holds run out, the deadline forms or fails the team, refunds are asked for again. Nothing while nothing is due.</summary>
    public static IReadOnlyList<TeamEvent> Tick(TeamState team, DateTimeOffset now)
    {
        if (!(now >= team.DueAt)) return [];
        var story = new TeamStory(team, now);
        story.RepeatRefunds();
        if (team.Status == TeamStatus.Open && now >= team.ExpiresAt) story.MeetDeadline();
        else story.ReleaseLapsed();
        return story.Events;
    }

    /// <summary>What a change means for the campaign's stock: a seat holds a unit until it is confirmed, which sells it, or over.</summary>
    public static StockMove StockMoveOf(TeamState before, TeamState after) => new(
        after.Seats.Held + after.Seats.Paid - before.Seats.Held - before.Seats.Paid,
        after.Seats.Confirmed - before.Seats.Confirmed);

    private static SeatHeld Hold(TeamTerms terms, DateTimeOffset teamExpiresAt, string seatId, string shopperId, bool newShopper, Attribution? via, DateTimeOffset now)
    {
        var holdExpiresAt = now.AddSeconds(terms.SeatHoldSeconds);
        return new SeatHeld
        {
            At = now,
            SeatId = seatId,
            ShopperId = shopperId,
            PriceFen = terms.Tiers[0].PriceFen,
            HoldExpiresAt = holdExpiresAt < teamExpiresAt ? holdExpiresAt : teamExpiresAt,
            NewShopper = newShopper,
            Via = via,
        };
    }

    private static bool GetsSeat(TeamState team, string seatId, TeamCommand.Pay pay)
    {
        var seat = team.Seats.Find(seatId)!;
        if (team.Status != TeamStatus.Open) return false;
        if (seat.Status == SeatStatus.Held) return true;
        // A seat that was released: only where one is free, and where the shopper has not joined again meanwhile.
        return seat.Status == SeatStatus.Released && team.Free > 0 && team.Seats.Of(seat.ShopperId)?.IsLive != true
            && !pay.UnitLimitReached && !pay.StockGone;
    }

    private static RefundReason ReasonOf(TeamState team, Seat seat)
    {
        if (seat.Status == SeatStatus.Left) return RefundReason.Left;
        return team.Status is TeamStatus.Failed or TeamStatus.Cancelled ? RefundReason.TeamFailed : RefundReason.HoldRanOut;
    }
}
