using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Shoppers;

/// <summary>Shoppers without a grain for each, in a process that has them all and in shards: what such a grain would make sure of holds all the same.</summary>
public sealed class ShoppersTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Whoever_asks_the_grain_and_whoever_asks_the_shopper_itself_ask_the_same_one(bool isAlone)
    {
        await using var shop = await Shop.Open(new ShopSettings { IsAlone = isAlone });
        await shop.Publish("both", Offers.Fixed(10));
        var (one, two, three, four) = (await shop.Start("a", "both"), await shop.Start("b", "both"), await shop.Start("c", "both"), await shop.Start("d", "both"));
        var grain = shop.Grains.GetGrain<IShopperGrain>("friend");
        Assert.Equal(0, (await grain.Me()).HelpsToday.Used);

        await shop.Cut("friend", one.BargainId);
        Assert.Equal(1, (await grain.Me()).HelpsToday.Used);
        Assert.Equal(Outcome.Done, (await grain.Help(new HelpBargain { BargainId = two.BargainId })).Outcome);
        Assert.Equal(2, (await shop.Shopper("friend").Me()).HelpsToday.Used);
        await shop.Cut("friend", three.BargainId);

        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await grain.Help(new HelpBargain { BargainId = four.BargainId })).Refusal);
        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await shop.Help("friend", four.BargainId)).Refusal);
        await shop.Audit();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_shopper_acts_once_at_a_time(bool isAlone)
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, IsAlone = isAlone });
        await shop.Publish("turns", Offers.Fixed(10));
        var bargains = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => shop.Start($"owner-{i}", "turns")));
        var (underWay, most) = (0, 0);
        journal.Appending = async (unit, append) =>
        {
            var now = Interlocked.Increment(ref underWay);
            most = Math.Max(most, now);
            await append();
            Interlocked.Decrement(ref underWay);
        };

        var grain = shop.Grains.GetGrain<IShopperGrain>("busy");
        var replies = await Task.WhenAll(bargains.Select((bargain, i) => i % 2 == 0
            ? shop.Help("busy", bargain.BargainId)
            : grain.Help(new HelpBargain { BargainId = bargain.BargainId })));

        Assert.Equal(1, most);
        Assert.Equal(3, replies.Count(reply => reply.Outcome == Outcome.Done));
        Assert.Equal(5, replies.Count(reply => reply.Refusal == CutRefusal.DailyHelpLimitReached));
        await shop.Audit();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_follows_an_act_that_failed_is_decided_on_what_is_stored(bool isAlone)
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, IsAlone = isAlone });
        await shop.Publish("doubt", Offers.Fixed(10));
        var (one, two) = (await shop.Start("a", "doubt"), await shop.Start("b", "doubt"));
        var commit = journal.Hold(unit => unit.Appends.Any(append => append.Stream == Streams.Shopper("friend")));
        var lost = shop.Help("friend", one.BargainId);
        await commit.Arrived;
        var next = shop.Help("friend", two.BargainId);
        commit.Fail(outcomeUnknown: true);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => lost);
        Assert.Equal(1, (await next).Cut!.HelpsToday!.Used);
        // The first was not written after all; its repeat is.
        Assert.Equal(2, (await shop.Cut("friend", one.BargainId)).HelpsToday!.Used);
        await shop.Audit();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_a_shopper_knew_is_at_hand_when_it_acts_again_and_read_anew_when_nobody_can_know(bool isAlone)
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, IsAlone = isAlone });
        await shop.Publish("rest", Offers.Fixed(10));
        var (one, two, three) = (await shop.Start("a", "rest"), await shop.Start("b", "rest"), await shop.Start("c", "rest"));
        var reads = 0;
        journal.Telling = stream =>
        {
            if (stream == Streams.Shopper("friend")) reads++;
            return Task.CompletedTask;
        };

        await shop.Cut("friend", one.BargainId);
        Assert.Equal(1, (await shop.Shopper("friend").Me()).HelpsToday.Used);
        await shop.Cut("friend", two.BargainId);
        Assert.Equal(1, reads);

        var commit = journal.Hold(unit => unit.Appends.Any(append => append.Stream == Streams.Shopper("friend")));
        var lost = shop.Help("friend", three.BargainId);
        await commit.Arrived;
        commit.Fail(outcomeUnknown: true);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => lost);
        Assert.Equal(2, (await shop.Shopper("friend").Me()).HelpsToday.Used);
        Assert.Equal(2, reads);
        await shop.Audit();
    }

    [Fact]
    public async Task How_many_are_kept_is_told()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var shelves = new ShopperShelves(TimeProvider.System, meters);
        // None of them does anything.
        var (one, two) = (shelves.Add(parts: null!, share: 2), shelves.Add(parts: null!, share: 2));
        foreach (var shopper in new[] { "a", "b", "c", "b" }) one.Enter(shopper);
        two.Enter("d");
        var told = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: "socialcommerce.shoppers.kept", Meter.Name: "SocialCommerce.Grains" }) self.EnableMeasurementEvents(instrument);
        };
        // Other tests have shoppers of their own.
        listener.SetMeasurementEventCallback<int>((instrument, kept, _, _) => told = instrument.Meter.Scope == meters ? kept : told);
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(4, told);
        shelves.Remove(two);
        listener.RecordObservableInstruments();
        Assert.Equal(3, told);

        // Those at rest count as well.
        await using var shop = await Shop.Open();
        await shop.Publish("kept", Offers.Fixed(10));
        await shop.Start("owner", "kept");
        Assert.Equal(1, shop.Shelves.Count);
    }

    [Fact]
    public async Task All_who_ask_at_once_get_the_same_shopper_until_the_last_has_left()
    {
        var shelf = new ShopperShelves(TimeProvider.System).Add(parts: null!, share: 1);
        var found = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Enumerable.Range(0, 1_000).Select(number => shelf.Enter($"s-{number}")).ToArray())));

        Assert.All(found, each => Assert.Equal(found[0], each, ReferenceEqualityComparer.Instance));
        await Task.WhenAll(found.Skip(1).Select(each => Task.Run(() =>
        {
            for (var number = 0; number < each.Length; number++) shelf.Leave($"s-{number}", each[number]);
        })));
        Assert.Same(found[0][7], shelf.Enter("s-7"));
        Assert.Equal(1_000, shelf.Count);
        shelf.Leave("s-7", found[0][7]);
        for (var number = 0; number < found[0].Length; number++) shelf.Leave($"s-{number}", found[0][number]);
        Assert.Equal(0, shelf.Count);
        Assert.NotSame(found[0][7], shelf.Enter("s-7"));
    }

    [Fact]
    public async Task A_request_that_is_none_keeps_no_shopper()
    {
        var shelves = new ShopperShelves(TimeProvider.System);
        var all = new AllShoppers(parts: null!, shelves);

        await Assert.ThrowsAsync<ArgumentNullException>(() => all.Of("nobody").Help(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => all.Of("nobody").JoinTeam(null!));

        Assert.Equal(0, shelves.Count);
    }
}
