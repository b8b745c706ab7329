namespace SocialCommerce.Rules;

/// <summary>
/// Events of one decision, each decided on the state that those before it left: releasing a seat may move the lead, the last payment
/// forms the team, forming confirms every seat. Lives as long as the decision.
/// </summary>
internal sealed class TeamStory(TeamState before, DateTimeOffset now)
{
    private readonly List<TeamEvent> _events = [];
    private TeamState _team = before;
    private int _folded;

    /// <summary>As the events so far left it; folded when asked for, since most decisions are one event and never ask.</summary>
    public TeamState Team
    {
        get
        {
            for (; _folded < _events.Count; _folded++) _team = TeamState.Evolve(_team, _events[_folded]);
            return _team;
        }
    }

    public TeamEvent[] Events => [.. _events];

    public void Tell(TeamEvent happened) => _events.Add(happened);

    /// <summary>Frees the seats whose hold has run out.</summary>
    /// <param name="except">A seat that is being paid just now: nobody has taken it, so it still is its member's.</param>
    public void ReleaseLapsed(string? except = null)
    {
        Release([.. Team.Seats.DueBy(now).Where(seat => seat.Status == SeatStatus.Held && seat.SeatId != except)]);
        PassLead();
    }

    /// <summary>If the leader has no seat any more: who paid first leads, otherwise who joined first; where nobody is left, nothing changes.</summary>
    public void PassLead()
    {
        if (Team.Seats.Of(Team.LeaderId)?.IsLive == true || Team.Taken == 0) return;
        var next = Team.Seats.InOrder.Where(seat => seat.Status == SeatStatus.Paid).MinBy(seat => seat.PaidAt)
            ?? Team.Seats.InOrder.First(seat => seat.IsLive);
        Tell(new LeaderChanged { At = now, LeaderId = next.ShopperId });
    }

    /// <summary>The deadline: forms at the best tier reached or by the fill policy, or fails. Held seats are free in either case.</summary>
    public void MeetDeadline()
    {
        var goesAhead = Team.GoesAhead;
        Release([.. Team.Seats.InOrder.Where(seat => seat.Status == SeatStatus.Held)]);
        if (goesAhead)
        {
            PassLead();
            Form();
            return;
        }

        Tell(new TeamFailed { At = now });
        foreach (var seat in Team.Seats.InOrder.Where(seat => seat.Status == SeatStatus.Paid))
            RequestRefund(seat, RefundReason.TeamFailed, seat.PaidFen, seat.PaymentId!);
    }

    /// <summary>Every paid seat is confirmed at the price of the best tier reached; what was paid above it goes back.</summary>
    public void Form()
    {
        var paid = Team.Seats.InOrder.Where(seat => seat.Status == SeatStatus.Paid).ToArray();
        var tiers = Team.Terms.Tiers;
        // Below the first tier only the fill policy forms a team, and then at the first tier's price.
        var priceFen = (tiers.LastOrDefault(tier => tier.Size <= paid.Length) ?? tiers[0]).PriceFen;
        var leaderFen = Math.Max(0, priceFen - Team.Terms.LeaderDiscountFen);
        Tell(new TeamFormed { At = now, PriceFen = priceFen, Members = paid.Length, LeaderId = Team.LeaderId });
        foreach (var seat in paid)
        {
            var settledFen = seat.ShopperId == Team.LeaderId ? leaderFen : priceFen;
            Tell(new SeatConfirmed { At = now, SeatId = seat.SeatId, ShopperId = seat.ShopperId, SettledFen = settledFen });
            if (settledFen >= seat.PaidFen) continue;
            var reason = priceFen < seat.PaidFen ? RefundReason.TierReached : RefundReason.LeaderDiscount;
            RequestRefund(seat, reason, seat.PaidFen - settledFen, seat.PaymentId!);
        }
    }

    /// <summary>The first request of a seat's refund.</summary>
    public void RequestRefund(Seat seat, RefundReason reason, long amountFen, string paymentId) => Tell(new RefundRequested
    {
        At = now,
        SeatId = seat.SeatId,
        ShopperId = seat.ShopperId,
        RefundRequestId = Refund.RequestIdOf(seat.SeatId),
        PaymentId = paymentId,
        AmountFen = amountFen,
        Reason = reason,
        Attempt = 1,
        NextAt = now + Refund.PauseAfter(1),
    });

    /// <summary>Asks again for every refund that the shop has let wait.</summary>
    public void RepeatRefunds()
    {
        foreach (var seat in Team.Seats.DueBy(now).Where(seat => seat.Refund is not null).ToArray())
        {
            var refund = seat.Refund!;
            Tell(new RefundRequested
            {
                At = now,
                SeatId = seat.SeatId,
                ShopperId = seat.ShopperId,
                RefundRequestId = refund.RequestId,
                PaymentId = seat.PaymentId!,
                AmountFen = refund.AmountFen,
                Reason = refund.Reason,
                Attempt = refund.Attempt + 1,
                NextAt = now + Refund.PauseAfter(refund.Attempt + 1),
            });
        }
    }

    private void Release(Seat[] seats)
    {
        foreach (var seat in seats) Tell(new SeatReleased { At = now, SeatId = seat.SeatId, ShopperId = seat.ShopperId });
    }
}
