namespace SocialCommerce.Simulation.Tests;

/// <summary>What is done with teams, seats and purchases, and what the shop reports of their money.</summary>
internal sealed partial class Client
{
    private Task Open()
    {
        if (CampaignOf(CampaignKind.GroupBuy) is not { } campaignId) return Task.CompletedTask;
        var leader = Shopper();
        var request = new OpenTeam { CampaignId = campaignId, Via = Link(campaignId), RequestKey = Key($"open {leader} {campaignId}", share: 1) };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send(campaignId);
            var reply = await AskShopper("open", leader, shopper => shopper.OpenTeam(request));
            Note("open", leader, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Opened(leader, campaignId, reply, sent);
        });
    }

    private Task Join()
    {
        if (Recent(Auditor.TeamsInOrder) is not { } team) return Open();
        var shopper = Shopper();
        var request = new JoinTeam { TeamId = team.Id, Via = Link(team.Id), RequestKey = Key($"join {shopper} {team.Id}", share: 0.3) };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send(team.Terms.CampaignId);
            var reply = await AskShopper("join", shopper, shopper => shopper.JoinTeam(request));
            Note("join", shopper, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Joined(shopper, team.Id, reply, sent);
        });
    }

    // Mostly a seat that waits for its payment; seldom one that is paid, or over. Mostly the right amount, under the seat's own payment id.
    private Task Pay()
    {
        if (Recent(Auditor.TeamsInOrder) is not { } team) return Open();
        var unpaid = team.Seats.FindAll(seat => seat.Money.PaymentId is null);
        var seat = unpaid.Count > 0 && dice.Happens(0.8) ? dice.OneOf(unpaid) : dice.OneOf(team.Seats);
        var paymentId = dice.Below(20) switch { 0 => $"pay-{dice.OneOf(team.Seats).Id}", 1 => $"again-{number}-{++_requests}", _ => $"pay-{seat.Id}" };
        var amountFen = dice.Happens(0.05) ? seat.PriceFen + dice.Of(-1, 1) : seat.PriceFen;
        var request = new Payment { SeatId = seat.Id, PaymentId = paymentId, AmountFen = amountFen, RequestKey = Key($"pay {paymentId} {seat.Id} {amountFen}", share: 0.3) };
        Auditor.Paying(paymentId, seat.Id, amountFen);
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("pay", seat.Id, grains => grains.GetGrain<ITeamGrain>(team.Id).Pay(request));
            Note("pay", seat.Id, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            Auditor.Paid(team.Id, request, reply);
        });
    }

    private Task Leave()
    {
        if (Recent(Auditor.TeamsInOrder) is not { } team) return Task.CompletedTask;
        var seat = dice.OneOf(team.Seats);
        var shopper = dice.Happens(0.9) ? seat.ShopperId : Shopper();
        var request = new LeaveTeam { SeatId = seat.Id, ShopperId = shopper, RequestKey = Key($"leave {shopper} {seat.Id}") };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("leave", seat.Id, grains => grains.GetGrain<ITeamGrain>(team.Id).Leave(request));
            Note("leave", seat.Id, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Left(team.Id, request, reply);
        });
    }

    private Task Buy()
    {
        if (CampaignOf(CampaignKind.GroupBuy) is not { } campaignId) return Task.CompletedTask;
        var shopper = Shopper();
        var request = new BuyAlone { CampaignId = campaignId, Via = Link(campaignId), RequestKey = Key($"buy {shopper} {campaignId}", share: 1) };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send(campaignId);
            var reply = await AskShopper("buy", shopper, shopper => shopper.Buy(request));
            Note("buy", shopper, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Bought(shopper, campaignId, reply, sent);
        });
    }

    private Task PayPurchase()
    {
        if (Recent(Auditor.PurchasesInOrder) is not { } purchase) return Buy();
        var paymentId = dice.Happens(0.1) ? $"again-{number}-{++_requests}" : $"pay-{purchase.Id}";
        var amountFen = dice.Happens(0.05) ? purchase.PriceFen + dice.Of(-1, 1) : purchase.PriceFen;
        var request = new Payment { PaymentId = paymentId, AmountFen = amountFen, RequestKey = Key($"payp {paymentId} {purchase.Id} {amountFen}", share: 0.3) };
        Auditor.Paying(paymentId, purchase.Id, amountFen);
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("pay", purchase.Id, grains => grains.GetGrain<IPurchaseGrain>(purchase.Id).Pay(request));
            Note("pay", purchase.Id, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            Auditor.Paid(purchase.Id, request, reply);
        });
    }

    private Task ConfirmRefund()
    {
        if (dice.Happens(0.7))
        {
            if (Recent(Auditor.TeamsInOrder) is not { } team) return Task.CompletedTask;
            var due = team.Seats.FindAll(seat => seat.Money.RefundIsPending);
            return ConfirmRefund(team, dice.OneOf(due.Count > 0 ? due : team.Seats));
        }

        return Recent(Auditor.PurchasesInOrder) is { } purchase ? ConfirmRefund(purchase) : Task.CompletedTask;
    }

    public async Task ConfirmRefund(TeamBook team, SeatLine seat)
    {
        var request = new RefundConfirmation { SeatId = seat.Id, RefundId = $"refund-{seat.Id}" };
        var reply = await Ask("refund", seat.Id, grains => grains.GetGrain<ITeamGrain>(team.Id).ConfirmRefund(request));
        Note("refund", seat.Id, reply.Outcome, reply.Refusal);
        Auditor.RefundConfirmed(seat.Id, seat.Money, request.RefundId, reply.Outcome, reply.Refusal);
    }

    public async Task ConfirmRefund(PurchaseBook purchase)
    {
        var request = new RefundConfirmation { RefundId = $"refund-{purchase.Id}" };
        var reply = await Ask("refund", purchase.Id, grains => grains.GetGrain<IPurchaseGrain>(purchase.Id).ConfirmRefund(request));
        Note("refund", purchase.Id, reply.Outcome, reply.Refusal);
        Auditor.RefundConfirmed(purchase.Id, purchase.Money, request.RefundId, reply.Outcome, reply.Refusal);
    }
}
