using System.Collections.Immutable;

namespace SocialCommerce.Api.Tests;

/// <summary>Views as grains give them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 16, 30, 15, 7, TimeSpan.FromHours(8));
    public const string AtText = "2026-03-01T08:30:15.007Z";

    public static Product Product() => new() { Id = "sku-1", Title = "电饭煲" };

    public static BargainView Bargain(string id = "b-1") => new()
    {
        BargainId = id,
        CampaignId = "c-1",
        Product = Product(),
        Currency = "CNY",
        OwnerId = "alice",
        Status = BargainStatus.Open,
        StartPriceFen = 19_900,
        PriceFen = 15_000,
        RemainingFen = 15_000,
        CutCount = 3,
        CutsNeeded = new CutsNeeded { Least = 12, Most = 12 },
        StartedAt = At,
        ExpiresAt = At.AddDays(1),
        Version = 4,
        Fairness = new FairnessCommitment { Commitment = "c0ffee" },
    };

    public static HelpsToday HelpsToday() => new() { Used = 1, Limit = 3, ResetsAt = At };

    public static CutReceipt Cut(string bargainId, string helper) => new()
    {
        BargainId = bargainId,
        HelperId = helper,
        CutNumber = 4,
        CutFen = 700,
        PriceFen = 14_300,
        RemainingFen = 14_300,
        CutsNeeded = new CutsNeeded { Least = 11, Most = 11 },
        NewShopper = true,
        Depth = 1,
        At = At,
        BargainStatus = BargainStatus.Open,
        HelpsToday = HelpsToday(),
    };

    public static ClaimReceipt Claim(string bargainId) => new() { ClaimId = "cl-1", BargainId = bargainId, PriceFen = 0, At = At };

    public static FairnessView Fairness(string id) => new()
    {
        BargainId = id,
        Commitment = "c0ffee",
        Policy = new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = 15, MinCutFen = 1, NewShopperWeight = 2 },
        StartPriceFen = 19_900,
    };

    public static SeatView Seat() => new()
    {
        SeatId = "s-1",
        TeamId = "t-1",
        ShopperId = "bob",
        Status = SeatStatus.Held,
        PriceFen = 6_900,
        HoldExpiresAt = At,
    };

    public static TeamView Team(string id = "t-1") => new()
    {
        TeamId = id,
        CampaignId = "c-2",
        LeaderId = "bob",
        Status = TeamStatus.Open,
        Size = 3,
        Held = 1,
        Free = 2,
        PriceFen = 6_900,
        OpenedAt = At,
        ExpiresAt = At.AddDays(1),
        Seats = [Seat()],
        Version = 2,
        Product = Product(),
        Currency = "CNY",
        Join = JoinPolicy.InvitedOnly,
    };

    public static OpenTeamView OpenTeam(string id) => new() { TeamId = id, LeaderId = "dan", Size = 3, Paid = 2, Free = 1, PriceFen = 6_900, ExpiresAt = At };

    public static PurchaseView Purchase(string id = "p-1") => new()
    {
        PurchaseId = id,
        CampaignId = "c-2",
        ShopperId = "bob",
        Status = PurchaseStatus.Held,
        PriceFen = 9_900,
        HoldExpiresAt = At,
    };

    public static ShopperView Me(string shopper) => new()
    {
        ShopperId = shopper,
        NewShopper = true,
        HelpsToday = HelpsToday(),
        Bargains = [Bargain()],
        Teams = [Team()],
    };

    public static CampaignView Campaign(string id) => new()
    {
        CampaignId = id,
        Status = CampaignStatus.Published,
        Version = 3,
        DefinitionVersion = 2,
        Definition = new CampaignDefinition
        {
            Kind = CampaignKind.Bargain,
            Product = Product(),
            Currency = "CNY",
            StartsAt = At,
            EndsAt = At.AddDays(7),
            Stock = 100,
            DurationSeconds = 86_400,
            ListPriceFen = 19_900,
            StartPriceFen = 19_900,
            FloorPriceFen = 0,
            Cut = new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = 15, MinCutFen = 1, NewShopperWeight = 2 },
            StockPolicy = GrainInterfaces.StockPolicy.ReserveAtStart,
            ClaimWithinSeconds = 86_400,
            BuyBeforeFloor = false,
        },
        Stock = new StockView { Total = 100, Held = 5, Sold = 20, Free = 75 },
    };

    public static CampaignView GroupBuy(string id) => Campaign(id) with
    {
        Definition = new CampaignDefinition
        {
            Kind = CampaignKind.GroupBuy,
            Product = Product(),
            Currency = "CNY",
            StartsAt = At,
            EndsAt = At.AddDays(7),
            Stock = 100,
            SoloPriceFen = 9_900,
            Tiers = [new Tier { Size = 3, PriceFen = 6_900 }, new Tier { Size = 10, PriceFen = 5_900 }],
            Join = JoinPolicy.NewShoppersOnly,
            FillWhenAtLeast = 2,
        },
    };

    public static CampaignStatsView Stats(string id) => new()
    {
        CampaignId = id,
        Funnel = ImmutableDictionary<string, long>.Empty.Add("bargain.started", 3),
        CutFen = 100,
        NewShoppers = 2,
        CutFenPerNewShopper = 50,
        Levels = [new LevelStats { Depth = 1, Shoppers = 4, NewShoppers = 2 }],
        Hours = [new HourStats { Hour = At, Started = 3 }],
        Generations = [2, 1],
        UpTo = "7",
    };

    public static PublicEvent Event() => new()
    {
        Id = "e-7",
        Type = "bargain.cut",
        OccurredAt = At,
        CampaignId = "c-1",
        SubjectId = "b-1",
        Version = 4,
        Data = """{"cutFen":700,"by":{"helperId":"bob"}}""",
    };
}
