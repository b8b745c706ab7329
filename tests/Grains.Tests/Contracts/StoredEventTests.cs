using System.Text;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains.Tests.Contracts;

/// <summary>What is on the disks of those who run the engine: every kind of event reads as it was written, today's and the golden ones.</summary>
public sealed class StoredEventTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 4, 5, 6, 789, TimeSpan.Zero);
    private static readonly Attribution Via = new() { InviterId = "alice", Channel = "wechat", Depth = 2, Generation = 1 };

    private static readonly BargainTerms Bargain = new()
    {
        CampaignId = "c-1", DefinitionVersion = 3, ProductId = "umbrella", ProductTitle = "Umbrella / 雨伞", ProductImageUrl = "https://shop.example/u.png", Currency = "CNY",
        ListPriceFen = 3_900, StartPriceFen = 3_800, FloorPriceFen = 100, DurationSeconds = 86_400,
        Cut = new CutRule
        {
            Kind = CutRuleKind.Amounts, Helpers = 5, MinCutFen = 1, NewShopperWeightMilli = 1_500,
            Existing = new FenBand(10, 20), New = new FenBand(300, 500), CutFen = 7,
        },
        OwnerCut = new FenBand(1, 9), ReserveAtStart = false, StartsPerShopper = 2, ClaimWithinSeconds = 3_600, BuyBeforeFloor = true,
    };

    private static readonly TeamTerms Team = new()
    {
        CampaignId = "c-2", DefinitionVersion = 1, ProductId = "cooker", ProductTitle = "Rice cooker", Currency = "CNY", SoloPriceFen = 5_000,
        Tiers = [new TierTerms(2, 4_000), new TierTerms(5, 3_000)], DurationSeconds = 86_400, SeatHoldSeconds = 900, UnitsPerShopper = 1,
        Join = JoinRule.InvitedOnly, FillWhenAtLeast = 2, LeaderDiscountFen = 100,
    };

    private static readonly CampaignTerms BargainCampaign = new() { Kind = CampaignKind.Bargain, StartsAt = At, EndsAt = At.AddDays(30), Stock = 100, Bargain = Bargain };
    private static readonly CampaignTerms TeamCampaign = new() { Kind = CampaignKind.GroupBuy, StartsAt = At, EndsAt = At.AddDays(30), Stock = 100, GroupBuy = Team };

    private static readonly object[] Events =
    [
        new CampaignDrafted { CampaignId = "c-1", At = At, DefinitionVersion = 1, Terms = BargainCampaign },
        new CampaignPublished { CampaignId = "c-2", At = At, DefinitionVersion = 2, Terms = TeamCampaign },
        new CampaignPaused { CampaignId = "c-1", At = At },
        new CampaignResumed { CampaignId = "c-1", At = At },
        new CampaignClosed { CampaignId = "c-1", At = At },
        new StockSet { Total = 100 },
        new StockMoved { Held = -1, Sold = 1 },
        new ShopperHelped { At = At, BargainId = "b-1", OwnerId = "alice", ProductId = "umbrella", Day = new DateOnly(2026, 3, 2) },
        new ShopperStarted { At = At, CampaignId = "c-1", BargainId = "b-1" },
        new ShopperSeated { At = At, CampaignId = "c-2", TeamId = "t-1", SeatId = "s-1" },
        new ShopperBought { At = At, CampaignId = "c-2", PurchaseId = "p-1" },
        new ShopperDeclaredExisting { At = At },
        new BargainStarted
        {
            CampaignId = "c-1", At = At, BargainId = "b-1", OwnerId = "alice", Terms = Bargain, Seed = "00ff", ExpiresAt = At.AddDays(1), NewShopper = true, Via = Via,
        },
        new BargainCut
        {
            CampaignId = "c-1", At = At, CutNumber = 1, HelperId = "bob", CutFen = 321, PriceFen = 3_479, NewShopper = true, Via = Via,
            HelpsUsed = 1, HelpsLimit = 3, HelpsResetAt = At.AddHours(12),
        },
        new BargainWon { CampaignId = "c-1", At = At, ClaimBefore = At.AddHours(1) },
        new BargainClaimed { CampaignId = "c-1", At = At, ClaimId = "c_1", PriceFen = 100, OwnerId = "alice", ProductId = "p-1" },
        new BargainLapsed { CampaignId = "c-1", At = At },
        new BargainExpired { CampaignId = "c-1", At = At },
        new BargainSoldOut { CampaignId = "c-1", At = At },
        new BargainCancelled { CampaignId = "c-1", At = At, ByOperator = true },
        new TeamOpened { CampaignId = "c-2", At = At, TeamId = "t-1", LeaderId = "alice", Terms = Team, ExpiresAt = At.AddDays(1), NewShopper = true, Via = Via },
        new SeatHeld { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob", PriceFen = 4_000, HoldExpiresAt = At.AddMinutes(15), NewShopper = true, Via = Via },
        new SeatPaid { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob", PaymentId = "pay-1", AmountFen = 4_000, Late = true },
        new SeatReleased { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob" },
        new SeatLeft { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob" },
        new LeaderChanged { CampaignId = "c-2", At = At, LeaderId = "bob" },
        new TeamFormed { CampaignId = "c-2", At = At, PriceFen = 3_000, Members = 5, LeaderId = "bob" },
        new TeamFailed { CampaignId = "c-2", At = At, Cancelled = true },
        new SeatConfirmed { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob", SettledFen = 2_900 },
        new RefundRequested
        {
            CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob", RefundRequestId = "s-1-refund", PaymentId = "pay-1", AmountFen = 4_000,
            Reason = RefundReason.TierReached, Attempt = 2, NextAt = At.AddMinutes(2),
        },
        new RefundConfirmed { CampaignId = "c-2", At = At, SeatId = "s-1", ShopperId = "bob", RefundId = "r-1", AmountFen = 4_000 },
        new PurchaseHeld
        {
            CampaignId = "c-2", At = At, PurchaseId = "p-1", ShopperId = "bob", Terms = Team, PriceFen = 5_000, HoldExpiresAt = At.AddMinutes(15), NewShopper = true, Via = Via,
        },
        new PurchasePaid { CampaignId = "c-2", At = At, PaymentId = "pay-2", AmountFen = 5_000, Late = true },
        new PurchaseReleased { CampaignId = "c-2", At = At },
        new PurchaseRefundRequested
        {
            CampaignId = "c-2", At = At, RefundRequestId = "p-1-refund", PaymentId = "pay-2", AmountFen = 5_000, Reason = RefundReason.HoldRanOut, Attempt = 1, NextAt = At.AddMinutes(1),
        },
        new PurchaseRefundConfirmed { CampaignId = "c-2", At = At, RefundId = "r-2", AmountFen = 5_000 },
    ];

    private static readonly ICodec[] Codecs =
    [
        new Codec<CampaignEvent>(StoredEvents.Campaigns), new Codec<StockEvent>(StoredEvents.Stock), new Codec<ShopperEvent>(StoredEvents.Shoppers),
        new Codec<BargainEvent>(StoredEvents.Bargains), new Codec<TeamEvent>(StoredEvents.Teams), new Codec<PurchaseEvent>(StoredEvents.Purchases),
    ];

    private interface ICodec
    {
        IEnumerable<short> Kinds { get; }

        (short Kind, string Json)? Encode(object happened);

        object Decode(short kind, string json);
    }

    [Fact]
    public void Every_kind_is_stored_as_it_was_released() => Golden.Is("stored-events.txt", Events.Select(Encode).Select(stored => $"{stored.Kind} {stored.Json}"));

    [Fact]
    public void Every_kind_has_a_number_of_its_own_and_is_in_this_test()
    {
        var kinds = Codecs.SelectMany(codec => codec.Kinds).ToArray();
        Assert.Equal(kinds.Length, kinds.Distinct().Count());
        Assert.Equal(kinds.Order(), Events.Select(happened => Encode(happened).Kind).Order());
    }

    [Fact]
    public void What_is_stored_reads_back_equal() => Assert.All(Events, happened =>
    {
        var (kind, json) = Encode(happened);
        var read = Codecs.Single(codec => codec.Kinds.Contains(kind)).Decode(kind, json);
        // Equal by every member, also where a member's own equality is that of its address.
        Assert.Equal(happened.GetType(), read.GetType());
        Assert.Equal(json, Encode(read).Json);
        Assert.Equal(TiersOf(happened), TiersOf(read));
        Assert.Equal(WithoutTiers(happened), WithoutTiers(read));
    });

    /// <summary>
    /// A member that an older engine did not write has the default of its type, whatever its initializer says: only such members may be
    /// added as read right by that. One that a newer engine wrote is passed over.
    /// </summary>
    [Fact]
    public void A_member_that_is_missing_has_its_types_default_and_one_too_many_does_no_harm()
    {
        var cut = (BargainCut)Decode(101, """{"helperId":"bob","cutFen":5,"priceFen":10,"at":"2026-03-02T00:00:00+00:00"}""");
        Assert.Equal((null, 0, false, null), (cut.CampaignId, cut.CutNumber, cut.NewShopper, cut.Via));
        var released = (SeatReleased)Decode(203, """{"seatId":"s","shopperId":"bob","at":"2026-03-02T00:00:00+00:00","somethingNew":1}""");
        Assert.Equal("s", released.SeatId);
    }

    [Fact]
    public void Every_public_event_shows_who_and_what_but_no_seed() => Assert.All(Events.Select(Encode).Where(stored => PublicEvents.Kinds.Contains(stored.Kind)), stored =>
    {
        var shown = PublicEvents.Of(new Journal.FeedEvent(new Journal.FeedPosition(0, 7), "bargain/b-1", 4, stored.Kind, Encoding.UTF8.GetBytes(stored.Json)));
        Assert.Equal(("b-1:4", "b-1", 4, At), (shown.Id, shown.SubjectId, shown.Version, shown.OccurredAt));
        Assert.StartsWith("c-", shown.CampaignId, StringComparison.Ordinal);
        Assert.DoesNotContain("00ff", shown.Data, StringComparison.Ordinal);
    });

    private static (short Kind, string Json) Encode(object happened) => Codecs.Select(codec => codec.Encode(happened)).Single(stored => stored is not null)!.Value;

    private static object Decode(short kind, string json) => Codecs.Single(codec => codec.Kinds.Contains(kind)).Decode(kind, json);

    private static TeamTerms? TermsOf(object happened) => happened switch
    {
        TeamOpened opened => opened.Terms,
        PurchaseHeld held => held.Terms,
        CampaignPublished published => published.Terms.GroupBuy,
        _ => null,
    };

    // An immutable array equals itself alone.
    private static TierTerms[] TiersOf(object happened) => TermsOf(happened)?.Tiers.ToArray() ?? [];

    private static object WithoutTiers(object happened) => happened switch
    {
        TeamOpened opened => opened with { Terms = opened.Terms with { Tiers = [] } },
        PurchaseHeld held => held with { Terms = held.Terms with { Tiers = [] } },
        CampaignPublished { Terms.GroupBuy: { } terms } published => published with { Terms = published.Terms with { GroupBuy = terms with { Tiers = [] } } },
        _ => happened,
    };

    private sealed class Codec<TEvent>(EventCodec<TEvent> codec) : ICodec where TEvent : class
    {
        public IEnumerable<short> Kinds => codec.Kinds;

        public (short Kind, string Json)? Encode(object happened)
        {
            if (happened is not TEvent own) return null;
            var stored = codec.Encode(own);
            return (stored.Kind, Encoding.UTF8.GetString(stored.Payload.Span));
        }

        public object Decode(short kind, string json) => codec.Decode(kind, Encoding.UTF8.GetBytes(json));
    }
}
