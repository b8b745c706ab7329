using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>Every shape that the edge answers with. No reflection at run time.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(UtcInstantConverter),
        typeof(FillConverter),
        typeof(CamelCaseEnumConverter<BargainStatus>),
        typeof(CamelCaseEnumConverter<TeamStatus>),
        typeof(CamelCaseEnumConverter<SeatStatus>),
        typeof(CamelCaseEnumConverter<PurchaseStatus>),
        typeof(CamelCaseEnumConverter<CampaignKind>),
        typeof(CamelCaseEnumConverter<CampaignStatus>),
        typeof(CamelCaseEnumConverter<CutPolicyKind>),
        typeof(CamelCaseEnumConverter<StockPolicy>),
        typeof(CamelCaseEnumConverter<JoinPolicy>),
    ])]
[JsonSerializable(typeof(BargainView))]
[JsonSerializable(typeof(CutReceipt))]
[JsonSerializable(typeof(ClaimReceipt))]
[JsonSerializable(typeof(FairnessView))]
[JsonSerializable(typeof(TeamView))]
[JsonSerializable(typeof(SeatView))]
[JsonSerializable(typeof(PurchaseView))]
[JsonSerializable(typeof(ShopperView))]
[JsonSerializable(typeof(TeamAnswer))]
[JsonSerializable(typeof(CampaignAnswer))]
[JsonSerializable(typeof(CampaignStatsAnswer))]
[JsonSerializable(typeof(ShareAnswer))]
[JsonSerializable(typeof(ShopperAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ListAnswer<CutReceipt>))]
[JsonSerializable(typeof(ListAnswer<OpenTeamView>))]
[JsonSerializable(typeof(ListAnswer<CampaignAnswer>))]
[JsonSerializable(typeof(ListAnswer<EventAnswer>))]
[JsonSerializable(typeof(ImmutableArray<OpenTeamView>))]
[JsonSerializable(typeof(ProblemShape))]
[JsonSerializable(typeof(CampaignBody))]
[JsonSerializable(typeof(ViaBody))]
[JsonSerializable(typeof(ClaimBody))]
[JsonSerializable(typeof(ShareBody))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(ShopperBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
