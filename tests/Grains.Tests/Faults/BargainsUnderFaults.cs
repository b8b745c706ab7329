using System.Collections.Concurrent;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>Bargains while the store fails and two silos believe that they own the same grains.</summary>
public sealed class BargainsUnderFaults
{
    private const int Owners = 12;
    private const int Friends = 60;
    private const int Clients = 40;
    private const int ActsEach = 15;

    private readonly ConcurrentDictionary<(string Bargain, string Helper), CutReceipt> _receipts = new();
    private readonly ConcurrentDictionary<string, BargainView> _started = new();
    private readonly ConcurrentDictionary<string, ClaimReceipt> _claims = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    public async Task What_was_acknowledged_is_there_once_and_everything_adds_up(int seed, int silos)
    {
        await using var shop = await SplitShop.Open(seed, silos);
        await shop.Ask(silo => silo.Campaign("held").Publish(Publish(Offers.Headcount(12) with { Stock = 20 })));
        await shop.Ask(silo => silo.Campaign("won").Publish(Publish(Offers.Fixed(2_500) with { Stock = 3, StockPolicy = StockPolicy.ClaimAtWin })));

        await Task.WhenAll(Enumerable.Range(0, Owners).Select(i => Start(shop, i)));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Play(shop, client)));

        Assert.True(shop.TroublesHappened > 10, $"only {shop.TroublesHappened} troubles: the test is too kind");
        shop.Heal();
        await Check(shop);

        // Everything ends by itself; whichever silo has ended it, both know it as soon as they are asked for more than a look.
        shop.Clock.Advance(TimeSpan.FromDays(3));
        await shop.Silos[0].Until(() => AllAreOver(shop), "all bargains are over");
        var books = await shop.Audit();
        Assert.All(books.Stocks.Values, stock => Assert.Equal(0, stock.Held));
        foreach (var silo in shop.Silos)
        {
            foreach (var (bargainId, state) in books.Bargains)
            {
                Assert.NotEqual(Outcome.Done, (await silo.Bargain(bargainId).Cancel(new CancelBargain())).Outcome);
                Assert.Equal((int)state.Status, (int)(await silo.Bargain(bargainId).Get())!.Status);
            }
        }

        CampaignDefinition Ending(CampaignDefinition offer) => offer with { StartsAt = shop.Clock.Now.AddDays(-1), EndsAt = shop.Clock.Now.AddDays(30) };

        PublishCampaign Publish(CampaignDefinition offer) => new() { Definition = Ending(offer), RequestKey = new RequestKey { Key = offer.Cut!.Policy.ToString(), Fingerprint = "" } };
    }

    private async Task Start(SplitShop shop, int owner)
    {
        // Twice at once with the same key, on any silo: one bargain.
        var request = new StartBargain { CampaignId = owner % 3 == 0 ? "won" : "held", RequestKey = new RequestKey { Key = $"start-{owner}", Fingerprint = "" } };
        var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => shop.Ask(silo => silo.Shopper($"owner-{owner}").Start(request))));
        Assert.All(replies, reply => Assert.True(reply.Outcome is Outcome.Done or Outcome.Repeated, $"{reply.Refusal}"));
        Assert.Single(replies.Select(reply => reply.Bargain!.BargainId).Distinct());
        _started[replies[0].Bargain!.BargainId] = replies[0].Bargain!;
    }

    private async Task Play(SplitShop shop, int client)
    {
        for (var act = 0; act < ActsEach; act++)
        {
            var bargain = _started.Values.ElementAt(shop.Next(_started.Count));
            var friend = $"friend-{shop.Next(Friends)}";
            switch (shop.Next(20))
            {
                case 0:
                    var claim = await shop.Ask(silo => silo.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = bargain.OwnerId }));
                    if (claim.Claim is not null) Assert.Equal(claim.Claim, _claims.GetOrAdd(bargain.BargainId, claim.Claim));
                    break;
                case 1:
                    var view = (await shop.Ask(silo => silo.Bargain(bargain.BargainId).Get()))!;
                    Assert.True(view.PriceFen >= view.FloorPriceFen && view.PriceFen <= view.StartPriceFen);
                    break;
                case 2:
                    shop.Clock.Advance(TimeSpan.FromMinutes(10));
                    break;
                default:
                    var key = shop.Next(3) > 0 ? null : new RequestKey { Key = $"cut-{client}-{act}", Fingerprint = friend };
                    var reply = await shop.Ask(silo => silo.Help(friend, bargain.BargainId, key));
                    if (reply.Cut is { } cut) Assert.Equal(cut, _receipts.GetOrAdd((bargain.BargainId, friend), cut));
                    break;
            }
        }
    }

    private async Task Check(SplitShop shop)
    {
        var books = await shop.BooksSoFar();
        Assert.Equal(_started.Keys.Order(), books.Bargains.Keys.Order());
        foreach (var ((bargainId, helper), receipt) in _receipts)
        {
            Assert.True(books.Bargains[bargainId].Cuts.TryFind(helper, out var cut), $"{helper}'s cut of {bargainId} is lost");
            Assert.Equal((receipt.CutNumber, receipt.CutFen, receipt.PriceFen), (cut.CutNumber, cut.CutFen, cut.PriceFen));
        }

        foreach (var (bargainId, claim) in _claims) Assert.Equal(claim.ClaimId, books.Bargains[bargainId].ClaimId);

        // Whichever silo is asked, it answers, and with the first receipt.
        foreach (var silo in shop.Silos)
        {
            foreach (var ((bargainId, helper), receipt) in _receipts)
            {
                var reply = await silo.Help(helper, bargainId);
                Assert.Equal((Outcome.Repeated, receipt), (reply.Outcome, reply.Cut));
            }
        }

        // A shopper who comes anew can help whatever is open still.
        foreach (var (bargainId, state) in (await shop.BooksSoFar()).Bargains)
        {
            var reply = await shop.Silos[^1].Help("afterwards-" + bargainId, bargainId);
            Assert.Equal(state.Status == Rules.BargainStatus.Open ? CutRefusal.None : reply.Refusal, reply.Refusal);
        }
    }

    private static async Task<bool> AllAreOver(SplitShop shop)
    {
        // The sweep pauses by the domain's clock after a fault.
        shop.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await shop.BooksSoFar()).Bargains.Values.All(bargain => bargain.IsOver);
    }
}
