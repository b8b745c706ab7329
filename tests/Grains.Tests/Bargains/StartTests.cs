using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>Starting, and what the operator does to a campaign while bargains run.</summary>
public sealed class StartTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task Starting_many_times_at_once_is_one_bargain()
    {
        await _shop.Publish("at-once", Offers.Fixed(10));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryStart("at-once-owner", "at-once")));

        Assert.Single(replies, reply => reply.Outcome == Outcome.Done);
        Assert.Single(replies.Select(reply => reply.Bargain!.BargainId).Distinct());
        Assert.Equal(1, (await _shop.Stock("at-once")).Held);
        Assert.Equal(replies[0].Bargain!.BargainId, Assert.Single((await _shop.Shopper("at-once-owner").Me()).Bargains).BargainId);
    }

    [Fact]
    public async Task No_more_are_started_than_the_campaign_gives_a_shopper()
    {
        await _shop.Publish("limited", Offers.Fixed(10) with { StartsPerShopper = 2 });
        for (var i = 0; i < 2; i++)
            await _shop.Bargain((await _shop.Start("limited-owner", "limited")).BargainId).Cancel(new CancelBargain { ShopperId = "limited-owner" });

        Assert.Equal(StartRefusal.StartLimitReached, (await TryStart("limited-owner", "limited")).Refusal);
        await _shop.Start("limited-other", "limited");
    }

    [Fact]
    public async Task Stock_is_started_on_to_the_last_unit_and_no_further()
    {
        await _shop.Publish("few", Offers.Fixed(10) with { Stock = 7 });

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => TryStart($"few-{i}", "few")));

        Assert.Equal(7, replies.Count(reply => reply.Outcome == Outcome.Done));
        Assert.Equal(53, replies.Count(reply => reply.Refusal == StartRefusal.SoldOut));
        Assert.Equal(new StockView { Total = 7, Held = 7 }, await _shop.Stock("few"));
        // A refused start is no act: its shopper is as new as before.
        Assert.Equal(53, (await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _shop.Shopper($"few-{i}").Me()))).Count(me => me.NewShopper));
        await _shop.Audit();
    }

    [Fact]
    public async Task A_pause_stops_starts_and_cuts_once_it_is_answered_but_neither_claims_nor_clocks()
    {
        await _shop.Publish("paused", Offers.Fixed(5_000));
        var won = await _shop.Start("paused-won", "paused");
        await _shop.Cut("paused-1", won.BargainId);
        await _shop.Cut("paused-2", won.BargainId);
        var open = await _shop.Start("paused-open", "paused");

        Assert.Equal((Outcome.Done, CampaignStatus.Paused), Short(await _shop.Campaign("paused").Pause(new CampaignCommand())));
        Assert.Equal((Outcome.Repeated, CampaignStatus.Paused), Short(await _shop.Campaign("paused").Pause(new CampaignCommand())));
        Assert.Equal(StartRefusal.CampaignPaused, (await TryStart("paused-new", "paused")).Refusal);
        Assert.Equal(CutRefusal.CampaignPaused, (await _shop.Help("paused-3", open.BargainId)).Refusal);
        // What was there before is answered as before.
        Assert.Equal(Outcome.Repeated, (await TryStart("paused-open", "paused")).Outcome);
        Assert.Equal(Outcome.Repeated, (await _shop.Help("paused-1", won.BargainId)).Outcome);
        Assert.Equal(Outcome.Done, (await _shop.Bargain(won.BargainId).Claim(new ClaimBargain { ShopperId = "paused-won" })).Outcome);

        Assert.Equal((Outcome.Done, CampaignStatus.Published), Short(await _shop.Campaign("paused").Resume(new CampaignCommand())));
        await _shop.Cut("paused-3", open.BargainId);
        await _shop.Campaign("paused").Pause(new CampaignCommand());
        _shop.Clock.Set(open.ExpiresAt);
        await _shop.UntilBargain(open.BargainId, BargainStatus.Expired);

        static (Outcome, CampaignStatus) Short(CampaignReply reply) => (reply.Outcome, reply.Campaign!.Status);
    }

    [Fact]
    public async Task What_runs_keeps_the_terms_that_it_was_started_under()
    {
        await _shop.Publish("edited", Offers.Fixed(1_000) with { DurationSeconds = 3_600 });
        var before = await _shop.Start("edited-before", "edited");
        var edited = await _shop.Publish("edited", Offers.Fixed(2_500, startFen: 20_000) with { DurationSeconds = 7_200 });
        Assert.Equal(2, edited.DefinitionVersion);
        var after = await _shop.Start("edited-after", "edited");

        Assert.Equal(1_000, (await _shop.Cut("edited-helper", before.BargainId)).CutFen);
        Assert.Equal(2_500, (await _shop.Cut("edited-helper", after.BargainId)).CutFen);
        Assert.Equal((10_000, TimeSpan.FromHours(1)), (before.StartPriceFen, before.ExpiresAt - before.StartedAt));
        Assert.Equal((20_000, TimeSpan.FromHours(2)), (after.StartPriceFen, after.ExpiresAt - after.StartedAt));
        // A closed campaign starts nothing, and what runs goes on.
        await _shop.Campaign("edited").Close(new CampaignCommand());
        Assert.Equal(StartRefusal.CampaignClosed, (await TryStart("edited-new", "edited")).Refusal);
        await _shop.Cut("edited-last", before.BargainId);
        await _shop.Audit();
    }

    [Fact]
    public async Task Stock_is_raised_at_any_time_and_lowered_to_what_is_held_and_sold()
    {
        var offer = Offers.Fixed(10_000);
        await _shop.Publish("stock", offer with { Stock = 2 });
        var sold = await _shop.Start("stock-sold", "stock");
        await _shop.Cut("stock-helper", sold.BargainId);
        await _shop.Bargain(sold.BargainId).Claim(new ClaimBargain { ShopperId = "stock-sold" });
        await _shop.Start("stock-held", "stock");
        Assert.Equal(StartRefusal.SoldOut, (await TryStart("stock-more", "stock")).Refusal);

        Assert.Equal(new StockView { Total = 3, Held = 1, Sold = 1, Free = 1 }, (await Set(3)).Campaign!.Stock);
        await _shop.Start("stock-more", "stock");
        Assert.Equal(CampaignRefusal.StockBelowCommitted, (await Set(2)).Refusal);
        Assert.Equal(3, (await _shop.Stock("stock")).Total);
        await Set(5);
        Assert.Equal(new StockView { Total = 3, Held = 2, Sold = 1 }, (await Set(3)).Campaign!.Stock);
        await _shop.Audit();

        Task<CampaignReply> Set(int stock) => _shop.Campaign("stock").Publish(new PublishCampaign
        {
            Definition = offer with { Stock = stock, EndsAt = _shop.Clock.Now.AddDays(30) },
        });
    }

    [Fact]
    public async Task Raising_and_lowering_while_many_start_never_goes_below_what_is_held()
    {
        var offer = Offers.Fixed(10) with { EndsAt = _shop.Clock.Now.AddDays(9) };
        await _shop.Publish("moving", offer with { Stock = 50 });
        var starts = Enumerable.Range(0, 120).Select(i => TryStart($"moving-{i}", "moving"));
        var sets = Enumerable.Range(0, 30).Select(i => _shop.Campaign("moving").Publish(new PublishCampaign { Definition = offer with { Stock = 20 + i * 7 % 60 } }));

        var started = Task.WhenAll(starts);
        await Task.WhenAll(sets);
        var done = (await started).Count(reply => reply.Outcome == Outcome.Done);

        var stock = await _shop.Stock("moving");
        Assert.Equal(done, stock.Held);
        Assert.True(stock.Free >= 0 && stock.Total == stock.Held + stock.Free, $"{stock}");
        Assert.Equal(stock.Total, (await _shop.Campaign("moving").Get())!.Definition.Stock);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_campaign_starts_nothing_outside_of_its_window_or_of_another_kind()
    {
        await _shop.Publish("window", Offers.Fixed(10) with { StartsAt = _shop.Clock.Now.AddHours(1), EndsAt = _shop.Clock.Now.AddHours(2) });
        await _shop.Publish("other-kind", Offers.GroupBuy(2));
        Assert.Equal(StartRefusal.CampaignNotFound, (await TryStart("w", "nowhere")).Refusal);
        Assert.Equal(StartRefusal.NotABargainCampaign, (await TryStart("w", "other-kind")).Refusal);
        Assert.Equal(StartRefusal.CampaignNotStarted, (await TryStart("w", "window")).Refusal);
        _shop.Clock.Advance(TimeSpan.FromHours(1));
        var bargain = await _shop.Start("w", "window");
        _shop.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(StartRefusal.CampaignEnded, (await TryStart("w-2", "window")).Refusal);
        // A running bargain keeps its own 24 hours.
        await _shop.Cut("w-helper", bargain.BargainId);
    }

    private Task<StartReply> TryStart(string shopperId, string campaignId) =>
        _shop.Shopper(shopperId).Start(new StartBargain { CampaignId = campaignId });
}
