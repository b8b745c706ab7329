using System.Text.Json;
using System.Text.Json.Serialization;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>Kind numbers of everything that is stored. Never reused, never changed.</summary>
internal static class StoredEvents
{
    public static readonly EventCodec<CampaignEvent> Campaigns = new EventCodec<CampaignEvent>()
        .Add(10, StoredJson.Default.CampaignDrafted)
        .Add(11, StoredJson.Default.CampaignPublished)
        .Add(12, StoredJson.Default.CampaignPaused)
        .Add(13, StoredJson.Default.CampaignResumed)
        .Add(14, StoredJson.Default.CampaignClosed);

    public static readonly EventCodec<StockEvent> Stock = new EventCodec<StockEvent>()
        .Add(20, StoredJson.Default.StockSet)
        .Add(21, PlainJson.Default.StockMoved);

    public static readonly EventCodec<ShopperEvent> Shoppers = new EventCodec<ShopperEvent>()
        .Add(30, PlainJson.Default.ShopperHelped)
        .Add(31, PlainJson.Default.ShopperStarted)
        .Add(32, PlainJson.Default.ShopperSeated)
        .Add(33, PlainJson.Default.ShopperBought)
        .Add(34, StoredJson.Default.ShopperDeclaredExisting);

    public static readonly EventCodec<BargainEvent> Bargains = new EventCodec<BargainEvent>()
        .AddSharing(100, StoredJson.Default.BargainStarted, "terms", StoredJson.Default.BargainTerms, static (started, terms) => started with { Terms = terms })
        .Add(101, PlainJson.Default.BargainCut)
        .Add(102, StoredJson.Default.BargainWon)
        .Add(103, StoredJson.Default.BargainClaimed)
        .Add(104, StoredJson.Default.BargainLapsed)
        .Add(105, StoredJson.Default.BargainExpired)
        .Add(106, StoredJson.Default.BargainSoldOut)
        .Add(107, StoredJson.Default.BargainCancelled);

    public static readonly EventCodec<TeamEvent> Teams = new EventCodec<TeamEvent>()
        .AddSharing(200, StoredJson.Default.TeamOpened, "terms", StoredJson.Default.TeamTerms, static (opened, terms) => opened with { Terms = terms })
        .Add(201, PlainJson.Default.SeatHeld)
        .Add(202, PlainJson.Default.SeatPaid)
        .Add(203, PlainJson.Default.SeatReleased)
        .Add(204, PlainJson.Default.SeatLeft)
        .Add(205, StoredJson.Default.LeaderChanged)
        .Add(206, StoredJson.Default.TeamFormed)
        .Add(207, StoredJson.Default.TeamFailed)
        .Add(208, PlainJson.Default.SeatConfirmed)
        .Add(209, StoredJson.Default.RefundRequested)
        .Add(210, StoredJson.Default.RefundConfirmed);

    public static readonly EventCodec<PurchaseEvent> Purchases = new EventCodec<PurchaseEvent>()
        .AddSharing(250, StoredJson.Default.PurchaseHeld, "terms", StoredJson.Default.TeamTerms, static (held, terms) => held with { Terms = terms })
        .Add(251, PlainJson.Default.PurchasePaid)
        .Add(252, PlainJson.Default.PurchaseReleased)
        .Add(253, StoredJson.Default.PurchaseRefundRequested)
        .Add(254, StoredJson.Default.PurchaseRefundConfirmed);
}

/// <summary>How events are stored. Every member is written but nulls, so that an initializer never stands for a stored value.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(StoredEnum<CampaignKind>), typeof(StoredEnum<CutRuleKind>), typeof(StoredEnum<JoinRule>), typeof(StoredEnum<RefundReason>)])]
[JsonSerializable(typeof(CampaignDrafted))]
[JsonSerializable(typeof(CampaignPublished))]
[JsonSerializable(typeof(CampaignPaused))]
[JsonSerializable(typeof(CampaignResumed))]
[JsonSerializable(typeof(CampaignClosed))]
[JsonSerializable(typeof(StockSet))]
[JsonSerializable(typeof(ShopperDeclaredExisting))]
[JsonSerializable(typeof(BargainStarted))]
[JsonSerializable(typeof(BargainWon))]
[JsonSerializable(typeof(BargainClaimed))]
[JsonSerializable(typeof(BargainLapsed))]
[JsonSerializable(typeof(BargainExpired))]
[JsonSerializable(typeof(BargainSoldOut))]
[JsonSerializable(typeof(BargainCancelled))]
[JsonSerializable(typeof(TeamOpened))]
[JsonSerializable(typeof(LeaderChanged))]
[JsonSerializable(typeof(TeamFormed))]
[JsonSerializable(typeof(TeamFailed))]
[JsonSerializable(typeof(RefundRequested))]
[JsonSerializable(typeof(RefundConfirmed))]
[JsonSerializable(typeof(PurchaseHeld))]
[JsonSerializable(typeof(PurchaseRefundRequested))]
[JsonSerializable(typeof(PurchaseRefundConfirmed))]
internal sealed partial class StoredJson : JsonSerializerContext;

/// <summary>
/// The same for the events that come by the thousand: without a converter of its own the generator writes them straight out, in half the
/// time. None of them has an enum.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(StockMoved))]
[JsonSerializable(typeof(ShopperHelped))]
[JsonSerializable(typeof(BargainCut))]
[JsonSerializable(typeof(ShopperStarted))]
[JsonSerializable(typeof(ShopperSeated))]
[JsonSerializable(typeof(ShopperBought))]
[JsonSerializable(typeof(SeatHeld))]
[JsonSerializable(typeof(SeatPaid))]
[JsonSerializable(typeof(SeatReleased))]
[JsonSerializable(typeof(SeatLeft))]
[JsonSerializable(typeof(SeatConfirmed))]
[JsonSerializable(typeof(PurchasePaid))]
[JsonSerializable(typeof(PurchaseReleased))]
internal sealed partial class PlainJson : JsonSerializerContext;

/// <summary>Enums by name, as the feed shows them and a person at the database reads them.</summary>
internal sealed class StoredEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
