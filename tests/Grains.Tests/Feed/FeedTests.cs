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
}
