using System.Text.Json.Serialization;

namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// A stored event as the auditor reads it: whatever members it has, by the names that anybody at the database would see. Of its own, so
/// that nothing of the engine's code stands between the journal and the auditor.
/// </summary>
internal sealed class Fact
{
    public DateTimeOffset At { get; set; }
    public string CampaignId { get; set; } = "";
    public Terms? Terms { get; set; }
    public int DefinitionVersion { get; set; }

    public int Total { get; set; }
    public int Held { get; set; }
    public int Sold { get; set; }

    public string BargainId { get; set; } = "";
    public string OwnerId { get; set; } = "";
    public string HelperId { get; set; } = "";
    public string ProductId { get; set; } = "";
    public string Seed { get; set; } = "";
    public string ClaimId { get; set; } = "";
    public bool NewShopper { get; set; }
    public ViaFact? Via { get; set; }
    public DateOnly Day { get; set; }
    public int CutNumber { get; set; }
    public long CutFen { get; set; }
    public long PriceFen { get; set; }
    public int HelpsUsed { get; set; }
    public int HelpsLimit { get; set; }
    public DateTimeOffset HelpsResetAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset ClaimBefore { get; set; }

    public string TeamId { get; set; } = "";
    public string SeatId { get; set; } = "";
    public string PurchaseId { get; set; } = "";
    public string ShopperId { get; set; } = "";
    public string LeaderId { get; set; } = "";
    public string PaymentId { get; set; } = "";
    public string RefundId { get; set; } = "";
    public string RefundRequestId { get; set; } = "";
    public string Reason { get; set; } = "";
    public long AmountFen { get; set; }
    public long SettledFen { get; set; }
    public int Attempt { get; set; }
    public int Members { get; set; }
    public bool Cancelled { get; set; }
    public DateTimeOffset HoldExpiresAt { get; set; }
    public DateTimeOffset NextAt { get; set; }
}

internal sealed class ViaFact
{
    public string InviterId { get; set; } = "";
    public int Depth { get; set; }
}

/// <summary>A campaign's terms, or those that a bargain, a team or a purchase runs under.</summary>
internal sealed class Terms
{
    public DateTimeOffset StartsAt { get; set; }
    public DateTimeOffset EndsAt { get; set; }
    public Terms? Bargain { get; set; }
    public Terms? GroupBuy { get; set; }

    public string CampaignId { get; set; } = "";
    public int DefinitionVersion { get; set; }
    public string ProductId { get; set; } = "";
    public int DurationSeconds { get; set; }

    public long StartPriceFen { get; set; }
    public long FloorPriceFen { get; set; }
    public CutTerms? Cut { get; set; }
    public BandTerms? OwnerCut { get; set; }
    public bool ReserveAtStart { get; set; }
    public int? StartsPerShopper { get; set; }
    public int ClaimWithinSeconds { get; set; }
    public bool BuyBeforeFloor { get; set; }

    public long SoloPriceFen { get; set; }
    public List<TierFact> Tiers { get; set; } = [];
    public int SeatHoldSeconds { get; set; }
    public int UnitsPerShopper { get; set; }
    public string Join { get; set; } = "";
    public int? FillWhenAtLeast { get; set; }
    public long LeaderDiscountFen { get; set; }
}

internal sealed class CutTerms
{
    public string Kind { get; set; } = "";
    public int Helpers { get; set; }
    public long MinCutFen { get; set; }
    public int NewShopperWeightMilli { get; set; }
    public BandTerms? Existing { get; set; }
    public BandTerms? New { get; set; }
    public long CutFen { get; set; }
}

internal sealed class BandTerms
{
    public long MinFen { get; set; }
    public long MaxFen { get; set; }
}

internal sealed class TierFact
{
    public int Size { get; set; }
    public long PriceFen { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Fact))]
internal sealed partial class FactJson : JsonSerializerContext;
