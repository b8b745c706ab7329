using static SocialCommerce.Rules.Tests.Campaigns.ValidationTests;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Campaigns;

public sealed class BargainValidationTests
{
    private const long Most = CampaignValidation.PriceFenMax;

    [Fact]
    public void What_is_not_given_takes_the_defaults_of_the_rules()
    {
        var terms = Checked(BargainDraft(), version: 4);
        var bargain = terms.Bargain!;
        Assert.Equal((CampaignKind.Bargain, Noon, Noon.AddDays(7), 10, "CNY"), (terms.Kind, terms.StartsAt, terms.EndsAt, terms.Stock, terms.Currency));
        Assert.Null(terms.GroupBuy);
        Assert.Equal(("c1", 4, "p1", "Rice cooker"), (bargain.CampaignId, bargain.DefinitionVersion, bargain.ProductId, bargain.ProductTitle));
        Assert.Equal((10_000L, 10_000L, 0L), (bargain.ListPriceFen, bargain.StartPriceFen, bargain.FloorPriceFen));
        Assert.Equal((86_400, 86_400, true, false), (bargain.DurationSeconds, bargain.ClaimWithinSeconds, bargain.ReserveAtStart, bargain.BuyBeforeFloor));
        Assert.Null(bargain.StartsPerShopper);
        Assert.Null(bargain.OwnerCut);
        Assert.Equal(new CutRule { Kind = CutRuleKind.Headcount, Helpers = 15, MinCutFen = 1, NewShopperWeightMilli = 1000 }, bargain.Cut);
    }

    [Fact]
    public void What_is_given_is_kept()
    {
        var bargain = Checked(BargainDraft() with
        {
            ListPriceFen = 12_000,
            StartPriceFen = 11_000,
            FloorPriceFen = 500,
            DurationSeconds = 3_600,
            OwnerCut = new BandDraft(10, 20),
            ReserveAtStart = false,
            StartsPerShopper = 2,
            ClaimWithinSeconds = 60,
            BuyBeforeFloor = true,
            Currency = "USD",
            Cut = new CutDraft { Kind = CutRuleKind.Headcount, Helpers = 7, MinCutFen = 5, NewShopperWeight = 2.5m },
        }).Bargain!;
        Assert.Equal((12_000L, 11_000L, 500L, 3_600), (bargain.ListPriceFen, bargain.StartPriceFen, bargain.FloorPriceFen, bargain.DurationSeconds));
        Assert.Equal((false, 2, 60, true, "USD"), (bargain.ReserveAtStart, bargain.StartsPerShopper, bargain.ClaimWithinSeconds, bargain.BuyBeforeFloor, bargain.Currency));
        Assert.Equal(new FenBand(10, 20), bargain.OwnerCut);
        Assert.Equal(Headcount(7, 5, 2_500), bargain.Cut);
    }

    public static TheoryData<string, CampaignDraft, bool> Prices() => new()
    {
        { "listPriceFen", BargainDraft() with { ListPriceFen = null }, false },
        { "listPriceFen", BargainDraft() with { ListPriceFen = Most }, true },
        { "listPriceFen", BargainDraft() with { ListPriceFen = Most + 1 }, false },
        { "startPriceFen", BargainDraft() with { StartPriceFen = 10_000 }, true },
        { "startPriceFen", BargainDraft() with { StartPriceFen = 10_001 }, false },
        { "startPriceFen", BargainDraft() with { StartPriceFen = 0 }, false },
        { "startPriceFen", BargainDraft() with { StartPriceFen = -1 }, false },
        { "floorPriceFen", BargainDraft() with { FloorPriceFen = 10_000 - 15 }, true },
        { "floorPriceFen", BargainDraft() with { FloorPriceFen = 10_000, Cut = FixedCut(1) }, false },
        { "floorPriceFen", BargainDraft() with { FloorPriceFen = 9_999, Cut = FixedCut(1) }, true },
        { "floorPriceFen", BargainDraft() with { FloorPriceFen = -1 }, false },
        { "floorPriceFen", BargainDraft() with { FloorPriceFen = 0 }, true },
        { "startsPerShopper", BargainDraft() with { StartsPerShopper = 1 }, true },
        { "startsPerShopper", BargainDraft() with { StartsPerShopper = 0 }, false },
        { "startsPerShopper", BargainDraft() with { StartsPerShopper = 1_000_000 }, true },
        { "startsPerShopper", BargainDraft() with { StartsPerShopper = 1_000_001 }, false },
        { "claimWithinSeconds", BargainDraft() with { ClaimWithinSeconds = 1 }, true },
        { "claimWithinSeconds", BargainDraft() with { ClaimWithinSeconds = 0 }, false },
        { "claimWithinSeconds", BargainDraft() with { ClaimWithinSeconds = 30 * 86_400 }, true },
        { "claimWithinSeconds", BargainDraft() with { ClaimWithinSeconds = 30 * 86_400 + 1 }, false },
        { "ownerCut.minFen", BargainDraft() with { OwnerCut = new BandDraft(1, 9) }, true },
        { "ownerCut.minFen", BargainDraft() with { OwnerCut = new BandDraft(0, 9) }, false },
        { "ownerCut.minFen", BargainDraft() with { OwnerCut = new BandDraft(null, 9) }, false },
        { "ownerCut.maxFen", BargainDraft() with { OwnerCut = new BandDraft(1, null) }, false },
        { "ownerCut.maxFen", BargainDraft() with { OwnerCut = new BandDraft(9, 9) }, true },
        { "ownerCut.maxFen", BargainDraft() with { OwnerCut = new BandDraft(9, 8) }, false },
        { "ownerCut.maxFen", BargainDraft() with { OwnerCut = new BandDraft(1, 9_999), Cut = FixedCut(1) }, true },
        { "ownerCut.maxFen", BargainDraft() with { OwnerCut = new BandDraft(1, 10_000), Cut = FixedCut(1) }, false },
    };

    [Theory, MemberData(nameof(Prices))]
    public void A_setting_is_good_up_to_its_bounds(string field, CampaignDraft draft, bool good) => Assert.Equal(good ? [] : [field], FaultsOf(draft));

    public static TheoryData<string, CutDraft?, bool> Cuts() => new()
    {
        { "cut", null, false },
        { "cut.policy", new CutDraft(), false },
        { "cut.policy", new CutDraft { Kind = (CutRuleKind)4 }, false },
        { "cut.helpers", HeadcountCut(null), false },
        { "cut.helpers", HeadcountCut(0), false },
        { "cut.helpers", HeadcountCut(1), true },
        // There are 10,000 fen to cut.
        { "cut.helpers", HeadcountCut(10_000), true },
        { "cut.helpers", HeadcountCut(10_001), false },
        { "cut.helpers", HeadcountCut(100_001), false },
        { "cut.helpers", HeadcountCut(100, 100), true },
        { "cut.helpers", HeadcountCut(100, 101), false },
        { "cut.minCutFen", HeadcountCut(1, 0), false },
        { "cut.minCutFen", HeadcountCut(1, Most + 1), false },
        { "cut.newShopperWeight", HeadcountCut(1) with { NewShopperWeight = 0.01m }, true },
        { "cut.newShopperWeight", HeadcountCut(1) with { NewShopperWeight = 0.0099m }, false },
        { "cut.newShopperWeight", HeadcountCut(1) with { NewShopperWeight = 100m }, true },
        { "cut.newShopperWeight", HeadcountCut(1) with { NewShopperWeight = 100.01m }, false },
        { "cut.existing", AmountsCut(null, new BandDraft(1, 1)), false },
        { "cut.new", AmountsCut(new BandDraft(1, 1), null), false },
        { "cut.new", AmountsCut(new BandDraft(1, 1), new BandDraft(1, Most)), true },
        { "cut.existing.minFen", AmountsCut(new BandDraft(0, 1), new BandDraft(1, 1)), false },
        { "cut.existing.maxFen", AmountsCut(new BandDraft(3, 2), new BandDraft(1, 1)), false },
        { "cut.new.maxFen", AmountsCut(new BandDraft(1, 1), new BandDraft(1, Most + 1)), false },
        { "cut.cutFen", new CutDraft { Kind = CutRuleKind.Fixed }, false },
        { "cut.cutFen", FixedCut(0), false },
        { "cut.cutFen", FixedCut(1), true },
        { "cut.cutFen", FixedCut(Most), true },
        { "cut.cutFen", FixedCut(Most + 1), false },
    };

    [Theory, MemberData(nameof(Cuts))]
    public void A_cut_policy_is_good_up_to_its_bounds(string field, CutDraft? cut, bool good) =>
        Assert.Equal(good ? [] : [field], FaultsOf(BargainDraft() with { Cut = cut }));

    [Fact]
    public void The_owners_cut_leaves_enough_for_every_helper()
    {
        var draft = BargainDraft() with { Cut = HeadcountCut(100, 90), OwnerCut = new BandDraft(1, 1_000) };
        Assert.Empty(FaultsOf(draft));
        Assert.Equal(["cut.helpers"], FaultsOf(draft with { OwnerCut = new BandDraft(1, 1_001) }));
    }

    private static CutDraft HeadcountCut(int? helpers, long? minCutFen = null) => new() { Kind = CutRuleKind.Headcount, Helpers = helpers, MinCutFen = minCutFen };

    private static CutDraft AmountsCut(BandDraft? existing, BandDraft? @new) => new() { Kind = CutRuleKind.Amounts, Existing = existing, New = @new };

    private static CutDraft FixedCut(long cutFen) => new() { Kind = CutRuleKind.Fixed, CutFen = cutFen };
}
