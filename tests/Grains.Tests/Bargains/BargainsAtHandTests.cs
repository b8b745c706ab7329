using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>Refusals that are given without the bargain's grain: as that would give them.</summary>
public sealed class BargainsAtHandTests
{
    private const string Campaign = "deal";

    /// <summary>A bargain that refused somebody while it was open says how it stands now, to whoever comes.</summary>
    [Theory]
    [InlineData("open", CutRefusal.DailyHelpLimitReached, CutRefusal.None)]
    [InlineData("cancelled", CutRefusal.BargainCancelled, CutRefusal.BargainCancelled)]
    [InlineData("due", CutRefusal.BargainExpired, CutRefusal.BargainExpired)]
    [InlineData("expired", CutRefusal.BargainExpired, CutRefusal.BargainExpired)]
    [InlineData("won", CutRefusal.BargainWon, CutRefusal.BargainWon)]
    [InlineData("claimed", CutRefusal.BargainWon, CutRefusal.BargainWon)]
    [InlineData("lapsed", CutRefusal.BargainWon, CutRefusal.BargainWon)]
    [InlineData("soldOut", CutRefusal.BargainSoldOut, CutRefusal.BargainSoldOut)]
    public async Task What_became_of_the_bargain_is_told(string state, CutRefusal toTheTired, CutRefusal toTheFresh)
    {
        await using var shop = await Shop.Open(new ShopSettings { SweepMilliseconds = state == "due" ? Shop.Unswept : 10 });
        await shop.Publish(Campaign, Offers.Fixed(5_000) with { Stock = 1, StockPolicy = StockPolicy.ClaimAtWin, ClaimWithinSeconds = 3_600 });
        var bargain = await shop.Start("owner", Campaign);
        await UseUp(shop, "tired");
        var helped = await shop.Cut("friend", bargain.BargainId);
        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await shop.Help("tired", bargain.BargainId)).Refusal);
        Assert.NotNull(shop.BargainsAtHand.Find(bargain.BargainId));

        switch (state)
        {
            case "cancelled": await shop.Bargain(bargain.BargainId).Cancel(new CancelBargain()); break;
            case "due" or "expired": shop.Clock.Set(bargain.ExpiresAt); break;
            case "won" or "claimed" or "lapsed": await shop.Cut("winner", bargain.BargainId); break;
            case "soldOut":
                await WinAnother(shop);
                await shop.Cut("unlucky", bargain.BargainId);
                break;
        }

        if (state == "expired") await shop.UntilBargain(bargain.BargainId, BargainStatus.Expired);
        if (state == "claimed") await shop.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = "owner" });
        if (state == "lapsed")
        {
            shop.Clock.Advance(TimeSpan.FromHours(1));
            await shop.UntilBargain(bargain.BargainId, BargainStatus.Lapsed);
        }

        var refused = await shop.Help("tired", bargain.BargainId);
        Assert.Equal(toTheTired, refused.Refusal);
        Assert.Equal(state == "open" ? 3 : null, refused.HelpsToday?.Used);
        Assert.Equal(CutRefusal.OwnBargain, (await shop.Help("owner", bargain.BargainId)).Refusal);
        Assert.Equal(toTheFresh, (await shop.Help("fresh", bargain.BargainId)).Refusal);
        var repeat = await shop.Help("friend", bargain.BargainId);
        Assert.Equal((Outcome.Repeated, helped), (repeat.Outcome, repeat.Cut));
        await shop.Audit();
    }

    [Fact]
    public async Task It_is_the_gate_that_refuses_and_not_the_grain()
    {
        await using var shop = await Shop.Open();
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        await UseUp(shop, "tired");

        // Nobody was refused there: nothing is known but by the grain.
        Assert.Null(shop.BargainsAtHand.Find(bargain.BargainId));
        shop.BargainsAtHand.Put(Standing(bargain, "tired", Rules.BargainStatus.SoldOut));

        Assert.Equal(CutRefusal.OwnBargain, (await shop.Help("tired", bargain.BargainId)).Refusal);
        Assert.Equal(CutRefusal.BargainSoldOut, (await shop.Help("fresh", bargain.BargainId)).Refusal);
        shop.BargainsAtHand.Forget(bargain.BargainId);
        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await shop.Help("tired", bargain.BargainId)).Refusal);
        await shop.Cut("fresh", bargain.BargainId);
    }

    [Fact]
    public async Task A_day_that_has_ended_opens_it_again()
    {
        await using var shop = await Shop.Open();
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        await UseUp(shop, "tired");
        var refused = await shop.Help("tired", bargain.BargainId);
        Assert.Equal(refused, await shop.Help("tired", bargain.BargainId));

        shop.Clock.Set(refused.HelpsToday!.ResetsAt);

        Assert.Equal(1, (await shop.Cut("tired", bargain.BargainId)).HelpsToday!.Used);
    }

    /// <summary>Its grain takes cuts meanwhile, beyond what is short enough to be looked through by others.</summary>
    [Fact]
    public async Task A_repeat_is_the_first_receipt_whoever_answers_it_and_whatever_comes_meanwhile()
    {
        const int helpers = 300;
        await using var shop = await Shop.Open();
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        var receipts = new CutReceipt?[helpers];
        var isOver = false;
        var repeating = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var repeats = 0; ; repeats++)
            {
                var wasOver = Volatile.Read(ref isOver);
                for (var i = 0; i < helpers; i++)
                {
                    if (Volatile.Read(ref receipts[i]) is not { } first) continue;
                    var repeat = await shop.Help($"a helper whose name is number {i}", bargain.BargainId);
                    Assert.Equal((Outcome.Repeated, first), (repeat.Outcome, repeat.Cut));
                }

                if (wasOver) return;
            }
        })).ToList();
        for (var i = 0; i < helpers; i++) Volatile.Write(ref receipts[i], await shop.Cut($"a helper whose name is number {i}", bargain.BargainId));
        await shop.Bargain(bargain.BargainId).Cancel(new CancelBargain());
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(repeating);
        // Too many by now to be kept.
        Assert.Equal(0, shop.BargainsAtHand.Find(bargain.BargainId)!.Cuts.Count);
        await shop.Audit();
    }

    [Fact]
    public async Task A_repeat_is_answered_without_the_grain()
    {
        await using var shop = await Shop.Open();
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        var (one, two) = (await shop.Cut("one", bargain.BargainId), await shop.Cut("two", bargain.BargainId));
        Assert.Equal(one, (await shop.Help("one", bargain.BargainId)).Cut);
        var known = shop.BargainsAtHand.Find(bargain.BargainId)!;
        shop.BargainsAtHand.Put(known with { TermsOrNull = known.Terms with { FloorPriceFen = 1 } });

        // By the terms, of which the grain knows others.
        Assert.Equal((Outcome.Repeated, two.RemainingFen - 1), await RepeatOfTwo());
        shop.BargainsAtHand.Forget(bargain.BargainId);
        Assert.Equal((Outcome.Repeated, two.RemainingFen), await RepeatOfTwo());

        async Task<(Outcome, long)> RepeatOfTwo()
        {
            var repeat = await shop.Help("two", bargain.BargainId);
            return (repeat.Outcome, repeat.Cut!.RemainingFen);
        }
    }

    [Fact]
    public async Task Once_the_winner_has_its_answer_nobody_hears_of_anything_but_the_win()
    {
        await using var shop = await Shop.Open();
        await shop.Publish(Campaign, Offers.Fixed(10_000));
        await shop.Publish(Campaign + "-before", Offers.Fixed(10, product: "other"));
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), async (i, cancellation) =>
        {
            var (tired, bargainId) = ($"tired-{i}", (await shop.Start($"owner-{i}", Campaign)).BargainId);
            await UseUp(shop, tired, Campaign + "-before");
            var isToldOf = false;
            var asking = Task.Run(async () =>
            {
                for (var mustBeWon = false; !mustBeWon;)
                {
                    mustBeWon = Volatile.Read(ref isToldOf);
                    var refusal = (await shop.Help(tired, bargainId)).Refusal;
                    Assert.True(refusal == CutRefusal.BargainWon || (!mustBeWon && refusal == CutRefusal.DailyHelpLimitReached), $"{refusal} after the win");
                }
            }, cancellation);
            await shop.Cut($"winner-{i}", bargainId);
            Volatile.Write(ref isToldOf, true);
            await asking;
        });
        await shop.Audit();
    }

    [Fact]
    public async Task A_cut_that_wins_in_time_is_waited_for_when_the_time_is_up()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, SweepMilliseconds = Shop.Unswept });
        await shop.Publish(Campaign, Offers.Fixed(10_000));
        var bargain = await shop.Start("owner", Campaign);
        Assert.Equal(CutRefusal.OwnBargain, (await shop.Help("owner", bargain.BargainId)).Refusal);
        var commit = journal.Hold(unit => unit.Appends.Any(append => append.Stream == Streams.Shopper("winner")));
        var winning = shop.Help("winner", bargain.BargainId);
        await commit.Arrived;
        shop.Clock.Set(bargain.ExpiresAt);
        var late = shop.Help("late", bargain.BargainId);

        commit.Release();

        Assert.Equal(Outcome.Done, (await winning).Outcome);
        Assert.Equal(CutRefusal.BargainWon, (await late).Refusal);
    }

    /// <summary>The winning cut was given up as lost and is there all the same: nobody may be told what the bargain was before it.</summary>
    [Fact]
    public async Task While_a_cut_is_in_doubt_the_grain_is_asked()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish(Campaign, Offers.Fixed(10_000));
        await shop.Publish(Campaign + "-before", Offers.Fixed(10, product: "other"));
        var bargain = await shop.Start("owner", Campaign);
        await UseUp(shop, "tired", Campaign + "-before");
        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await shop.Help("tired", bargain.BargainId)).Refusal);
        journal.Appending = async (_, append) =>
        {
            await append();
            throw new JournalUnavailableException("The test's connection was cut.", outcomeUnknown: true);
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => shop.Help("winner", bargain.BargainId));
        journal.Appending = null;

        Assert.Null(shop.BargainsAtHand.Find(bargain.BargainId));
        Assert.Equal(CutRefusal.BargainWon, (await shop.Help("tired", bargain.BargainId)).Refusal);
        Assert.Null(shop.BargainsAtHand.Find(bargain.BargainId));
    }

    /// <summary>A help that was given up as lost is written half a minute later: the shopper's record was read in between, and does not tell.</summary>
    [Fact]
    public async Task A_shopper_in_doubt_is_not_taken_at_its_records_word()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish(Campaign, Offers.Fixed(10));
        var (one, two) = (await shop.Start("owner", Campaign), await shop.Start("other", Campaign));
        Func<Task>? late = null;
        journal.Appending = (_, append) =>
        {
            late = append;
            return Task.FromException(new JournalUnavailableException("The test's connection was cut.", outcomeUnknown: true));
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => shop.Help("friend", one.BargainId));
        journal.Appending = null;
        Assert.Equal(0, (await shop.Shopper("friend").Me()).HelpsToday.Used);
        await late!();
        foreach (var bargain in new[] { one, two }) shop.BargainsAtHand.Put(Standing(bargain, "owner", Rules.BargainStatus.Cancelled));

        Assert.Equal(CutRefusal.BargainCancelled, (await shop.Help("fresh", one.BargainId)).Refusal);
        Assert.Equal(Outcome.Repeated, (await shop.Help("friend", one.BargainId)).Outcome);

        // With the next help its record is known to be whole.
        Assert.False(shop.ShoppersInDoubt.IsCertain("friend"));
        await shop.Cut("friend", two.BargainId);
        Assert.True(shop.ShoppersInDoubt.IsCertain("friend"));
        await shop.Audit();
    }

    [Fact]
    public async Task A_store_that_is_away_leaves_nobody_in_doubt()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        journal.Appending = (_, _) => Task.FromException(new JournalUnavailableException("The test's disk is full.", outcomeUnknown: false));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => shop.Help("friend", bargain.BargainId));
        Assert.True(shop.ShoppersInDoubt.IsCertain("friend"));
    }

    [Fact]
    public async Task Where_others_may_have_the_bargain_nothing_is_known_but_by_its_grain()
    {
        await using var shop = await Shop.Open(new ShopSettings { ConfirmMilliseconds = 1 });
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);

        Assert.Equal(CutRefusal.OwnBargain, (await shop.Help("owner", bargain.BargainId)).Refusal);

        Assert.Null(shop.BargainsAtHand.Find(bargain.BargainId));
    }

    [Fact]
    public void There_are_only_so_many()
    {
        var atHand = new BargainsAtHand();
        const int most = BargainsAtHand.RoomMost / BargainsAtHand.OwnRoom;
        for (var i = 0; i < most + 10; i++) atHand.Put(new Rules.BargainState { BargainId = $"b-{i}" });

        Assert.Equal(10, Enumerable.Range(0, most + 10).Count(i => atHand.Find($"b-{i}") is not null));
        var first = new Rules.BargainState { BargainId = "b-0" };
        atHand.Moved(first);
        Assert.Null(atHand.Find("b-0"));
        atHand.Put(first);
        Assert.Same(first, atHand.Find("b-0"));
    }

    /// <summary>Those with many cuts are fewer, and one that is renewed counts once.</summary>
    [Fact]
    public void Their_cuts_count()
    {
        var atHand = new BargainsAtHand();
        var cuts = Enumerable.Range(1, BargainsAtHand.OwnRoom).Aggregate(Rules.CutLog.Empty, (log, number) => log.Append(new Rules.CutEntry { HelperId = $"h{number}", CutNumber = number }));
        const int most = BargainsAtHand.RoomMost / BargainsAtHand.OwnRoom / 2;
        for (var i = 0; i < most - 1; i++)
        {
            atHand.Put(new Rules.BargainState { BargainId = $"b-{i}" });
            atHand.Put(new Rules.BargainState { BargainId = $"b-{i}", Cuts = cuts });
        }

        Assert.All(Enumerable.Range(0, most - 1), i => Assert.Equal(cuts, atHand.Find($"b-{i}")!.Cuts));
        atHand.Put(new Rules.BargainState { BargainId = "last", Cuts = cuts });
        Assert.Null(atHand.Find("b-0"));
    }

    private static Rules.BargainState Standing(BargainView bargain, string ownerId, Rules.BargainStatus status) =>
        new() { BargainId = bargain.BargainId, OwnerId = ownerId, Status = status, ExpiresAt = bargain.ExpiresAt };

    private static async Task WinAnother(Shop shop)
    {
        var rival = await shop.Start("rival", Campaign);
        await shop.Cut("rivals-first", rival.BargainId);
        await shop.Cut("rivals-second", rival.BargainId);
    }

    private static async Task UseUp(Shop shop, string shopper, string campaign = Campaign)
    {
        for (var i = 0; i < 3; i++) await shop.Cut(shopper, (await shop.Start($"{shopper}-{i}", campaign)).BargainId);
    }
}
