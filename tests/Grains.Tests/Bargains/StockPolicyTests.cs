using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>Who gets the product: winning, claiming, lapsing, cancelling, and the stock behind them.</summary>
public sealed class StockPolicyTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task Of_two_that_reach_the_floor_at_once_with_one_unit_left_one_is_won_and_the_other_sold_out()
    {
        for (var round = 0; round < 10; round++)
        {
            var campaign = $"race-{round}";
            await _shop.Publish(campaign, Offers.Fixed(10_000) with { Stock = 1, StockPolicy = StockPolicy.ClaimAtWin });
            var bargains = await Task.WhenAll(_shop.Start($"{campaign}-a", campaign), _shop.Start($"{campaign}-b", campaign));
            Assert.All(await Task.WhenAll(bargains.Select(bargain => _shop.Bargain(bargain.BargainId).Get())), view => Assert.Equal(1, view!.StockLeft));

            var cuts = await Task.WhenAll(bargains.Select((bargain, i) => _shop.Cut($"{campaign}-helper-{i}", bargain.BargainId)));

            Assert.Equal([BargainStatus.Won, BargainStatus.SoldOut], cuts.Select(cut => cut.BargainStatus).Order());
            Assert.Equal(new StockView { Total = 1, Held = 1 }, await _shop.Stock(campaign));
            var loser = bargains[cuts[0].BargainStatus == BargainStatus.SoldOut ? 0 : 1];
            var winner = bargains[cuts[0].BargainStatus == BargainStatus.SoldOut ? 1 : 0];
            Assert.Equal(ClaimRefusal.BargainSoldOut, (await Claim(loser.BargainId, loser.OwnerId)).Refusal);
            Assert.Equal(CutRefusal.BargainSoldOut, (await _shop.Help($"{campaign}-late", loser.BargainId)).Refusal);
            Assert.Equal(Outcome.Done, (await Claim(winner.BargainId, winner.OwnerId)).Outcome);
            Assert.Equal(new StockView { Total = 1, Sold = 1 }, await _shop.Stock(campaign));
            Assert.Equal(1, await _shop.CountEvents(loser.BargainId, "bargain.soldOut"));
        }

        await _shop.Audit();
    }

    [Fact]
    public async Task Two_claims_at_once_are_one_claim()
    {
        await _shop.Publish("claims", Offers.Fixed(10_000));
        var bargain = await _shop.Start("claims-owner", "claims");
        Assert.Equal(ClaimRefusal.BargainNotWon, (await Claim(bargain.BargainId, "claims-owner")).Refusal);
        await _shop.Cut("claims-helper", bargain.BargainId);
        Assert.Equal(ClaimRefusal.NotTheOwner, (await Claim(bargain.BargainId, "claims-helper")).Refusal);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Claim(bargain.BargainId, "claims-owner")));

        Assert.Single(replies, reply => reply.Outcome == Outcome.Done);
        Assert.Equal(19, replies.Count(reply => reply.Outcome == Outcome.Repeated));
        Assert.Single(replies.Select(reply => reply.Claim).Distinct());
        Assert.Equal(1, await _shop.CountEvents(bargain.BargainId, "bargain.claimed"));
        Assert.Equal((0, 1), ((await _shop.Stock("claims")).Held, (await _shop.Stock("claims")).Sold));
    }

    [Fact]
    public async Task A_won_bargain_that_is_not_claimed_lapses_and_gives_its_unit_back()
    {
        await _shop.Publish("lapse", Offers.Fixed(10_000) with { Stock = 1, ClaimWithinSeconds = 60 });
        var bargain = await _shop.Start("lapse-owner", "lapse");
        await _shop.Cut("lapse-helper", bargain.BargainId);
        var won = (await _shop.Bargain(bargain.BargainId).Get())!;
        Assert.Equal(_shop.Clock.Now.AddSeconds(60), won.ClaimBefore);

        _shop.Clock.Set(won.ClaimBefore!.Value);
        Assert.Equal(ClaimRefusal.BargainLapsed, (await Claim(bargain.BargainId, "lapse-owner")).Refusal);
        await _shop.UntilBargain(bargain.BargainId, BargainStatus.Lapsed);

        Assert.Equal(new StockView { Total = 1, Free = 1 }, await _shop.Stock("lapse"));
        Assert.Equal(CutRefusal.BargainWon, (await _shop.Help("lapse-late", bargain.BargainId)).Refusal);
        Assert.Equal(1, await _shop.CountEvents(bargain.BargainId, "bargain.lapsed"));
    }

    [Fact]
    public async Task Buying_before_the_floor_takes_the_current_price_where_the_campaign_allows_it()
    {
        await _shop.Publish("early", Offers.Fixed(1_000) with { BuyBeforeFloor = true, Stock = 1, StockPolicy = StockPolicy.ClaimAtWin });
        await _shop.Publish("patient", Offers.Fixed(1_000));
        var early = await _shop.Start("early-owner", "early");
        var second = await _shop.Start("early-second", "early");
        var patient = await _shop.Start("early-owner", "patient");
        await _shop.Cut("early-helper", early.BargainId);

        Assert.Equal(ClaimRefusal.BargainNotWon, (await Claim(patient.BargainId, "early-owner", atCurrentPrice: true)).Refusal);
        // To give up the rest of the cuts has to be said.
        Assert.Equal(ClaimRefusal.BargainNotWon, (await Claim(early.BargainId, "early-owner")).Refusal);
        var claims = await Task.WhenAll(
            Claim(early.BargainId, "early-owner", atCurrentPrice: true), Claim(early.BargainId, "early-owner", atCurrentPrice: true));
        Assert.Equal([Outcome.Done, Outcome.Repeated], claims.Select(claim => claim.Outcome).Order());
        Assert.All(claims, claim => Assert.Equal(9_000, claim.Claim!.PriceFen));
        Assert.Equal(new StockView { Total = 1, Sold = 1 }, await _shop.Stock("early"));
        // The unit is gone; the other bargain is open still, and says so.
        Assert.Equal(ClaimRefusal.SoldOut, (await Claim(second.BargainId, "early-second", atCurrentPrice: true)).Refusal);
        Assert.Equal((BargainStatus.Open, 0), await StatusAndStock(second.BargainId));
        await _shop.Audit();
    }

    [Fact]
    public async Task Cancelling_gives_the_unit_back_and_may_be_repeated()
    {
        await _shop.Publish("cancel", Offers.Fixed(5_000) with { Stock = 2 });
        var mine = await _shop.Start("cancel-owner", "cancel");
        var theirs = await _shop.Start("cancel-other", "cancel");
        await _shop.Cut("cancel-helper", mine.BargainId);

        Assert.Equal(ClaimRefusal.NotTheOwner, (await Cancel(mine.BargainId, "cancel-helper")).Refusal);
        Assert.Equal((Outcome.Done, BargainStatus.Cancelled), Short(await Cancel(mine.BargainId, "cancel-owner")));
        Assert.Equal((Outcome.Repeated, BargainStatus.Cancelled), Short(await Cancel(mine.BargainId, "cancel-owner")));
        Assert.Equal((Outcome.Done, BargainStatus.Cancelled), Short(await Cancel(theirs.BargainId, shopperId: null)));
        Assert.Equal(CutRefusal.BargainCancelled, (await _shop.Help("cancel-late", mine.BargainId)).Refusal);
        Assert.Equal(ClaimRefusal.BargainCancelled, (await Claim(mine.BargainId, "cancel-owner")).Refusal);
        Assert.Equal(new StockView { Total = 2, Free = 2 }, await _shop.Stock("cancel"));
        await _shop.Audit();

        static (Outcome, BargainStatus) Short(BargainReply reply) => (reply.Outcome, reply.Bargain!.Status);
    }

    [Fact]
    public async Task The_owners_own_cut_is_no_help_and_the_seed_proves_every_draw_after_the_end()
    {
        await _shop.Publish("own", Offers.Headcount(2) with { OwnerCut = new FenRange { MinFen = 100, MaxFen = 200 } });
        var bargain = await _shop.Start("own-owner", "own");
        Assert.InRange(bargain.StartPriceFen - bargain.PriceFen, 100, 200);
        Assert.Equal((0, 2), (bargain.CutCount, bargain.CutsNeeded.Least));
        Assert.Equal(0, (await _shop.Shopper("own-owner").Me()).HelpsToday.Used);
        var running = (await _shop.Bargain(bargain.BargainId).Fairness())!;
        Assert.Null(running.Seed);
        Assert.Empty(running.Draws);
        Assert.DoesNotContain(await _shop.Events(bargain.BargainId), happened => happened.Data.Contains("\"seed\"", StringComparison.Ordinal));

        await _shop.Cut("own-1", bargain.BargainId);
        await _shop.Cut("own-2", bargain.BargainId);
        await Claim(bargain.BargainId, "own-owner");

        var fairness = (await _shop.Bargain(bargain.BargainId).Fairness())!;
        var seed = SocialCommerce.Rules.DrawSeed.Parse(fairness.Seed!);
        Assert.Equal(bargain.Fairness.Commitment, SocialCommerce.Rules.Draws.Commitment(seed));
        Assert.Equal([0, 1, 2], fairness.Draws.Select(draw => draw.CutNumber));
        Assert.Equal(bargain.StartPriceFen, fairness.Draws.Sum(draw => draw.CutFen));
        Assert.All(fairness.Draws, draw => Assert.Equal(
            draw.Draw, Convert.ToHexStringLower(SocialCommerce.Rules.Draws.Full(seed, bargain.BargainId, draw.CutNumber, draw.HelperId))));
    }

    private async Task<(BargainStatus, int?)> StatusAndStock(string bargainId)
    {
        var view = (await _shop.Bargain(bargainId).Get())!;
        return (view.Status, view.StockLeft);
    }

    private Task<ClaimReply> Claim(string bargainId, string shopperId, bool atCurrentPrice = false) =>
        _shop.Bargain(bargainId).Claim(new ClaimBargain { ShopperId = shopperId, AtCurrentPrice = atCurrentPrice });

    private Task<BargainReply> Cancel(string bargainId, string? shopperId) =>
        _shop.Bargain(bargainId).Cancel(new CancelBargain { ShopperId = shopperId });
}
