namespace SocialCommerce.Simulation.Tests;

/// <summary>What was answered about teams, seats, purchases and money, against what was committed by then.</summary>
internal sealed partial class Auditor
{
    public void Opened(string leaderId, string campaignId, TeamReply reply, Sent sent)
    {
        if (reply.Outcome == Outcome.Refused)
        {
            CheckOpenRefusal(leaderId, campaignId, reply.Refusal, sent);
            return;
        }

        if (reply.Team is not { } view || reply.Seat is not { } seat || !Teams.TryGetValue(view.TeamId, out var team) || team.Seat(seat.SeatId)?.ShopperId != leaderId)
        {
            Broken($"{leaderId}'s team in {campaignId} was answered {reply.Outcome} with {reply.Team?.TeamId ?? "nothing"}, which is not in the journal");
            return;
        }

        if (reply.Outcome == Outcome.Done) CheckWasOpen(campaignId, team.Terms.DefinitionVersion, sent, team.Id);
        Seen(seat);
    }

    public void Joined(string shopperId, string teamId, SeatReply reply, Sent sent)
    {
        var team = Teams.GetValueOrDefault(teamId);
        if (reply.Outcome == Outcome.Refused)
        {
            CheckJoinRefusal(shopperId, teamId, team, reply.Refusal, sent);
            return;
        }

        if (reply.Seat is not { } view || team?.Seat(view.SeatId) is not { } seat || seat.ShopperId != shopperId || view.TeamId != teamId)
        {
            Broken($"{shopperId}'s seat of {teamId} was answered {reply.Outcome} with {reply.Seat?.SeatId ?? "nothing"}, which is not in the journal");
            return;
        }

        if (reply.Outcome == Outcome.Done) CheckNotPaused(team.Terms.CampaignId, sent, seat.Id);
        Seen(view);
    }

    public void Bought(string shopperId, string campaignId, PurchaseReply reply, Sent sent)
    {
        if (reply.Outcome == Outcome.Refused)
        {
            CheckOpenRefusal(shopperId, campaignId, reply.Refusal, sent);
            return;
        }

        if (reply.Purchase is not { } view || !Purchases.TryGetValue(view.PurchaseId, out var purchase) || purchase.ShopperId != shopperId)
        {
            Broken($"{shopperId}'s purchase in {campaignId} was answered {reply.Outcome} with {reply.Purchase?.PurchaseId ?? "nothing"}, which is not in the journal");
            return;
        }

        if (reply.Outcome == Outcome.Done) CheckWasOpen(campaignId, purchase.Terms.DefinitionVersion, sent, purchase.Id);
        Seen(view);
    }

    /// <summary>Never charged and lost: a payment of the right amount counts, for a seat or as a refund; it is refused for what it is not, alone.</summary>
    public void Paid(string teamId, Payment payment, SeatChangeReply reply)
    {
        var seat = Teams[teamId].Seat(payment.SeatId)!;
        CheckPayment(seat.Id, seat.Money, seat.PriceFen, payment, reply.Outcome, reply.Refusal, reply.ExpectedFen,
            () => Teams[teamId].Seats.Exists(other => other.Id != seat.Id && other.Money.PaymentId == payment.PaymentId));
        if (reply.Seat is { } view) Seen(view);
    }

    public void Paid(string purchaseId, Payment payment, PurchaseChangeReply reply)
    {
        var purchase = Purchases[purchaseId];
        CheckPayment(purchaseId, purchase.Money, purchase.PriceFen, payment, reply.Outcome, reply.Refusal, reply.ExpectedFen, () => false);
        if (reply.Purchase is { } view) Seen(view);
    }

    public void Left(string teamId, LeaveTeam request, SeatChangeReply reply)
    {
        var team = Teams[teamId];
        var seat = team.Seat(request.SeatId)!;
        if (reply.Outcome != Outcome.Refused)
        {
            Check(
                seat.ShopperId == request.ShopperId && (seat.Status == SeatStatus.Left || seat.Money.RefundReason == "left"),
                $"{seat.Id} was answered as left and is {seat.Status}");
            return;
        }

        // By one clock its hold had run out; by another, or a moment later, a payment still found it to be its member's.
        var mayHaveLapsed = Now + Skew >= seat.HoldExpiresAt && (seat.Status == SeatStatus.Held || seat.Money.PaidAt >= seat.HoldExpiresAt - Skew - Skew);
        var isSo = reply.Refusal switch
        {
            SeatRefusal.NotYourSeat => seat.ShopperId != request.ShopperId,
            SeatRefusal.TeamFormed => team.Status == TeamStatus.Formed || (Now + Skew >= team.ExpiresAt && GoesAhead(team)),
            SeatRefusal.SeatEnded => !seat.IsLive || seat.WasReleased || Now + Skew >= team.ExpiresAt || team.Status == TeamStatus.Formed || mayHaveLapsed,
            _ => false,
        };
        Check(isSo, $"{request.ShopperId} could not leave {seat.Id}: {reply.Refusal}; it is {seat.Status} in a {team.Status} team");
    }

    public void RefundConfirmed(string id, Money money, string refundId, Outcome outcome, SeatRefusal refusal)
    {
        if (outcome == Outcome.Refused)
        {
            Check(refusal == SeatRefusal.NoRefundDue && !(money.RefundIsPending && money.Attempts > 1), $"refund {refundId} of {id} was refused: {refusal}; {money.RefundReason} is due");
            return;
        }

        Check(money.RefundId == refundId, $"refund {refundId} of {id} was answered {outcome}, and {money.RefundId ?? "none"} is confirmed");
    }

    public void Declared(string shopperId) => Check(ShopperOf(shopperId).Version > 0, $"{shopperId} was declared existing, and nothing is on its record");

    public void Seen(TeamView view)
    {
        if (!Teams.TryGetValue(view.TeamId, out var team))
        {
            Broken($"{view.TeamId} is shown and not in the journal");
            return;
        }

        Check(
            view.Version > 0 && view.Version <= team.Version && view.Held + view.Paid + view.Free == view.Size && view.Free >= 0 && view.Size == team.Size,
            $"{view.TeamId} is shown at version {view.Version} of {team.Version}, {view.Held} held, {view.Paid} paid, {view.Free} free of {view.Size}");
        foreach (var seat in view.Seats) Seen(seat);
        if (view.Version != team.Version) return;
        Check(
            view.Status == team.Status && view.LeaderId == team.LeaderId && view.Held == team.Held && view.Paid == team.Paid + team.Confirmed && view.PriceFen == team.PriceFen,
            $"{view.TeamId} is shown as {view.Status} under {view.LeaderId} with {view.Held} held and {view.Paid} paid at {view.PriceFen}; it is {team.Status} under {team.LeaderId}");
        foreach (var seat in view.Seats)
        {
            var line = team.Seat(seat.SeatId);
            Check(
                line is not null && seat.Status == line.Status && seat.SettledFen == line.SettledFen && seat.Refund?.AmountFen == (line.Money.RefundReason is null ? null : line.Money.RefundFen),
                $"{seat.SeatId} is shown as {seat.Status}, and is {line?.Status}");
        }
    }

    public void Seen(PurchaseView view)
    {
        if (!Purchases.TryGetValue(view.PurchaseId, out var purchase))
        {
            Broken($"{view.PurchaseId} is shown and not in the journal");
            return;
        }

        Check(
            view.Version <= purchase.Version && view.ShopperId == purchase.ShopperId && view.PriceFen == purchase.PriceFen && (view.Version < purchase.Version || view.Status == purchase.Status),
            $"{view.PurchaseId} is shown at version {view.Version} of {purchase.Version} as {view.Status} and {view.ShopperId}'s at {view.PriceFen}; it is {purchase.Status}");
    }

    private void Seen(SeatView view)
    {
        var seat = Teams.GetValueOrDefault(view.TeamId)?.Seat(view.SeatId);
        Check(
            seat is not null && seat.ShopperId == view.ShopperId && seat.PriceFen == view.PriceFen
            && (view.Status is not (SeatStatus.Paid or SeatStatus.Confirmed or SeatStatus.RefundRequested or SeatStatus.Refunded) || seat.Money.PaymentId is not null)
            && (view.Status != SeatStatus.Confirmed || seat.Status == SeatStatus.Confirmed),
            $"{view.SeatId} is shown as {view.Status} and {view.ShopperId}'s at {view.PriceFen}; it is {seat?.Status} and {seat?.ShopperId}'s at {seat?.PriceFen}");
    }

    private void CheckPayment(string id, Money money, long priceFen, Payment payment, Outcome outcome, SeatRefusal refusal, long expectedFen, Func<bool> isReused)
    {
        if (outcome is Outcome.Done or Outcome.Repeated)
        {
            Check(
                money.PaymentId == payment.PaymentId && money.PaidFen == payment.AmountFen,
                $"payment {payment.PaymentId} of {payment.AmountFen} for {id} was answered {outcome}; paid is {money.PaidFen} by {money.PaymentId ?? "nobody"}");
            return;
        }

        if (outcome == Outcome.KeyReused) return;
        var isSo = refusal switch
        {
            SeatRefusal.AmountMismatch => payment.AmountFen != priceFen && expectedFen == priceFen,
            SeatRefusal.AlreadyPaid => money.PaymentId is not null && money.PaymentId != payment.PaymentId,
            SeatRefusal.PaymentIdReused => isReused(),
            _ => false,
        };
        Check(isSo, $"payment {payment.PaymentId} of {payment.AmountFen} for {id} was refused: {refusal}; it costs {priceFen} and was paid by {money.PaymentId ?? "nobody"}");
    }

    private void CheckPaymentWasMade(string paymentId, string id, long amountFen) =>
        Check(_paymentsMade.Contains((paymentId, id, amountFen)), $"{id} was paid {amountFen} by {paymentId}, which the shop never took");

    private void CheckOpenRefusal(string shopperId, string campaignId, OpenRefusal refusal, Sent sent)
    {
        CheckEntryRefusal(campaignId, (int)refusal, CampaignKind.GroupBuy, sent);
        if (refusal == OpenRefusal.UnitLimitReached)
            Check(ShopperOf(shopperId).Units.Exists(unit => unit.CampaignId == campaignId), $"{shopperId} has no unit of {campaignId}, and was refused one: {refusal}");
        if (refusal == OpenRefusal.SoldOut) CheckSoldOut(campaignId, sent);
    }

    private void CheckJoinRefusal(string shopperId, string teamId, TeamBook? team, JoinRefusal refusal, Sent sent)
    {
        if (team is null)
        {
            Check(refusal == JoinRefusal.TeamNotFound, $"{teamId} does not exist, and {shopperId} was refused: {refusal}");
            return;
        }

        var isOver = Now + Skew >= team.ExpiresAt;
        var isSo = refusal switch
        {
            JoinRefusal.TeamFormed => team.Status == TeamStatus.Formed || (isOver && team.ReadyUntil is { } until && (world.MayBeStale || until >= sent.At - Stale)),
            JoinRefusal.TeamFailed => team.Status is TeamStatus.Failed or TeamStatus.Cancelled || isOver,
            JoinRefusal.TeamFull => world.MayBeStale || team.FullUntil >= sent.At - Stale,
            JoinRefusal.CampaignPaused => WasPaused(team.Terms.CampaignId, sent),
            JoinRefusal.NotInvited => team.Terms.Join == "invitedOnly",
            JoinRefusal.NewShoppersOnly => team.Terms.Join == "newShoppersOnly" && ShopperOf(shopperId).Version > 0,
            JoinRefusal.UnitLimitReached => ShopperOf(shopperId).Units.Exists(unit => unit.CampaignId == team.Terms.CampaignId),
            JoinRefusal.SoldOut => true,
            _ => false,
        };
        Check(isSo, $"{shopperId} could not join {teamId}: {refusal}; it is {team.Status} until {team.ExpiresAt:O} with {team.Free} free");
        if (refusal == JoinRefusal.SoldOut) CheckSoldOut(team.Terms.CampaignId, sent);
    }
}
