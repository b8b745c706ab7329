using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>A bargain's end by the clock, on the tick, also over a process that was down.</summary>
public sealed class ExpiryTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task One_fen_short_at_the_deadline_is_expired_once_and_its_unit_is_free_again()
    {
        await _shop.Publish("short", Offers.Fixed(9_999) with { Stock = 1 });
        var bargain = await _shop.Start("short-owner", "short");
        Assert.Equal(1, (await _shop.Cut("short-1", bargain.BargainId)).RemainingFen);
        Assert.Equal(new StockView { Total = 1, Held = 1 }, await _shop.Stock("short"));

        _shop.Clock.Set(bargain.ExpiresAt);
        await _shop.UntilBargain(bargain.BargainId, BargainStatus.Expired);

        Assert.Equal(new StockView { Total = 1, Free = 1 }, await _shop.Stock("short"));
        Assert.Equal(CutRefusal.BargainExpired, (await _shop.Help("short-2", bargain.BargainId)).Refusal);
        Assert.Equal(ClaimRefusal.BargainExpired, (await _shop.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = "short-owner" })).Refusal);
        // The unit is really there: another start takes it.
        await _shop.Start("short-next", "short");
        Assert.Equal(1, await _shop.CountEvents(bargain.BargainId, "bargain.expired"));
        Assert.Equal(bargain.ExpiresAt, (await _shop.Events(bargain.BargainId))[^1].OccurredAt);
        await _shop.Audit();
    }

    [Fact]
    public async Task The_deadline_itself_is_too_late_and_the_tick_before_is_not()
    {
        // Nothing sweeps here: the grain alone keeps the hour.
        await using var shop = await Shop.Open(new ShopSettings { SweepMilliseconds = Shop.Unswept });
        await shop.Publish("edge", Offers.Fixed(10));
        var bargain = await shop.Start("edge-owner", "edge");
        var other = await shop.Start("edge-other", "edge");

        shop.Clock.Set(bargain.ExpiresAt.AddTicks(-1));
        await shop.Cut("edge-1", bargain.BargainId);
        shop.Clock.Set(bargain.ExpiresAt);
        Assert.Equal(CutRefusal.BargainExpired, (await shop.Help("edge-2", bargain.BargainId)).Refusal);
        Assert.Equal(CutRefusal.BargainExpired, (await shop.Help("edge-1", other.BargainId)).Refusal);
        // The repeat of the accepted one is a repeat still.
        Assert.Equal(Outcome.Repeated, (await shop.Help("edge-1", bargain.BargainId)).Outcome);
        Assert.Equal(1, (await shop.Shopper("edge-1").Me()).HelpsToday.Used);
        // Over is over: a new start is a new bargain, though nobody has swept the old one.
        Assert.NotEqual(bargain.BargainId, (await shop.Start("edge-owner", "edge")).BargainId);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_the_process_is_down_is_met_after_its_start()
    {
        using var folder = new TempFolder();
        var clock = new HandClock(ShopSettings.Opening);
        var ids = new List<string>();
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal }))
        {
            await shop.Publish("down", Offers.Fixed(5_000) with { Stock = 5 });
            for (var i = 0; i < 5; i++) ids.Add((await shop.Start($"down-{i}", "down")).BargainId);
            await shop.Cut("down-helper", ids[0]);
            await shop.Cut("down-helper", ids[1]);
            await shop.Cut("down-last", ids[1]);
        }

        clock.Advance(TimeSpan.FromDays(1));
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = folder.File("journal.db") }))
        await using (var shop = await Shop.Open(new ShopSettings { Clock = clock, Journal = journal, Seed = 2 }))
        {
            // Before anything else has a chance: the hour has come, whether swept or not.
            Assert.Equal(CutRefusal.BargainExpired, (await shop.Help("down-late", ids[0])).Refusal);
            foreach (var id in ids) await shop.UntilBargain(id, id == ids[1] ? BargainStatus.Lapsed : BargainStatus.Expired);

            Assert.Equal(new StockView { Total = 5, Free = 5 }, await shop.Stock("down"));
            foreach (var id in ids) Assert.Equal(1, await shop.CountEvents(id, id == ids[1] ? "bargain.lapsed" : "bargain.expired"));
            await shop.Audit();
        }
    }
}
