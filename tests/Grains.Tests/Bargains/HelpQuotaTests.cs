using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>Three helps a day, and one for each owner and product.</summary>
public sealed class HelpQuotaTests
{
    [Fact]
    public async Task Twenty_bargains_at_once_are_helped_three_times_and_again_the_next_day_of_Shanghai()
    {
        // One millisecond before midnight in Shanghai.
        var midnight = new DateTimeOffset(2026, 3, 2, 16, 0, 0, TimeSpan.Zero);
        await using var shop = await Shop.Open(new ShopSettings { Clock = new HandClock(midnight.AddMilliseconds(-1)) });
        await shop.Publish("quota", Offers.Fixed(10));
        var bargains = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shop.Start($"owner-{i}", "quota")));

        var accepted = await HelpAll(midnight);
        var me = await shop.Shopper("friend").Me();
        Assert.Equal(new HelpsToday { Used = 3, Limit = 3, ResetsAt = midnight }, me.HelpsToday);
        Assert.False(me.NewShopper);

        // The refused ones used nothing: the next day three others are accepted.
        shop.Clock.Set(midnight);
        Assert.Equal(0, (await shop.Shopper("friend").Me()).HelpsToday.Used);
        var acceptedNext = await HelpAll(midnight.AddDays(1), accepted);
        Assert.Empty(accepted.Intersect(acceptedNext));
        var prices = await Task.WhenAll(bargains.Select(async bargain => (await shop.Bargain(bargain.BargainId).Get())!.PriceFen));
        Assert.Equal(6, prices.Count(priceFen => priceFen == 9_990));
        Assert.Equal(14, prices.Count(priceFen => priceFen == 10_000));
        await shop.Audit();

        async Task<string[]> HelpAll(DateTimeOffset resetsAt, string[]? before = null)
        {
            var replies = await Task.WhenAll(bargains.Select(async bargain => (bargain.BargainId, Reply: await shop.Help("friend", bargain.BargainId))));
            var refused = replies.Where(reply => reply.Reply.Outcome == Outcome.Refused).ToArray();
            Assert.Equal(17 - (before?.Length ?? 0), refused.Length);
            Assert.All(refused, reply => Assert.Equal(CutRefusal.DailyHelpLimitReached, reply.Reply.Refusal));
            Assert.All(refused, reply => Assert.Equal(new HelpsToday { Used = 3, Limit = 3, ResetsAt = resetsAt }, reply.Reply.HelpsToday));
            var repeated = replies.Where(reply => reply.Reply.Outcome == Outcome.Repeated).Select(reply => reply.BargainId);
            Assert.Equal((before ?? []).Order(), repeated.Order());
            var done = replies.Where(reply => reply.Reply.Outcome == Outcome.Done).ToArray();
            Assert.Equal([1, 2, 3], done.Select(reply => reply.Reply.Cut!.HelpsToday!.Used).Order());
            return [.. done.Select(reply => reply.BargainId)];
        }
    }

    [Fact]
    public async Task A_friend_helps_an_owner_on_a_product_once_whatever_the_campaign()
    {
        await using var shop = await Shop.Open();
        await shop.Publish("spring", Offers.Fixed(10, product: "umbrella"));
        await shop.Publish("summer", Offers.Fixed(10, product: "umbrella"));
        await shop.Publish("cookers", Offers.Fixed(10, product: "cooker"));
        var first = await shop.Start("alice", "spring");
        await shop.Cut("bob", first.BargainId);

        // A new bargain of the same campaign, and one of another campaign.
        await shop.Bargain(first.BargainId).Cancel(new CancelBargain { ShopperId = "alice" });
        var second = await shop.Start("alice", "spring");
        var other = await shop.Start("alice", "summer");
        foreach (var bargain in new[] { second, other })
        {
            var reply = await shop.Help("bob", bargain.BargainId);
            Assert.Equal((Outcome.Refused, CutRefusal.HelpedOwnerOnProductBefore), (reply.Outcome, reply.Refusal));
            Assert.Equal(0, (await shop.Bargain(bargain.BargainId).Get())!.CutCount);
        }

        Assert.Equal(1, (await shop.Shopper("bob").Me()).HelpsToday.Used);
        await shop.Cut("bob", (await shop.Start("alice", "cookers")).BargainId);
        await shop.Cut("bob", (await shop.Start("carol", "spring")).BargainId);
        // The owner of one may help the other's.
        await shop.Cut("alice", (await shop.Start("bob", "spring")).BargainId);
        await shop.Audit();
    }

    [Fact]
    public async Task A_shopper_is_new_until_the_first_accepted_act_or_the_shops_word()
    {
        await using var shop = await Shop.Open();
        await shop.Publish("kinds", Offers.Fixed(10) with
        {
            Cut = new CutPolicy { Policy = CutPolicyKind.Amounts, Existing = new FenRange { MinFen = 10, MaxFen = 10 }, New = new FenRange { MinFen = 300, MaxFen = 500 } },
        });
        var one = await shop.Start("owner-1", "kinds");
        var two = await shop.Start("owner-2", "kinds");
        // A refused act makes nobody existing.
        Assert.Equal(CutRefusal.BargainNotFound, (await shop.Help("fresh", "b_none")).Refusal);
        var firstCut = await shop.Cut("fresh", one.BargainId);
        var secondCut = await shop.Cut("fresh", two.BargainId);
        await shop.Shopper("known").DeclareExisting();
        await shop.Shopper("known").DeclareExisting();
        var knownCut = await shop.Cut("known", one.BargainId);
        var starterCut = await shop.Cut("owner-1", two.BargainId);

        Assert.True(firstCut.NewShopper && firstCut.CutFen is >= 300 and <= 500);
        Assert.Equal((false, 10), (secondCut.NewShopper, secondCut.CutFen));
        Assert.Equal((false, 10), (knownCut.NewShopper, knownCut.CutFen));
        Assert.Equal((false, 10), (starterCut.NewShopper, starterCut.CutFen));
        await shop.Audit();
    }
}
