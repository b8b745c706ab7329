using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Feed;

/// <summary>What the shop's other systems are given.</summary>
public sealed class FeedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_page_without_events_is_the_end_and_not_a_stretch_in_which_nothing_public_happened(int waitSeconds)
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish("deal", Offers.Fixed(10));
        journal.EmptyPages = 3;

        var page = await shop.Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { Limit = 200, WaitSeconds = waitSeconds });

        Assert.Equal("campaign.published", page.Items[0].Type);
        Assert.Equal(0, journal.EmptyPages);
        Assert.Empty((await shop.Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { After = page.Next, Limit = 200 })).Items);
    }

    [Fact]
    public async Task A_stretch_without_an_end_is_left_to_the_next_read_which_goes_on_behind_it()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish("deal", Offers.Fixed(10));
        journal.EmptyPages = int.MaxValue;

        var page = await shop.Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { WaitSeconds = 5 });
        Assert.Equal((true, true), (page.More, page.Items.IsEmpty));

        journal.EmptyPages = 0;
        page = await shop.Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { After = page.Next });
        Assert.Equal((false, "campaign.published"), (page.More, page.Items[0].Type));
    }

    /// <summary>The API asks the form alone, and names it with every other fault: the grain must not be of another mind.</summary>
    [Theory]
    [InlineData("0-0", true)]
    [InlineData("0-9223372036854775807", true)]
    [InlineData("9223372036854775807-9223372036854775807", true)]
    [InlineData("0-9223372036854775808", false)]
    [InlineData("zz", false)]
    [InlineData("17", false)]
    [InlineData("-1", false)]
    [InlineData("1-", false)]
    [InlineData("0--1", false)]
    [InlineData("+0-1", false)]
    [InlineData("0-1-2", false)]
    [InlineData(" 0-1", false)]
    [InlineData("0-1\n", false)]
    [InlineData("٠-١", false)]
    public async Task What_has_no_cursors_form_is_none_and_nothing_else(string text, bool isCursor)
    {
        await using var shop = await Shop.Open(new ShopSettings());

        var reply = await shop.Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { After = text });

        Assert.Equal((isCursor, isCursor), (FeedQuery.IsCursor(text), reply.CursorIsValid));
    }
}
