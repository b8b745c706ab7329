using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Campaigns;

/// <summary>What both kinds of campaign have in common.</summary>
public sealed class ValidationTests
{
    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = FaultsOf(new CampaignDraft
        {
            Kind = CampaignKind.Bargain,
            ProductTitle = " ",
            ProductImageUrl = "ftp://x",
            Currency = "yuan",
            Stock = -1,
            DurationSeconds = 59,
            ListPriceFen = 100,
            StartPriceFen = 200,
            FloorPriceFen = 200,
            StartsPerShopper = 0,
            ClaimWithinSeconds = 0,
            OwnerCut = new BandDraft(0, 1),
            Cut = new CutDraft { Kind = CutRuleKind.Headcount, Helpers = 0, MinCutFen = 0, NewShopperWeight = 0 },
        });
        Assert.Equal(
            [
                "claimWithinSeconds", "currency", "cut.helpers", "cut.minCutFen", "cut.newShopperWeight", "durationSeconds", "endsAt", "floorPriceFen",
                "ownerCut.maxFen", "ownerCut.minFen", "product.id", "product.imageUrl", "product.title", "startPriceFen", "startsPerShopper", "stock",
            ],
            faults);
    }

    [Fact]
    public void An_empty_draft_lacks_its_kind_product_end_and_stock() =>
        Assert.Equal(["endsAt", "kind", "product.id", "product.title", "stock"], FaultsOf(new CampaignDraft()));

    [Theory, InlineData(0), InlineData(3), InlineData(-1)]
    public void A_kind_that_there_is_not_is_a_fault(int kind) => Assert.Equal(["kind"], FaultsOf(BargainDraft() with { Kind = (CampaignKind)kind }));

    public static TheoryData<string, CampaignDraft, bool> Common() => new()
    {
        { "product.id", BargainDraft() with { ProductId = new string('p', 64) }, true },
        { "product.id", BargainDraft() with { ProductId = new string('p', 65) }, false },
        { "product.id", BargainDraft() with { ProductId = "" }, false },
        { "product.title", BargainDraft() with { ProductTitle = new string('t', 200) }, true },
        { "product.title", BargainDraft() with { ProductTitle = new string('t', 201) }, false },
        { "product.title", BargainDraft() with { ProductTitle = null }, false },
        { "product.imageUrl", BargainDraft() with { ProductImageUrl = "https://img.example/" + new string('i', 1_980) }, true },
        { "product.imageUrl", BargainDraft() with { ProductImageUrl = "https://img.example/" + new string('i', 1_981) }, false },
        { "product.imageUrl", BargainDraft() with { ProductImageUrl = "http://img.example/a.png" }, true },
        { "product.imageUrl", BargainDraft() with { ProductImageUrl = "/a.png" }, false },
        { "product.imageUrl", BargainDraft() with { ProductImageUrl = "javascript:alert(1)" }, false },
        { "currency", BargainDraft() with { Currency = "USD" }, true },
        { "currency", BargainDraft() with { Currency = "usd" }, false },
        { "currency", BargainDraft() with { Currency = "US" }, false },
        { "currency", BargainDraft() with { Currency = "USDT" }, false },
        { "currency", BargainDraft() with { Currency = "ÄÖÜ" }, false },
        { "endsAt", BargainDraft() with { EndsAt = null }, false },
        { "endsAt", BargainDraft() with { EndsAt = Noon }, false },
        { "endsAt", BargainDraft() with { EndsAt = Noon + Tick }, false },
        { "endsAt", BargainDraft() with { EndsAt = Noon.AddMilliseconds(1) }, true },
        { "endsAt", BargainDraft() with { StartsAt = Noon.AddDays(8) }, false },
        { "stock", BargainDraft() with { Stock = null }, false },
        { "stock", BargainDraft() with { Stock = 0 }, true },
        { "stock", BargainDraft() with { Stock = -1 }, false },
        { "stock", BargainDraft() with { Stock = int.MaxValue }, true },
        { "durationSeconds", BargainDraft() with { DurationSeconds = 60 }, true },
        { "durationSeconds", BargainDraft() with { DurationSeconds = 59 }, false },
        { "durationSeconds", BargainDraft() with { DurationSeconds = 30 * 86_400 }, true },
        { "durationSeconds", BargainDraft() with { DurationSeconds = 30 * 86_400 + 1 }, false },
    };

    [Theory, MemberData(nameof(Common))]
    public void A_setting_is_good_up_to_its_bounds(string field, CampaignDraft draft, bool good) => Assert.Equal(good ? [] : [field], FaultsOf(draft));

    [Fact]
    public void The_least_duration_is_the_deployments()
    {
        var draft = BargainDraft() with { DurationSeconds = 1 };
        Assert.Empty(CampaignValidation.Check(draft, "c1", 1, 1, Noon).Faults);
        Assert.NotEmpty(CampaignValidation.Check(draft, "c1", 1, 2, Noon).Faults);
    }

    [Fact]
    public void Faults_come_without_terms_and_terms_without_faults()
    {
        Assert.Null(CampaignValidation.Check(new CampaignDraft(), "c1", 1, 60, Noon).Terms);
        Assert.NotNull(CampaignValidation.Check(BargainDraft(), "c1", 1, 60, Noon).Terms);
    }

    /// <summary>Finer times would begin and end a moment after what is shown, as the domain's time has no finer ones.</summary>
    [Fact]
    public void A_campaign_begins_and_ends_at_whole_milliseconds()
    {
        var draft = BargainDraft() with { StartsAt = Noon.AddMilliseconds(5).AddTicks(9_999), EndsAt = new DateTimeOffset(Noon.DateTime.AddDays(1).AddTicks(1), TimeSpan.FromHours(8)) };
        var terms = CampaignValidation.Check(draft, "c1", 1, 60, Noon).Terms!;
        Assert.Equal((Noon.AddMilliseconds(5), Noon.AddDays(1).AddHours(-8)), (terms.StartsAt, terms.EndsAt));
        Assert.Equal(EntryRefusal.CampaignNotStarted, EntryAt(Noon.AddMilliseconds(4)));
        Assert.Equal(EntryRefusal.None, EntryAt(Noon.AddMilliseconds(5)));

        EntryRefusal EntryAt(DateTimeOffset now) =>
            CampaignRules.MayEnter(new CampaignState { Status = CampaignStatus.Published, TermsOrNull = terms }, CampaignKind.Bargain, now);
    }

    internal static string[] FaultsOf(CampaignDraft draft) =>
        [.. CampaignValidation.Check(draft, "c1", 1, 60, Noon).Faults.Select(fault => fault.Field).Distinct().Order(StringComparer.Ordinal)];
}
