using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>What was answered is there after the process has gone and come again.</summary>
public sealed class RestartTests
{
    private const int Helpers = 30;

    [Fact]
    public async Task Everything_acknowledged_is_there_and_repeats_get_the_same_answers()
    {
        using var folder = new TempFolder();
        var clock = new HandClock(ShopSettings.Opening);
        var startKey = new RequestKey { Key = "shop/start", Fingerprint = "a" };
        var cutKey = new RequestKey { Key = "shop/cut", Fingerprint = "b" };
        var claimKey = new RequestKey { Key = "shop/claim", Fingerprint = "c" };
        StartReply start;
        CutReply[] cuts;
        CutReply keyedCut;
        ClaimReply claim;
        ShopperView[] helpers;
        SeatView seat;
        TeamView team;
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal }))
        {
            await shop.Publish("kept", Offers.Headcount(Helpers + 1, 30_000));
            await shop.Publish("kept-team", Offers.GroupBuy(3));
            start = await shop.Shopper("owner").Start(new StartBargain { CampaignId = "kept", RequestKey = startKey });
            cuts = await Task.WhenAll(Enumerable.Range(0, Helpers).Select(i => shop.Help($"helper-{i}", start.Bargain!.BargainId)));
            keyedCut = await shop.Help("keyed", start.Bargain!.BargainId, cutKey);
            claim = await shop.Bargain(start.Bargain.BargainId).Claim(new ClaimBargain { ShopperId = "owner", RequestKey = claimKey });
            helpers = await Task.WhenAll(Enumerable.Range(0, Helpers).Select(i => shop.Shopper($"helper-{i}").Me()));
            var opened = await shop.OpenTeam("helper-0", "kept-team");
            seat = await shop.Pay(opened.Seat!);
            team = (await shop.Team(seat.TeamId).Get())!;
        }

        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal, Seed = 2 }))
        {
            var bargainId = start.Bargain!.BargainId;
            var repeatedCuts = await Task.WhenAll(Enumerable.Range(0, Helpers).Select(i => shop.Help($"helper-{i}", bargainId)));
            Assert.Equal(cuts.Select(reply => reply.Cut), repeatedCuts.Select(reply => reply.Cut));
            Assert.All(repeatedCuts, reply => Assert.Equal(Outcome.Repeated, reply.Outcome));
            Assert.Equal(keyedCut with { Outcome = Outcome.Repeated }, await shop.Help("keyed", bargainId, cutKey));
            Assert.Equal(Outcome.KeyReused, (await shop.Help("keyed", bargainId, cutKey with { Fingerprint = "other" })).Outcome);
            Assert.Equal(start with { Outcome = Outcome.Repeated }, await shop.Shopper("owner").Start(new StartBargain { CampaignId = "kept", RequestKey = startKey }));
            Assert.Equal(claim with { Outcome = Outcome.Repeated }, await shop.Bargain(bargainId).Claim(new ClaimBargain { ShopperId = "owner", RequestKey = claimKey }));
            Assert.Equal(claim.Claim, (await shop.Bargain(bargainId).Claim(new ClaimBargain { ShopperId = "owner" })).Claim);

            var helpersNow = await Task.WhenAll(Enumerable.Range(0, Helpers).Select(i => shop.Shopper($"helper-{i}").Me()));
            Assert.Equal(helpers.Select(me => (me.ShopperId, me.NewShopper, me.HelpsToday)), helpersNow.Select(me => (me.ShopperId, me.NewShopper, me.HelpsToday)));
            Assert.Equal(team.TeamId, Assert.Single(helpersNow[0].Teams).TeamId);
            Assert.Equal(seat, Assert.Single((await shop.Team(team.TeamId).Get())!.Seats));
            Assert.Equal(Outcome.Repeated, (await shop.TryPay(seat)).Outcome);
            Assert.Equal((BargainStatus.Claimed, 1), ((await shop.Bargain(bargainId).Get())!.Status, await shop.CountEvents(bargainId, "bargain.claimed")));
            await shop.Audit();
        }
    }
}
