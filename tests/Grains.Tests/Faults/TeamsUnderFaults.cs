using System.Collections.Concurrent;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;
using JoinRefusal = SocialCommerce.GrainInterfaces.JoinRefusal;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>Teams while the store fails and two silos believe that they own the same grains: no payment is lost, none counts twice.</summary>
public sealed class TeamsUnderFaults
{
    private const int Leaders = 10;
    private const int Shoppers = 60;
    private const int Clients = 40;
    private const int ActsEach = 12;

    private readonly ConcurrentDictionary<string, TeamReply> _teams = new();
    private readonly ConcurrentDictionary<string, SeatView> _paid = new();
    private readonly ConcurrentDictionary<string, PurchaseView> _bought = new();

    [Theory]
    [InlineData(11, 1)]
    [InlineData(12, 2)]
    [InlineData(13, 2)]
    [InlineData(14, 2)]
    public async Task Every_payment_is_a_seat_or_a_refund_once(int seed, int silos)
    {
        await using var shop = await SplitShop.Open(seed, silos);
        await shop.Ask(silo => silo.Campaign("teams").Publish(new PublishCampaign
        {
            Definition = Offers.GroupBuy(6) with { Stock = 45, UnitsPerShopper = 2, SeatHoldSeconds = 60, StartsAt = shop.Clock.Now.AddDays(-1), EndsAt = shop.Clock.Now.AddDays(30) },
            RequestKey = new RequestKey { Key = "publish", Fingerprint = "" },
        }));
        await Task.WhenAll(Enumerable.Range(0, Leaders).Select(i => Open(shop, i)));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Play(shop, client)));

        Assert.True(shop.TroublesHappened > 10, $"only {shop.TroublesHappened} troubles: the test is too kind");
        shop.Heal();
        CheckPayments(await shop.BooksSoFar());
        foreach (var silo in shop.Silos)
        {
            foreach (var (paymentId, seat) in _paid)
                Assert.Equal(Outcome.Repeated, (await silo.TryPay(seat, paymentId)).Outcome);
        }

        shop.Clock.Advance(TimeSpan.FromDays(1));
        await shop.Silos[0].Until(async () =>
        {
            // The sweep pauses by the domain's clock after a fault.
            shop.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await shop.BooksSoFar()).Teams.Values.All(team => team.IsOver);
        }, "all teams are over");
        var books = await shop.Audit();
        CheckPayments(books);
        var stock = books.Stocks["teams"];
        Assert.Equal(0, stock.Held);
        Assert.Equal(books.All<SeatConfirmed>().Count() + books.Purchases.Values.Count(purchase => purchase.Status == Rules.PurchaseStatus.Paid), stock.Sold);
    }

    private async Task Open(SplitShop shop, int leader)
    {
        var request = new OpenTeam { CampaignId = "teams", RequestKey = new RequestKey { Key = $"open-{leader}", Fingerprint = "" } };
        var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => shop.Ask(silo => silo.Shopper($"leader-{leader}").OpenTeam(request))));
        Assert.Single(replies.Select(reply => reply.Team!.TeamId).Distinct());
        _teams[replies[0].Team!.TeamId] = replies[0];
    }

    private async Task Play(SplitShop shop, int client)
    {
        var seats = new List<SeatView>();
        for (var act = 0; act < ActsEach; act++)
        {
            var teamId = _teams.Keys.ElementAt(shop.Next(_teams.Count));
            var shopper = $"shopper-{shop.Next(Shoppers)}";
            switch (shop.Next(12))
            {
                case 0:
                    shop.Clock.Advance(TimeSpan.FromSeconds(shop.Next(40)));
                    break;
                case 1 when seats.Count > 0:
                    var leaving = seats[shop.Next(seats.Count)];
                    await shop.Ask(silo => silo.Team(leaving.TeamId).Leave(new LeaveTeam { SeatId = leaving.SeatId, ShopperId = leaving.ShopperId }));
                    break;
                case 2:
                    await Buy(shop, shopper, $"{client}-{act}");
                    break;
                case >= 3 and <= 6 when seats.Count > 0:
                    await Pay(shop, seats[shop.Next(seats.Count)]);
                    break;
                default:
                    var reply = await shop.Ask(silo => silo.TryJoin(shopper, teamId));
                    Assert.True(reply.Seat is not null || reply.Refusal != JoinRefusal.None);
                    if (reply.Seat is not null) seats.Add(reply.Seat);
                    break;
            }
        }
    }

    // Twice at once, and under one id: it counts once.
    private async Task Pay(SplitShop shop, SeatView seat)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => shop.Ask(silo => silo.TryPay(seat))));
        Assert.All(replies, reply => Assert.True(reply.Outcome is Outcome.Done or Outcome.Repeated, $"{reply.Outcome} {reply.Refusal}"));
        _paid["pay-" + seat.SeatId] = seat;
    }

    private async Task Buy(SplitShop shop, string shopper, string key)
    {
        var request = new BuyAlone { CampaignId = "teams", RequestKey = new RequestKey { Key = "buy-" + key, Fingerprint = "" } };
        var bought = (await shop.Ask(silo => silo.Shopper(shopper).Buy(request))).Purchase;
        if (bought is null) return;
        var payment = new Payment { PaymentId = "pay-" + bought.PurchaseId, AmountFen = bought.PriceFen };
        var paid = await shop.Ask(silo => silo.Purchase(bought.PurchaseId).Pay(payment));
        Assert.True(paid.Outcome is Outcome.Done or Outcome.Repeated, $"{paid.Outcome} {paid.Refusal}");
        _bought[bought.PurchaseId] = bought;
    }

    private void CheckPayments(Books books)
    {
        var seats = books.All<SeatPaid>().Select(paid => paid.Happened.PaymentId).ToArray();
        var refunds = books.All<RefundRequested>().Where(refund => refund.Happened.Attempt == 1).ToLookup(refund => refund.Happened.PaymentId, refund => refund.Happened);
        foreach (var paymentId in _paid.Keys)
        {
            var counted = seats.Count(id => id == paymentId);
            Assert.True(counted <= 1 && refunds[paymentId].Count() <= 1 && counted + refunds[paymentId].Count() >= 1, $"{paymentId}: {counted} seats, {refunds[paymentId].Count()} refunds");
        }

        Assert.Empty(seats.Except(_paid.Keys));
        foreach (var purchaseId in _bought.Keys)
        {
            Assert.True(
                books.Purchases[purchaseId].Status is Rules.PurchaseStatus.Paid or Rules.PurchaseStatus.RefundRequested or Rules.PurchaseStatus.Refunded,
                $"{purchaseId} was paid and is {books.Purchases[purchaseId].Status}");
        }

        // Two units of a shopper's at most, wherever they are.
        var units = books.Teams.Values.SelectMany(team => team.Seats.InOrder).Where(seat => seat.IsLive).Select(seat => seat.ShopperId)
            .Concat(books.Purchases.Values.Where(purchase => purchase.Status is Rules.PurchaseStatus.Held or Rules.PurchaseStatus.Paid).Select(purchase => purchase.ShopperId));
        Assert.All(units.GroupBy(shopper => shopper), shopper => Assert.True(shopper.Count() <= 2, $"{shopper.Key} has {shopper.Count()} units"));
    }
}
