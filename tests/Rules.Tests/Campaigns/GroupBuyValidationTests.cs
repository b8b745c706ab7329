using static SocialCommerce.Rules.Tests.Campaigns.ValidationTests;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Campaigns;

public sealed class GroupBuyValidationTests
{
    private const long Most = CampaignValidation.PriceFenMax;

    private static readonly CampaignDraft Tiers = GroupBuyDraft() with { TeamSize = null, TeamPriceFen = null, Tiers = TiersOf((2, 8_000), (5, 6_000)) };

    [Fact]
    public void What_is_not_given_takes_the_defaults_of_the_rules()
    {
        var terms = Checked(GroupBuyDraft(), version: 2);
        var groupBuy = terms.GroupBuy!;
        Assert.Null(terms.Bargain);
        Assert.Equal(("c1", 2, "CNY", 9_900L), (groupBuy.CampaignId, groupBuy.DefinitionVersion, terms.Currency, groupBuy.SoloPriceFen));
        Assert.Equal([new TierTerms(3, 6_000)], groupBuy.Tiers.AsEnumerable());
        Assert.Equal(3, groupBuy.Size);
        Assert.Equal((86_400, 900, 1, JoinRule.Anyone), (groupBuy.DurationSeconds, groupBuy.SeatHoldSeconds, groupBuy.UnitsPerShopper, groupBuy.Join));
        Assert.Equal((null, 0L), (groupBuy.FillWhenAtLeast, groupBuy.LeaderDiscountFen));
    }

    [Fact]
    public void Tiers_are_kept_and_the_last_ones_size_is_the_teams()
    {
        var groupBuy = Checked(Tiers).GroupBuy!;
        Assert.Equal([new TierTerms(2, 8_000), new TierTerms(5, 6_000)], groupBuy.Tiers.AsEnumerable());
        Assert.Equal(5, groupBuy.Size);
    }

    public static TheoryData<string, CampaignDraft, bool> Settings() => new()
    {
        { "soloPriceFen", GroupBuyDraft() with { SoloPriceFen = null }, false },
        { "soloPriceFen", GroupBuyDraft() with { SoloPriceFen = Most }, true },
        { "soloPriceFen", GroupBuyDraft() with { SoloPriceFen = Most + 1 }, false },
        { "teamPriceFen", GroupBuyDraft() with { SoloPriceFen = 6_001 }, true },
        { "teamPriceFen", GroupBuyDraft() with { SoloPriceFen = 6_000 }, false },
        { "teamPriceFen", GroupBuyDraft() with { TeamPriceFen = null }, false },
        { "teamPriceFen", GroupBuyDraft() with { TeamPriceFen = 0 }, true },
        { "teamPriceFen", GroupBuyDraft() with { TeamPriceFen = -1 }, false },
        { "teamSize", GroupBuyDraft() with { TeamSize = null }, false },
        { "teamSize", GroupBuyDraft() with { TeamSize = 1 }, false },
        { "teamSize", GroupBuyDraft() with { TeamSize = 2 }, true },
        { "teamSize", GroupBuyDraft() with { TeamSize = 1_000 }, true },
        { "teamSize", GroupBuyDraft() with { TeamSize = 1_001 }, false },
        { "seatHoldSeconds", GroupBuyDraft() with { SeatHoldSeconds = 1 }, true },
        { "seatHoldSeconds", GroupBuyDraft() with { SeatHoldSeconds = 0 }, false },
        { "seatHoldSeconds", GroupBuyDraft() with { SeatHoldSeconds = 30 * 86_400 }, true },
        { "seatHoldSeconds", GroupBuyDraft() with { SeatHoldSeconds = 30 * 86_400 + 1 }, false },
        { "unitsPerShopper", GroupBuyDraft() with { UnitsPerShopper = 1 }, true },
        { "unitsPerShopper", GroupBuyDraft() with { UnitsPerShopper = 0 }, false },
        { "unitsPerShopper", GroupBuyDraft() with { UnitsPerShopper = 1_000_000 }, true },
        { "unitsPerShopper", GroupBuyDraft() with { UnitsPerShopper = 1_000_001 }, false },
        { "join", GroupBuyDraft() with { Join = JoinRule.NewShoppersOnly }, true },
        { "join", GroupBuyDraft() with { Join = (JoinRule)4 }, false },
        { "join", GroupBuyDraft() with { Join = (JoinRule)(-1) }, false },
        { "fill.whenAtLeast.members", GroupBuyDraft() with { FillWhenAtLeast = 1 }, true },
        { "fill.whenAtLeast.members", GroupBuyDraft() with { FillWhenAtLeast = 0 }, false },
        { "fill.whenAtLeast.members", GroupBuyDraft() with { FillWhenAtLeast = 3 }, true },
        { "fill.whenAtLeast.members", GroupBuyDraft() with { FillWhenAtLeast = 4 }, false },
        { "leaderDiscountFen", GroupBuyDraft() with { LeaderDiscountFen = 6_000 }, true },
        { "leaderDiscountFen", GroupBuyDraft() with { LeaderDiscountFen = 6_001 }, false },
        { "leaderDiscountFen", GroupBuyDraft() with { LeaderDiscountFen = -1 }, false },
        { "leaderDiscountFen", Tiers with { LeaderDiscountFen = 6_001 }, false },
        { "teamSize", Tiers with { TeamSize = 5 }, false },
        { "teamPriceFen", Tiers with { TeamPriceFen = 6_000 }, false },
        { "tiers[0].priceFen", Tiers with { SoloPriceFen = 8_001 }, true },
        { "tiers[0].priceFen", Tiers with { SoloPriceFen = 8_000 }, false },
        { "tiers[0].size", Tiers with { Tiers = TiersOf((1, 8_000), (5, 6_000)) }, false },
        { "tiers[1].size", Tiers with { Tiers = TiersOf((2, 8_000), (2, 6_000)) }, false },
        { "tiers[1].size", Tiers with { Tiers = TiersOf((2, 8_000), (3, 6_000)) }, true },
        { "tiers[1].size", Tiers with { Tiers = TiersOf((2, 8_000), (1_001, 6_000)) }, false },
        { "tiers[1].priceFen", Tiers with { Tiers = TiersOf((2, 8_000), (5, 8_000)) }, false },
        { "tiers[1].priceFen", Tiers with { Tiers = TiersOf((2, 8_000), (5, 7_999)) }, true },
        { "tiers[1].priceFen", Tiers with { Tiers = TiersOf((2, 8_000), (5, -1)) }, false },
    };

    [Theory, MemberData(nameof(Settings))]
    public void A_setting_is_good_up_to_its_bounds(string field, CampaignDraft draft, bool good) => Assert.Equal(good ? [] : [field], FaultsOf(draft));

    [Fact]
    public void Faults_of_the_tiers_do_not_hide_the_others()
    {
        var draft = Tiers with { Tiers = TiersOf((2, 8_000), (2, 9_000)), FillWhenAtLeast = 0, LeaderDiscountFen = -1, SeatHoldSeconds = 0, UnitsPerShopper = 0, Join = (JoinRule)9 };
        Assert.Equal(
            ["fill.whenAtLeast.members", "join", "leaderDiscountFen", "seatHoldSeconds", "tiers[1].priceFen", "tiers[1].size", "unitsPerShopper"],
            FaultsOf(draft));
    }

    [Fact]
    public void Tiers_that_are_absent_altogether_are_no_tiers() => Assert.Equal(3, Checked(GroupBuyDraft() with { Tiers = default }).GroupBuy!.Size);

    [Fact]
    public void A_price_fault_is_named_where_tiers_are_absent_altogether() =>
        Assert.Equal(["teamPriceFen"], FaultsOf(GroupBuyDraft() with { Tiers = default, SoloPriceFen = 6_000 }));

    [Fact]
    public void A_join_rule_of_none_is_anyone() => Assert.Equal(JoinRule.Anyone, Checked(GroupBuyDraft() with { Join = JoinRule.None }).GroupBuy!.Join);
}
