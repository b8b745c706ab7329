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
        .Add(21, StoredJson.Default.StockMoved);

    public static readonly EventCodec<ShopperEvent> Shoppers = new EventCodec<ShopperEvent>()
        .Add(30, StoredJson.Default.ShopperHelped)
        .Add(31, StoredJson.Default.ShopperStarted)
        .Add(32, StoredJson.Default.ShopperSeated)
        .Add(33, StoredJson.Default.ShopperBought)
        .Add(34, StoredJson.Default.ShopperDeclaredExisting);

    public static readonly EventCodec<BargainEvent> Bargains = new EventCodec<BargainEvent>()
        .Add(100, StoredJson.Default.BargainStarted)
        .Add(101, StoredJson.Default.BargainCut)
        .Add(102, StoredJson.Default.BargainWon)
        .Add(103, StoredJson.Default.BargainClaimed)
        .Add(104, StoredJson.Default.BargainLapsed)
        .Add(105, StoredJson.Default.BargainExpired)
        .Add(106, StoredJson.Default.BargainSoldOut)
        .Add(107, StoredJson.Default.BargainCancelled);
}

/// <summary>How events are stored. Every member is written but nulls, so that an initializer never stands for a stored value.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CampaignDrafted))]
[JsonSerializable(typeof(CampaignPublished))]
[JsonSerializable(typeof(CampaignPaused))]
[JsonSerializable(typeof(CampaignResumed))]
[JsonSerializable(typeof(CampaignClosed))]
[JsonSerializable(typeof(StockSet))]
[JsonSerializable(typeof(StockMoved))]
[JsonSerializable(typeof(ShopperHelped))]
[JsonSerializable(typeof(ShopperStarted))]
[JsonSerializable(typeof(ShopperSeated))]
[JsonSerializable(typeof(ShopperBought))]
[JsonSerializable(typeof(ShopperDeclaredExisting))]
[JsonSerializable(typeof(BargainStarted))]
[JsonSerializable(typeof(BargainCut))]
[JsonSerializable(typeof(BargainWon))]
[JsonSerializable(typeof(BargainClaimed))]
[JsonSerializable(typeof(BargainLapsed))]
[JsonSerializable(typeof(BargainExpired))]
[JsonSerializable(typeof(BargainSoldOut))]
[JsonSerializable(typeof(BargainCancelled))]
internal sealed partial class StoredJson : JsonSerializerContext;
