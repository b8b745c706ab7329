namespace SocialCommerce.Rules.Tests.Shoppers;

public sealed class ShopperTests
{
    private static readonly DateOnly Sunday = new(2026, 3, 1);

    [Fact]
    public void A_shopper_is_new_until_its_first_accepted_act_or_the_shops_word()
    {
        Assert.True(ShopperState.None.IsNew);
        ShopperEvent[] acts =
        [
            Help("o1", Sunday),
            new ShopperStarted { CampaignId = "c1", BargainId = "b1" },
            new ShopperSeated { CampaignId = "c1", TeamId = "t1", SeatId = "s1" },
            new ShopperBought { CampaignId = "c1", PurchaseId = "u1" },
            new ShopperDeclaredExisting(),
        ];
        Assert.All(acts, act => Assert.False(After(act).IsNew));
    }

    [Fact]
    public void Helps_are_counted_on_their_day_and_start_again_on_the_next()
    {
        var shopper = After(Help("o1", Sunday), Help("o2", Sunday));
        Assert.Equal((2, 0), (shopper.UsedOn(Sunday), shopper.UsedOn(Sunday.AddDays(1))));
        Assert.Equal(1, ShopperState.Evolve(shopper, Help("o3", Sunday.AddDays(1))).UsedOn(Sunday.AddDays(1)));
    }

    [Fact]
    public void A_slower_clock_does_not_bring_a_day_back()
    {
        // Three helps on Sunday and one on Monday by one clock, then another clock still says Sunday.
        var shopper = After(Help("o1", Sunday), Help("o2", Sunday), Help("o3", Sunday), Help("o4", Sunday.AddDays(1)));
        Assert.Equal(Sunday.AddDays(1), shopper.CountingDay(Sunday));
        Assert.Equal(1, shopper.UsedOn(Sunday));
        var after = ShopperState.Evolve(shopper, Help("o5", Sunday));
        Assert.Equal(2, after.UsedOn(Sunday.AddDays(1)));
        Assert.Equal(0, after.UsedOn(Sunday.AddDays(2)));
    }

    [Fact]
    public void A_help_is_remembered_by_owner_and_product_for_ever()
    {
        var shopper = After(Help("o1", Sunday), Help("o2", Sunday.AddDays(40)));
        Assert.True(shopper.HasHelped(HelpMark.Of("o1", "p1")));
        Assert.True(shopper.HasHelped(HelpMark.Of("o2", "p1")));
        Assert.False(shopper.HasHelped(HelpMark.Of("o1", "p2")));
        Assert.False(shopper.HasHelped(HelpMark.Of("o3", "p1")));
    }

    [Fact]
    public void Marks_are_found_whatever_the_order_of_the_helps()
    {
        var owners = Enumerable.Range(0, 500).Select(i => $"o{i}").ToArray();
        var shopper = After([.. owners.Select(owner => Help(owner, Sunday))]);
        Assert.All(owners, owner => Assert.True(shopper.HasHelped(HelpMark.Of(owner, "p1"))));
        Assert.Equal(500, shopper.Helped.Length);
        Assert.Equal(shopper.Helped.Order(), shopper.Helped);
    }

    [Fact]
    public void A_mark_is_the_first_eight_bytes_of_a_sha256()
    {
        // printf 'o1\np1' | openssl dgst -sha256
        Assert.Equal(0x78bf9ee12c82b40eUL, HelpMark.Of("o1", "p1"));
    }

    [Theory]
    [InlineData("b_01hzzzzzzz0123456789abc7hfwyw4paw21e", true)]
    [InlineData("b_01hzzzzzzz0123456789abc7hfwyw4paw21u", false)]
    [InlineData("t_01hzzzzzzz0123456789abc7hfwyw4paw21e", false)]
    [InlineData("b_01hzzzzzzz0123456789abc7hfwyw4paw21", false)]
    [InlineData("", false)]
    public void A_mark_is_read_from_the_end_of_an_id_of_a_bargain_and_of_nothing_else(string id, bool isThere) =>
        Assert.Equal(isThere, HelpMark.TryRead(id, out _));

    [Fact]
    public void A_help_counts_by_the_mark_in_the_bargains_id()
    {
        var mark = HelpMark.Of("o1", "p1");
        var id = "b_01hzzzzzzz0123456789abc" + Crockford.Encode(mark, Crockford.Digits64);
        var shopper = After(Help("o1", Sunday) with { BargainId = id });
        Assert.True(HelpMark.TryRead(id, out var read));
        Assert.Equal(mark, read);
        Assert.True(shopper.HasHelped(mark));
        Assert.Single(shopper.Helped);
    }

    [Fact]
    public void The_starts_of_a_campaign_are_counted_and_the_last_bargain_is_known()
    {
        var shopper = After(
            new ShopperStarted { CampaignId = "c1", BargainId = "b1" },
            new ShopperStarted { CampaignId = "c2", BargainId = "b2" },
            new ShopperStarted { CampaignId = "c1", BargainId = "b3" });
        Assert.Equal(new StartsInCampaign("c1", "b3", 2), shopper.StartsIn("c1"));
        Assert.Equal(new StartsInCampaign("c2", "b2", 1), shopper.StartsIn("c2"));
        Assert.Null(shopper.StartsIn("c3"));
    }

    [Fact]
    public void A_seat_or_a_purchase_is_one_unit_however_often_it_is_written()
    {
        var shopper = After(
            new ShopperSeated { CampaignId = "c1", TeamId = "t1", SeatId = "s1" },
            new ShopperBought { CampaignId = "c1", PurchaseId = "u1" },
            new ShopperSeated { CampaignId = "c1", TeamId = "t1", SeatId = "s1" },
            new ShopperBought { CampaignId = "c1", PurchaseId = "u1" });
        Assert.Equal([new UnitRef("c1", "t1", "s1"), new UnitRef("c1", "u1", "")], shopper.Units.AsEnumerable());
    }

    private static ShopperState After(params ShopperEvent[] events) => events.Aggregate(ShopperState.None, ShopperState.Evolve);

    private static ShopperHelped Help(string ownerId, DateOnly day) => new() { BargainId = "b-" + ownerId, OwnerId = ownerId, ProductId = "p1", Day = day };
}
