using Orleans.Runtime;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Shoppers;

/// <summary>Shards of shoppers: who falls to which, where they are found, and how they leave.</summary>
public sealed class ShopperShardTests
{
    private const string Friend = "friend";

    [Fact]
    public void Shoppers_fall_to_all_shards_alike()
    {
        const int each = 100;
        var shards = Enumerable.Range(0, each * ShopperShards.Count).Select(number => ShopperShards.Of($"shopper-{number}")).CountBy(shard => shard).ToDictionary();

        Assert.Equal(ShopperShards.Count, shards.Count);
        Assert.All(shards, shard => Assert.InRange(shard.Value, each / 2, each * 2));
    }

    // By a CRC-32C written in another language, over the letters as UTF-16. Processes of two versions must agree: otherwise each has the
    // shopper in a shard of its own.
    [Theory, InlineData("alice", 122), InlineData("\u7528\u6237", 285), InlineData("", 0)]
    public void A_shopper_falls_to_the_same_shard_in_every_version(string shopper, int shard) => Assert.Equal(shard, ShopperShards.Of(shopper));

    [Fact]
    public void A_shard_is_known_by_its_key()
    {
        Assert.All([0, 7, ShopperShards.Count - 1], shard => Assert.Equal(shard, ShopperShards.OfKey(ShopperShards.KeyOf(shard))));
        Assert.All(["", "shoppers-", "shoppers--1", "shoppers- 1", "7", $"shoppers-{ShopperShards.Count}"], key => Assert.Throws<FormatException>(() => ShopperShards.OfKey(key)));
    }

    [Fact]
    public void A_shard_is_found_until_the_cluster_changes_and_again_where_it_still_belongs_here()
    {
        var places = new PlacesDouble();
        var here = new ShardsHere(places);
        var (shelf, grain) = (Shelf(), GrainId.Create("shard", "shoppers-7"));
        Assert.Null(here.Find(7, Friend));
        here.Came(7, grain, shelf);
        Assert.NotNull(here.Find(7, Friend));
        Assert.Null(here.Find(8, Friend));

        places.Changes++;
        Assert.Null(here.Find(7, Friend));
        Assert.True(here.Stays(7, shelf));
        Assert.NotNull(here.Find(7, Friend));

        places.Changes++;
        places.Elsewhere = true;
        Assert.False(here.Stays(7, shelf));
        Assert.Null(here.Find(7, Friend));
        Assert.False(here.Stays(7, shelf));
    }

    [Fact]
    public void The_end_of_one_that_was_replaced_leaves_the_other_here()
    {
        var here = new ShardsHere();
        var (before, after, grain) = (Shelf(), Shelf(), GrainId.Create("shard", "shoppers-7"));
        here.Came(7, grain, before);
        here.Came(7, grain, after);

        here.Left(7, before);
        Assert.NotNull(here.Find(7, Friend));
        Assert.False(here.Stays(7, before));
        here.Left(7, after);
        Assert.Null(here.Find(7, Friend));
    }

    [Fact]
    public async Task A_shard_that_belongs_elsewhere_goes_and_the_next_one_reads_what_it_knew()
    {
        var places = new PlacesDouble();
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, IsAlone = false, Places = places });
        await shop.Publish("moves", Offers.Fixed(10));
        var bargains = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => shop.Start($"owner-{i}", "moves")));
        var reads = 0;
        journal.Telling = stream =>
        {
            if (stream == Streams.Shopper(Friend)) Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };
        await shop.Cut(Friend, bargains[0].BargainId);
        await shop.Cut(Friend, bargains[1].BargainId);
        Assert.Equal(1, reads);

        places.Elsewhere = true;
        places.Changes++;
        await shop.Cut(Friend, bargains[2].BargainId);
        places.Elsewhere = false;

        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await shop.Help(Friend, bargains[3].BargainId)).Refusal);
        Assert.Equal(2, reads);
        await shop.Audit();
    }

    private static ShopperShelf Shelf() => new ShopperShelves(TimeProvider.System).Add(parts: null!, share: 1);

    private sealed class PlacesDouble : IShardPlaces
    {
        public volatile bool Elsewhere;

        public int Changes { get; set; }

        public bool IsHere(GrainId shard) => !Elsewhere;
    }
}
