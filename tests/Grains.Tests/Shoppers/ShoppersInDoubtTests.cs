using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests;

/// <summary>Acts that were given up as lost, and are written when their shopper's record has been read anew.</summary>
public sealed class ShoppersInDoubtTests
{
    private const string Campaign = "c-1";

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_shopper_is_shown_what_was_committed_late(int confirmMilliseconds)
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, ConfirmMilliseconds = confirmMilliseconds });
        await shop.Publish(Campaign, Offers.Fixed(10));
        var (one, two) = (await shop.Start("owner", Campaign), await shop.Start("other", Campaign));
        var late = await GiveUp(shop, journal, "friend", one.BargainId);
        Assert.Equal(0, await Used(shop, "friend"));

        await late();
        Assert.Equal(1, await Used(shop, "friend"));

        // With the next help its record is known to be whole.
        Assert.False(shop.ShoppersInDoubt.IsCertain("friend"));
        await shop.Cut("friend", two.BargainId);
        Assert.True(shop.ShoppersInDoubt.IsCertain("friend"));
        Assert.Equal(2, await Used(shop, "friend"));
    }

    /// <summary>The silo that gave it up is gone, and nobody doubts the record that its successor has read.</summary>
    [Fact]
    public async Task A_repeat_of_a_help_that_the_record_lacks_has_it_read_again()
    {
        var inner = new MemoryJournal(deadlineShards: 2);
        var journal = new JournalDouble(inner);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, ConfirmMilliseconds = 1 });
        await using var successor = await Shop.Open(new ShopSettings { Journal = new JournalDouble(inner), ConfirmMilliseconds = 1 });
        await shop.Publish(Campaign, Offers.Fixed(10));
        var bargain = await shop.Start("owner", Campaign);
        await shop.Cut("another", bargain.BargainId);
        await successor.Cut("friend", (await successor.Start("other", Campaign)).BargainId);
        var late = await GiveUp(shop, journal, "friend", bargain.BargainId);
        await late();
        Assert.Equal(1, await Used(successor, "friend"));

        Assert.Equal(Outcome.Repeated, (await successor.Help("friend", bargain.BargainId)).Outcome);
        Assert.Equal(2, await Used(successor, "friend"));
    }

    [Fact]
    public void With_too_many_in_doubt_nobodys_record_tells_any_more()
    {
        var inDoubt = new ShoppersInDoubt();
        for (var i = 0; i < ShoppersInDoubt.Most - 1; i++) inDoubt.Doubt($"s-{i}");
        Assert.Equal((false, true), (inDoubt.IsCertain("s-0"), inDoubt.IsCertain("another")));
        inDoubt.Committed("s-0");
        inDoubt.Doubt("s-1");
        Assert.Equal((true, true), (inDoubt.IsCertain("s-0"), inDoubt.IsCertain("another")));

        inDoubt.Doubt("s-0");
        inDoubt.Doubt("one too many");
        inDoubt.Doubt("and one that is not kept");
        inDoubt.Committed("s-1");

        Assert.Equal((false, false), (inDoubt.IsCertain("s-1"), inDoubt.IsCertain("another")));
    }

    private static async Task<Func<Task>> GiveUp(Shop shop, JournalDouble journal, string friend, string bargainId)
    {
        Func<Task>? late = null;
        journal.Appending = (_, append) =>
        {
            late = append;
            return Task.FromException(new JournalUnavailableException("The test's connection was cut.", outcomeUnknown: true));
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => shop.Help(friend, bargainId));
        journal.Appending = null;
        return late!;
    }

    private static async Task<int> Used(Shop shop, string shopperId) => (await shop.Shopper(shopperId).Me()).HelpsToday.Used;
}
