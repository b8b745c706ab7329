namespace SocialCommerce.Rules;

/// <summary>The rules that one bargain runs under from start to end, whatever is edited later.</summary>
public sealed record BargainTerms
{
    public required string CampaignId { get; init; }
    public int DefinitionVersion { get; init; }
    public required string ProductId { get; init; }
    public required string ProductTitle { get; init; }
    public string? ProductImageUrl { get; init; }
    public required string Currency { get; init; }
    public long ListPriceFen { get; init; }
    public long StartPriceFen { get; init; }
    public long FloorPriceFen { get; init; }
    public int DurationSeconds { get; init; }
    public required CutRule Cut { get; init; }
    public FenBand? OwnerCut { get; init; }

    /// <summary>True: a unit is held from the start. False: the winning cut takes it.</summary>
    public bool ReserveAtStart { get; init; } = true;

    /// <summary>How many bargains a shopper may start over the campaign; null for no limit.</summary>
    public int? StartsPerShopper { get; init; }

    public int ClaimWithinSeconds { get; init; }
    public bool BuyBeforeFloor { get; init; }
}
