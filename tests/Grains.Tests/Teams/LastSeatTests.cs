using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>The last seats of a team, and very many who want them.</summary>
public sealed class LastSeatTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task Five_hundred_join_and_pay_for_the_last_five_seats()
    {
        await _shop.Publish("rush", Offers.GroupBuy(10));
        var team = (await _shop.OpenTeam("rush-leader", "rush")).Team!;
        await _shop.Pay(team.Seats[0]);
        for (var i = 0; i < 4; i++) await _shop.JoinAndPay($"rush-early-{i}", team.TeamId);
        var others = new List<string>();
        for (var i = 0; i < 4; i++) others.Add((await _shop.OpenTeam($"rush-other-{i}", "rush")).Team!.TeamId);
        await _shop.Until(async () => (await _shop.OpenTeams("rush").List(new OpenTeamsQuery())).Items.Length == 5, "all teams listed");

        // Whoever has a seat pays once somebody found none, so that some come before the team is formed, and the rest may come after.
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            var join = await _shop.TryJoin($"rush-{i}", team.TeamId);
            if (join.Outcome != Outcome.Done)
            {
                full.TrySetResult();
                return (Join: join, Paid: (SeatChangeReply?)null);
            }

            await full.Task.WaitAsync(Shop.Patience);
            return (Join: join, Paid: await _shop.TryPay(join.Seat!));
        }));

        var joined = outcomes.Where(outcome => outcome.Paid is not null).ToArray();
        Assert.Equal(5, joined.Length);
        Assert.All(joined, outcome => Assert.Equal(Outcome.Done, outcome.Paid!.Outcome));
        var refused = outcomes.Where(outcome => outcome.Paid is null).Select(outcome => outcome.Join).ToArray();
        Assert.All(refused, reply => Assert.Contains(reply.Refusal, new[] { JoinRefusal.TeamFull, JoinRefusal.TeamFormed }));
        Assert.All(refused.Where(reply => reply.Refusal == JoinRefusal.TeamFull), reply =>
        {
            Assert.Equal(3, reply.OpenTeams.Length);
            Assert.All(reply.OpenTeams, open => Assert.Contains(open.TeamId, others));
        });
        Assert.Contains(refused, reply => reply.Refusal == JoinRefusal.TeamFull);
        var formed = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal((TeamStatus.Formed, 10, 0, 0), (formed.Status, formed.Paid, formed.Held, formed.Free));
        Assert.All(formed.Seats, seat => Assert.Equal((SeatStatus.Confirmed, 3_000), (seat.Status, seat.SettledFen)));
        Assert.Equal(1, await _shop.CountEvents(team.TeamId, "team.formed"));
        Assert.Equal(10, await _shop.CountEvents(team.TeamId, "seat.confirmed"));
        Assert.Equal((4, 10), ((await _shop.Stock("rush")).Held, (await _shop.Stock("rush")).Sold));
        await _shop.Audit();
    }

    [Fact]
    public async Task The_last_two_paid_in_the_same_instant_form_the_team_once()
    {
        await _shop.Publish("instant", Offers.GroupBuy(3));
        for (var round = 0; round < 20; round++)
        {
            var team = (await _shop.OpenTeam($"instant-{round}", "instant")).Team!;
            await _shop.Pay(team.Seats[0]);
            var seats = await Task.WhenAll(_shop.Join($"instant-{round}-a", team.TeamId), _shop.Join($"instant-{round}-b", team.TeamId));

            var paid = await Task.WhenAll(seats.Select(seat => _shop.Pay(seat)));

            Assert.Equal([SeatStatus.Paid, SeatStatus.Confirmed], paid.Select(seat => seat.Status).Order());
            Assert.Equal(1, await _shop.CountEvents(team.TeamId, "team.formed"));
        }

        Assert.Equal((0, 60), ((await _shop.Stock("instant")).Held, (await _shop.Stock("instant")).Sold));
        await _shop.Audit();
    }

    [Fact]
    public async Task The_same_payment_three_times_at_once_counts_once_and_another_is_named()
    {
        await _shop.Publish("thrice", Offers.GroupBuy(3));
        var team = (await _shop.OpenTeam("thrice-leader", "thrice")).Team!;
        var seat = team.Seats[0];
        var other = await _shop.Join("thrice-other", team.TeamId);

        var wrong = await _shop.Team(team.TeamId).Pay(new Payment { SeatId = seat.SeatId, PaymentId = "p-1", AmountFen = 2_999 });
        Assert.Equal((Outcome.Refused, SeatRefusal.AmountMismatch, 3_000), (wrong.Outcome, wrong.Refusal, wrong.ExpectedFen));
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _shop.TryPay(seat, "p-1")));
        Assert.Equal([Outcome.Done, Outcome.Repeated, Outcome.Repeated], replies.Select(reply => reply.Outcome).Order());
        Assert.Single(replies.Select(reply => reply.Seat).Distinct());
        Assert.Equal(1, await _shop.CountEvents(team.TeamId, "seat.paid"));
        Assert.Equal(SeatRefusal.AlreadyPaid, (await _shop.TryPay(seat, "p-2")).Refusal);
        Assert.Equal(SeatRefusal.PaymentIdReused, (await _shop.TryPay(other, "p-1")).Refusal);
        Assert.Equal(SeatRefusal.SeatNotFound, (await _shop.TryPay(seat with { SeatId = "s_none" })).Refusal);
        Assert.Equal(SeatRefusal.TeamNotFound, (await _shop.TryPay(seat with { TeamId = "t_none" })).Refusal);
        await _shop.Audit();
    }
}
