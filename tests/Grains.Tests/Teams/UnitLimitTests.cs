using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>The units of one shopper in one campaign, teams and solo together, and buying alone.</summary>
public sealed class UnitLimitTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task Joins_opens_and_purchases_at_once_stay_within_the_limit()
    {
        await _shop.Publish("units", Offers.GroupBuy(3) with { UnitsPerShopper = 2 });
        var teams = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => _shop.OpenTeam($"units-leader-{i}", "units")));

        var joins = teams.Select(team => _shop.TryJoin("units-eager", team.Team!.TeamId)).ToArray();
        var opens = Enumerable.Range(0, 5).Select(_ => _shop.Shopper("units-eager").OpenTeam(new OpenTeam { CampaignId = "units" })).ToArray();
        var buys = Enumerable.Range(0, 5).Select(_ => Buy("units-eager", "units")).ToArray();
        var outcomes = (await Task.WhenAll(joins)).Select(reply => (reply.Outcome, Limited: reply.Refusal == JoinRefusal.UnitLimitReached, reply.Limit))
            .Concat((await Task.WhenAll(opens)).Select(reply => (reply.Outcome, Limited: reply.Refusal == OpenRefusal.UnitLimitReached, reply.Limit)))
            .Concat((await Task.WhenAll(buys)).Select(reply => (reply.Outcome, Limited: reply.Refusal == OpenRefusal.UnitLimitReached, reply.Limit)))
            .ToArray();

        Assert.Equal(2, outcomes.Count(outcome => outcome.Outcome == Outcome.Done));
        Assert.All(outcomes.Where(outcome => outcome.Outcome != Outcome.Done), outcome => Assert.Equal((true, 2), (outcome.Limited, outcome.Limit)));
        Assert.Equal(7, (await _shop.Stock("units")).Held);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_unit_given_back_may_be_taken_again()
    {
        await _shop.Publish("again", Offers.GroupBuy(2) with { SeatHoldSeconds = 60 });
        var team = (await _shop.OpenTeam("again-leader", "again")).Team!;
        var seat = await _shop.Join("again-shopper", team.TeamId);
        Assert.Equal(OpenRefusal.UnitLimitReached, (await Buy("again-shopper", "again")).Refusal);
        await _shop.Team(team.TeamId).Leave(new LeaveTeam { SeatId = seat.SeatId, ShopperId = "again-shopper" });
        var bought = (await Buy("again-shopper", "again")).Purchase!;
        Assert.Equal(JoinRefusal.UnitLimitReached, (await _shop.TryJoin("again-shopper", team.TeamId)).Refusal);
        _shop.Clock.Set(bought.HoldExpiresAt);
        await _shop.Until(async () => (await _shop.Purchase(bought.PurchaseId).Get())!.Status == PurchaseStatus.Released, "the purchase is released");
        // The team's leader did not pay either; the seat is free, and the comer leads.
        await _shop.Join("again-shopper", team.TeamId);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_late_payment_takes_no_seat_beyond_the_limit_once_the_hold_is_released()
    {
        await _shop.Publish("beyond", Offers.GroupBuy(3) with { SeatHoldSeconds = 60 });
        var team = (await _shop.OpenTeam("beyond-leader", "beyond")).Team!;
        await _shop.Pay(team.Seats[0]);
        var seat = await _shop.Join("beyond-shopper", team.TeamId);
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await _shop.Until(async () => (await _shop.Team(team.TeamId).Get())!.Free == 2, "the hold is released");
        var bought = (await Buy("beyond-shopper", "beyond")).Purchase!;

        var refund = await _shop.Pay(seat);

        Assert.Equal((SeatStatus.RefundRequested, "holdRanOut"), (refund.Status, refund.Refund!.Reason));
        Assert.Equal(Outcome.Done, (await PayPurchase(bought)).Outcome);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_late_payment_takes_no_seat_beyond_the_limit_before_anything_swept_the_hold()
    {
        await using var shop = await Shop.Open(new ShopSettings { SweepMilliseconds = Shop.Unswept });
        await shop.Publish("unswept", Offers.GroupBuy(3) with { SeatHoldSeconds = 60 });
        var one = (await shop.OpenTeam("unswept-leader-1", "unswept")).Team!;
        var two = (await shop.OpenTeam("unswept-leader-2", "unswept")).Team!;
        foreach (var leader in new[] { one, two }) await shop.Pay(leader.Seats[0]);
        var lapsed = await shop.Join("unswept-shopper", one.TeamId);
        shop.Clock.Advance(TimeSpan.FromSeconds(60));
        var taken = await shop.Join("unswept-shopper", two.TeamId);

        var refund = await shop.Pay(lapsed);
        var paid = await shop.Pay(taken);

        Assert.Equal(SeatStatus.Paid, paid.Status);
        Assert.Equal((SeatStatus.RefundRequested, "holdRanOut"), (refund.Status, refund.Refund!.Reason));
        // One whose member has taken nothing else keeps its seat while nobody has it.
        var slow = await shop.Join("unswept-slow", one.TeamId);
        shop.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(SeatStatus.Paid, (await shop.Pay(slow)).Status);
        await shop.Audit();
    }

    [Fact]
    public async Task Buying_alone_holds_a_unit_at_the_solo_price_until_it_is_paid_or_released()
    {
        await _shop.Publish("solo", Offers.GroupBuy(2) with { Stock = 2, SeatHoldSeconds = 60 });
        var paid = (await Buy("solo-1", "solo")).Purchase!;
        var slow = (await Buy("solo-2", "solo")).Purchase!;
        Assert.Equal((5_000, PurchaseStatus.Held), (paid.PriceFen, paid.Status));
        Assert.Equal(OpenRefusal.SoldOut, (await Buy("solo-3", "solo")).Refusal);
        var wrong = await _shop.Purchase(paid.PurchaseId).Pay(new Payment { PaymentId = "p", AmountFen = 1 });
        Assert.Equal((SeatRefusal.AmountMismatch, 5_000), (wrong.Refusal, wrong.ExpectedFen));
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PayPurchase(paid)));
        Assert.Equal([Outcome.Done, Outcome.Repeated, Outcome.Repeated], replies.Select(reply => reply.Outcome).Order());

        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await _shop.Until(async () => (await _shop.Purchase(slow.PurchaseId).Get())!.Status == PurchaseStatus.Released, "the purchase is released");
        // Its unit goes to another; then the late payment comes back.
        await PayPurchase((await Buy("solo-3", "solo")).Purchase!);
        var late = await PayPurchase(slow);
        Assert.Equal((Outcome.Done, PurchaseStatus.RefundRequested, 5_000), (late.Outcome, late.Purchase!.Status, late.Purchase.Refund!.AmountFen));
        Assert.Equal(Outcome.Repeated, (await PayPurchase(slow)).Outcome);
        _shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await _shop.Until(async () => await _shop.CountEvents(slow.PurchaseId, "refund.requested") == 2, "the refund is asked for again");
        var confirmation = new RefundConfirmation { RefundId = "r" };
        Assert.Equal(Outcome.Done, (await _shop.Purchase(slow.PurchaseId).ConfirmRefund(confirmation)).Outcome);
        Assert.Equal(Outcome.Repeated, (await _shop.Purchase(slow.PurchaseId).ConfirmRefund(confirmation)).Outcome);
        Assert.Equal(new StockView { Total = 2, Sold = 2 }, await _shop.Stock("solo"));
        Assert.Equal(SeatRefusal.PurchaseNotFound, (await _shop.Purchase("p_none").Pay(new Payment { PaymentId = "p", AmountFen = 1 })).Refusal);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_late_payment_of_a_purchase_takes_a_free_unit()
    {
        await _shop.Publish("solo-late", Offers.GroupBuy(2) with { SeatHoldSeconds = 60 });
        var slow = (await Buy("solo-late-1", "solo-late")).Purchase!;
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await _shop.Until(async () => (await _shop.Purchase(slow.PurchaseId).Get())!.Status == PurchaseStatus.Released, "the purchase is released");
        Assert.Equal(PurchaseStatus.Paid, (await PayPurchase(slow)).Purchase!.Status);
        Assert.Equal(1, (await _shop.Stock("solo-late")).Sold);
        Assert.Equal(OpenRefusal.UnitLimitReached, (await Buy("solo-late-1", "solo-late")).Refusal);
        await _shop.Audit();
    }

    private Task<PurchaseReply> Buy(string shopperId, string campaignId) => _shop.Shopper(shopperId).Buy(new BuyAlone { CampaignId = campaignId });

    private Task<PurchaseChangeReply> PayPurchase(PurchaseView purchase) =>
        _shop.Purchase(purchase.PurchaseId).Pay(new Payment { PaymentId = "pay-" + purchase.PurchaseId, AmountFen = purchase.PriceFen });
}
