using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>A team that does not fill: failed once, and every payment goes back until the shop says so.</summary>
public sealed class TeamDeadlineTests
{
    [Fact]
    public async Task Two_of_three_paid_at_the_deadline_fail_the_team_and_ask_for_two_refunds_until_confirmed_also_over_a_restart()
    {
        using var folder = new TempFolder();
        var clock = new HandClock(ShopSettings.Opening);
        TeamView team;
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal }))
        {
            await shop.Publish("short", Offers.GroupBuy(3) with { Stock = 3 });
            team = (await shop.OpenTeam("leader", "short")).Team!;
            await shop.Pay(team.Seats[0]);
            await shop.JoinAndPay("second", team.TeamId);
            await shop.Join("third", team.TeamId);
            clock.Set(team.ExpiresAt);
            Assert.Equal(JoinRefusal.TeamFailed, (await shop.TryJoin("fourth", team.TeamId)).Refusal);
            await shop.UntilTeam(team.TeamId, TeamStatus.Failed);

            var failed = (await shop.Team(team.TeamId).Get())!;
            Assert.Equal([SeatStatus.RefundRequested, SeatStatus.RefundRequested, SeatStatus.Released], failed.Seats.Select(seat => seat.Status));
            Assert.All(failed.Seats[..2], seat => Assert.Equal(("teamFailed", 3_000), (seat.Refund!.Reason, seat.Refund.AmountFen)));
            Assert.Equal(new StockView { Total = 3, Free = 3 }, await shop.Stock("short"));
            clock.Advance(TimeSpan.FromMinutes(1));
            await shop.Until(async () => await shop.CountEvents(team.TeamId, "refund.requested") == 4, "both are asked for again");
        }

        clock.Advance(TimeSpan.FromMinutes(2));
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal, Seed = 2 }))
        {
            await shop.Until(async () => await shop.CountEvents(team.TeamId, "refund.requested") == 6, "both are asked for after the restart");
            var seats = (await shop.Team(team.TeamId).Get())!.Seats;
            Assert.Equal(Outcome.Done, (await Confirm(shop, seats[0].SeatId)).Outcome);
            clock.Advance(TimeSpan.FromHours(1));
            await shop.Until(async () => await shop.CountEvents(team.TeamId, "refund.requested") == 7, "the other one alone is asked for again");
            var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Confirm(shop, seats[1].SeatId)));
            Assert.Single(replies, reply => reply.Outcome == Outcome.Done);
            clock.Advance(TimeSpan.FromDays(1));

            var requests = (await shop.Events(team.TeamId)).Where(happened => happened.Type == "refund.requested").ToArray();
            Assert.Equal(7, requests.Length);
            Assert.Equal(7, requests.Select(request => request.Id).Distinct().Count());
            Assert.Equal(2, await shop.CountEvents(team.TeamId, "refund.confirmed"));
            Assert.Equal(1, await shop.CountEvents(team.TeamId, "team.failed"));
            Assert.All((await shop.Team(team.TeamId).Get())!.Seats[..2], seat => Assert.Equal(SeatStatus.Refunded, seat.Status));
            await shop.Audit();
        }

        Task<SeatChangeReply> Confirm(Shop shop, string seatId) =>
            shop.Team(team.TeamId).ConfirmRefund(new RefundConfirmation { SeatId = seatId, RefundId = "r-" + seatId });
    }

    [Fact]
    public async Task A_team_goes_ahead_with_enough_members_where_the_campaign_says_so_openly()
    {
        await using var shop = await Shop.Open();
        await shop.Publish("fill", Offers.GroupBuy(5) with { FillWhenAtLeast = 3, Stock = 10 });
        var enough = (await shop.OpenTeam("enough", "fill")).Team!;
        var tooFew = (await shop.OpenTeam("too-few", "fill")).Team!;
        Assert.Equal(3, enough.GoesAheadWith);
        await shop.Pay(enough.Seats[0]);
        await shop.Pay(tooFew.Seats[0]);
        for (var i = 0; i < 2; i++) await shop.JoinAndPay($"enough-{i}", enough.TeamId);
        await shop.JoinAndPay("too-few-1", tooFew.TeamId);
        await shop.Join("enough-unpaid", enough.TeamId);

        shop.Clock.Set(enough.ExpiresAt);
        await shop.UntilTeam(enough.TeamId, TeamStatus.Formed);
        await shop.UntilTeam(tooFew.TeamId, TeamStatus.Failed);

        Assert.Equal(JoinRefusal.TeamFormed, (await shop.TryJoin("late", enough.TeamId)).Refusal);
        Assert.Equal(new StockView { Total = 10, Sold = 3, Free = 7 }, await shop.Stock("fill"));
        await shop.Audit();
    }
}
