using System.Collections.Immutable;

namespace SocialCommerce.Rules.Tests;

/// <summary>Where the tests start from: one instant, and terms that are as plain as the rules allow.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public const string Seed = "71f764ace26d077506441e15bd085afafdaa307d7b81910760b7f9ba207f223a";
    public const string Owner = "owner";

    public static CutRule Headcount(int helpers, long minCutFen = 1, int weightMilli = 1000) =>
        new() { Kind = CutRuleKind.Headcount, Helpers = helpers, MinCutFen = minCutFen, NewShopperWeightMilli = weightMilli };

    public static CutRule Amounts(long min, long max, long newMin, long newMax) =>
        new() { Kind = CutRuleKind.Amounts, Existing = new FenBand(min, max), New = new FenBand(newMin, newMax) };

    public static CutRule Fixed(long cutFen) => new() { Kind = CutRuleKind.Fixed, CutFen = cutFen };

    public static BargainTerms BargainTerms(CutRule? cut = null) => new()
    {
        CampaignId = "c1",
        DefinitionVersion = 1,
        ProductId = "p1",
        ProductTitle = "Rice cooker",
        Currency = "CNY",
        ListPriceFen = 12_000,
        StartPriceFen = 10_000,
        FloorPriceFen = 1_000,
        DurationSeconds = 86_400,
        Cut = cut ?? Fixed(3_000),
        ClaimWithinSeconds = 3_600,
    };

    public static BargainState Bargain(BargainTerms? terms = null) =>
        BargainState.None.With(BargainRules.Start(new BargainCommand.Start("b1", Owner, terms ?? BargainTerms(), Seed, true, null), Noon));

    public static HelperFacts Helper(bool isNew = false, bool helpedBefore = false, int used = 0, int limit = 3) =>
        new(isNew, helpedBefore, used, limit, Noon.AddHours(12));

    public static BargainCommand.Cut Cut(string helperId, HelperFacts? helper = null, bool paused = false) =>
        new(helperId, helper ?? Helper(), paused, null);

    /// <summary>A bargain that three fixed cuts of 3,000 brought from 10,000 to its floor of 1,000.</summary>
    public static BargainState WonBargain(BargainTerms? terms = null) =>
        Bargain(terms).After(Cut("h1"), Noon).After(Cut("h2"), Noon).After(Cut("h3"), Noon);

    public static TeamTerms TeamTerms(int size = 3, long priceFen = 6_000) => new()
    {
        CampaignId = "g1",
        DefinitionVersion = 1,
        ProductId = "p1",
        ProductTitle = "Fruit box",
        Currency = "CNY",
        SoloPriceFen = 9_900,
        Tiers = [new TierTerms(size, priceFen)],
        DurationSeconds = 86_400,
        SeatHoldSeconds = 900,
        UnitsPerShopper = 1,
        Join = JoinRule.Anyone,
    };

    public static TeamTerms Tiered(params (int Size, long PriceFen)[] tiers) =>
        TeamTerms() with { Tiers = [.. tiers.Select(tier => new TierTerms(tier.Size, tier.PriceFen))] };

    /// <summary>A team that "lead" opened at noon; seats are named after their members, payments after their seats.</summary>
    public static TeamState Team(TeamTerms? terms = null) =>
        TeamState.None.With(TeamRules.Open(new TeamCommand.Open("t1", "s-lead", "lead", terms ?? TeamTerms(), true, null), Noon));

    public static TeamCommand.Join Join(string shopperId, JoinerFacts? joiner = null, bool paused = false, bool invited = false, string? seatId = null) =>
        new(seatId ?? "s-" + shopperId, shopperId, joiner ?? new JoinerFacts(true, false), paused, null, invited);

    public static TeamCommand.Pay Pay(string shopperId, long amountFen = 6_000, string? paymentId = null) =>
        new("s-" + shopperId, paymentId ?? "pay-" + shopperId, amountFen);

    public static TeamCommand.Leave Leave(string shopperId) => new("s-" + shopperId, shopperId);

    public static PurchaseState Purchase() =>
        PurchaseState.None.With(PurchaseRules.Buy(new PurchaseCommand.Buy("u1", "ann", TeamTerms(), true, null), Noon));

    public static CampaignDraft BargainDraft() => new()
    {
        Kind = CampaignKind.Bargain,
        ProductId = "p1",
        ProductTitle = "Rice cooker",
        EndsAt = Noon.AddDays(7),
        Stock = 10,
        ListPriceFen = 10_000,
        Cut = new CutDraft { Kind = CutRuleKind.Headcount, Helpers = 15 },
    };

    public static CampaignDraft GroupBuyDraft() => new()
    {
        Kind = CampaignKind.GroupBuy,
        ProductId = "p1",
        ProductTitle = "Fruit box",
        EndsAt = Noon.AddDays(7),
        Stock = 10,
        SoloPriceFen = 9_900,
        TeamPriceFen = 6_000,
        TeamSize = 3,
    };

    public static CampaignTerms Checked(CampaignDraft draft, int version = 1)
    {
        var (terms, faults) = CampaignValidation.Check(draft, "c1", version, 60, Noon);
        Assert.Empty(faults);
        return terms!;
    }

    public static ImmutableArray<TierTerms> TiersOf(params (int Size, long PriceFen)[] tiers) => Tiered(tiers).Tiers;
}
