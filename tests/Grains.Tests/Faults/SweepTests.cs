using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests;

/// <summary>The sweep of what is due, while the store is away and after it.</summary>
public sealed class SweepTests
{
    private const int LooksWhileAway = 3;

    [Fact]
    public async Task A_store_that_is_away_is_told_once_and_what_was_due_meanwhile_ends()
    {
        var looks = 0;
        var isAway = false;
        var log = new TestLog(typeof(DeadlineGrain).FullName!);
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 1))
        {
            Sweeping = _ =>
            {
                if (!Volatile.Read(ref isAway)) return;
                Interlocked.Increment(ref looks);
                throw new JournalUnavailableException("The test's store is away.");
            },
        };
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, Log = log });
        await shop.Publish("umbrella", Offers.Headcount(5));
        var bargain = await shop.Start("owner", "umbrella");

        Volatile.Write(ref isAway, true);
        shop.Clock.Advance(TimeSpan.FromDays(2));
        await shop.Until(() => Task.FromResult(Volatile.Read(ref looks) >= LooksWhileAway), "the sweep looks again and again");
        Assert.Equal(["Shard 0 can't be swept until the store is back: The test's store is away."], log.Warnings);

        Volatile.Write(ref isAway, false);
        await shop.UntilBargain(bargain.BargainId, BargainStatus.Expired);
        await shop.Until(() => Task.FromResult(log.Warnings.Count == 2), "it says that it sweeps again");
        Assert.Equal("Shard 0 is swept again", log.Warnings.Last());
    }
}
