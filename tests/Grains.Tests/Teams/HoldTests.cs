using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>Holds that run out, and payments that come too late: a seat or a refund, never neither.</summary>
public sealed class HoldTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task A_hold_that_ran_out_frees_its_seat_and_a_late_payment_takes_it_again()
    {
        await _shop.Publish("late", Offers.GroupBuy(2) with { SeatHoldSeconds = 60, Stock = 2 });
        var team = (await _shop.OpenTeam("late-leader", "late")).Team!;
        await _shop.Pay(team.Seats[0]);
        var seat = await _shop.Join("late-joiner", team.TeamId);
        Assert.Equal(_shop.Clock.Now.AddSeconds(60), seat.HoldExpiresAt);
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await _shop.Until(async () => (await _shop.Team(team.TeamId).Get())!.Free == 1, "the hold is released");
        Assert.Equal(1, (await _shop.Stock("late")).Free);

        var paid = await _shop.Pay(seat);

        Assert.Equal(SeatStatus.Confirmed, paid.Status);
        Assert.Equal((TeamStatus.Formed, 1), ((await _shop.Team(team.TeamId).Get())!.Status, await _shop.CountEvents(team.TeamId, "team.formed")));
        Assert.Equal(Outcome.Repeated, (await _shop.TryPay(seat)).Outcome);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_late_payment_of_a_seat_that_somebody_else_has_goes_back_at_once()
    {
        await _shop.Publish("taken", Offers.GroupBuy(2) with { SeatHoldSeconds = 60 });
        var team = (await _shop.OpenTeam("taken-leader", "taken")).Team!;
        await _shop.Pay(team.Seats[0]);
        var seat = await _shop.Join("taken-slow", team.TeamId);
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        // Whoever comes after the hold finds the seat free, swept or not.
        await _shop.JoinAndPay("taken-quick", team.TeamId);

        var refund = await _shop.Pay(seat);

        Assert.Equal((SeatStatus.RefundRequested, "holdRanOut", 3_000), (refund.Status, refund.Refund!.Reason, refund.Refund.AmountFen));
        Assert.Equal(Outcome.Repeated, (await _shop.TryPay(seat)).Outcome);
        var confirmed = await Confirm(seat, "r-1");
        Assert.Equal((Outcome.Done, SeatStatus.Refunded, "r-1"), (confirmed.Outcome, confirmed.Seat!.Status, confirmed.Seat.Refund!.RefundId));
        Assert.Equal(Outcome.Repeated, (await Confirm(seat, "r-1")).Outcome);
        Assert.Equal(SeatRefusal.NoRefundDue, (await Confirm(seat, "r-2")).Refusal);
        Assert.Equal(1, await _shop.CountEvents(team.TeamId, "refund.confirmed"));
        await _shop.Audit();
    }

    [Fact]
    public async Task Holds_run_out_while_their_payments_are_under_way_and_each_payment_is_a_seat_or_a_refund()
    {
        await _shop.Publish("under-way", Offers.GroupBuy(8) with { SeatHoldSeconds = 60 });
        for (var round = 0; round < 10; round++)
        {
            var name = $"under-way-{round}";
            var team = (await _shop.OpenTeam(name, "under-way")).Team!;
            await _shop.Pay(team.Seats[0]);
            var seats = await Task.WhenAll(Enumerable.Range(0, 7).Select(i => _shop.Join($"{name}-{i}", team.TeamId)));

            var payments = seats.Select(seat => Task.Run(() => _shop.Pay(seat))).ToArray();
            var rivals = Enumerable.Range(0, 7).Select(i => Task.Run(() => _shop.TryJoin($"{name}-rival-{i}", team.TeamId))).ToArray();
            _shop.Clock.Advance(TimeSpan.FromSeconds(60));
            var paid = await Task.WhenAll(payments);
            await Task.WhenAll(rivals);

            Assert.All(paid, seat => Assert.Contains(seat.Status, new[] { SeatStatus.Paid, SeatStatus.Confirmed, SeatStatus.RefundRequested }));
            Assert.All(paid.Where(seat => seat.Status == SeatStatus.RefundRequested), seat => Assert.Equal(3_000, seat.Refund!.AmountFen));
        }

        await _shop.Audit();
    }

    [Fact]
    public async Task A_hold_never_outlasts_the_team()
    {
        await _shop.Publish("brief", Offers.GroupBuy(2) with { SeatHoldSeconds = 900, DurationSeconds = 60 });
        var opened = await _shop.OpenTeam("brief-leader", "brief");
        Assert.Equal(opened.Team!.ExpiresAt, opened.Seat!.HoldExpiresAt);
        _shop.Clock.Set(opened.Team.ExpiresAt);
        await _shop.UntilTeam(opened.Team.TeamId, TeamStatus.Failed);
        var refund = await _shop.Pay(opened.Seat);
        Assert.Equal((SeatStatus.RefundRequested, "teamFailed"), (refund.Status, refund.Refund!.Reason));
        Assert.Equal(0, (await _shop.Stock("brief")).Held);
    }

    private Task<SeatChangeReply> Confirm(SeatView seat, string refundId) =>
        _shop.Team(seat.TeamId).ConfirmRefund(new RefundConfirmation { SeatId = seat.SeatId, RefundId = refundId });
}
