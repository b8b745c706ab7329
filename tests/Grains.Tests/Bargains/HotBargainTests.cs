using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>One bargain under the hands of very many.</summary>
public sealed class HotBargainTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private const int Clients = 300;
    private const int Helpers = 40;
    private const int TimesEach = 3;

    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task Three_hundred_at_once_make_exactly_forty_cuts_and_one_win()
    {
        await _shop.Publish("hot", Offers.Headcount(Helpers, 129_900));
        var bargain = await _shop.Start("hot-owner", "hot");

        using var done = new CancellationTokenSource();
        var reader = ReadUntil(bargain.BargainId, done.Token);
        var replies = await Task.WhenAll(Enumerable.Range(0, Clients * TimesEach)
            .Select(async i => (Helper: $"hot-{i % Clients}", Reply: await _shop.Help($"hot-{i % Clients}", bargain.BargainId))));
        await done.CancelAsync();
        var readings = await reader;

        var byHelper = replies.GroupBy(reply => reply.Helper, reply => reply.Reply).ToArray();
        var accepted = byHelper.Where(replies => replies.Any(reply => reply.Cut is not null)).ToArray();
        Assert.Equal(Helpers, accepted.Length);
        foreach (var helper in accepted)
        {
            // The first is done, the others are repeats with the very same receipt.
            Assert.Equal([Outcome.Done, Outcome.Repeated, Outcome.Repeated], helper.Select(reply => reply.Outcome).Order());
            Assert.Single(helper.Select(reply => reply.Cut).Distinct());
        }

        foreach (var helper in byHelper.Except(accepted))
            Assert.All(helper, reply => Assert.Equal((Outcome.Refused, CutRefusal.BargainWon), (reply.Outcome, reply.Refusal)));

        var receipts = accepted.Select(helper => helper.First().Cut!).OrderBy(cut => cut.CutNumber).ToArray();
        Assert.Equal(Enumerable.Range(1, Helpers), receipts.Select(cut => cut.CutNumber));
        var priceFen = bargain.StartPriceFen;
        foreach (var cut in receipts)
        {
            priceFen -= cut.CutFen;
            Assert.Equal(priceFen, cut.PriceFen);
            Assert.Equal(priceFen - bargain.FloorPriceFen, cut.RemainingFen);
            Assert.Equal(Helpers - cut.CutNumber, cut.CutsNeeded.Most);
        }

        Assert.Equal(bargain.FloorPriceFen, priceFen);
        Assert.Equal(BargainStatus.Won, receipts[^1].BargainStatus);
        Assert.Equal(receipts, (await _shop.Bargain(bargain.BargainId).Cuts(new CutsQuery { Limit = 200 }))!.Items);
        Assert.Equal(1, await _shop.CountEvents(bargain.BargainId, "bargain.won"));
        Assert.Equal(Helpers, await _shop.CountEvents(bargain.BargainId, "bargain.cut"));

        // No reading ever showed a price that is not in the books at that version.
        var prices = receipts.ToDictionary(cut => cut.CutNumber, cut => cut.PriceFen);
        prices[0] = bargain.StartPriceFen;
        Assert.All(readings, view => Assert.Equal(prices[view.CutCount], view.PriceFen));
        await _shop.Audit();
    }

    [Fact]
    public async Task A_repeat_long_after_the_end_gets_the_first_receipt()
    {
        await _shop.Publish("late-repeat", Offers.Fixed(4_000));
        var bargain = await _shop.Start("repeat-owner", "late-repeat");
        var first = await _shop.Cut("repeat-1", bargain.BargainId);
        await _shop.Cut("repeat-2", bargain.BargainId);
        var last = await _shop.Cut("repeat-3", bargain.BargainId);
        Assert.Equal((2_000, BargainStatus.Won), (last.CutFen, last.BargainStatus));
        _shop.Clock.Advance(TimeSpan.FromDays(1));
        await _shop.UntilBargain(bargain.BargainId, BargainStatus.Lapsed);

        Assert.Equal((Outcome.Repeated, first), await Repeat("repeat-1"));
        Assert.Equal((Outcome.Repeated, last), await Repeat("repeat-3"));

        async Task<(Outcome, CutReceipt?)> Repeat(string helper)
        {
            var reply = await _shop.Help(helper, bargain.BargainId);
            return (reply.Outcome, reply.Cut);
        }
    }

    private async Task<List<BargainView>> ReadUntil(string bargainId, CancellationToken done)
    {
        var readings = new List<BargainView>();
        while (!done.IsCancellationRequested)
        {
            var view = (await _shop.Bargain(bargainId).Get())!;
            Assert.True((await _shop.Journal.Read(Streams.Bargain(bargainId))).Count >= view.Version);
            readings.Add(view);
        }

        return readings;
    }
}
