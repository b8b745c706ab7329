using System.Collections.Immutable;

namespace SocialCommerce.Api;

/// <summary>A campaign: its settings flat as <c>PUT</c> takes them, with every default filled in.</summary>
internal sealed record CampaignAnswer
{
    public required string CampaignId { get; init; }
    public CampaignStatus Status { get; init; }
    public int Version { get; init; }
    public int DefinitionVersion { get; init; }
    public CampaignKind Kind { get; init; }
    public Product? Product { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public int? Stock { get; init; }
    public int? DurationSeconds { get; init; }

    public long? ListPriceFen { get; init; }
    public long? StartPriceFen { get; init; }
    public long? FloorPriceFen { get; init; }
    public CutPolicy? Cut { get; init; }
    public FenRange? OwnerCut { get; init; }
    public StockPolicy? StockPolicy { get; init; }
    public int? StartsPerShopper { get; init; }
    public int? ClaimWithinSeconds { get; init; }
    public bool? BuyBeforeFloor { get; init; }

    public long? SoloPriceFen { get; init; }
    public long? TeamPriceFen { get; init; }
    public int? TeamSize { get; init; }
    public ImmutableArray<Tier>? Tiers { get; init; }
    public int? SeatHoldSeconds { get; init; }
    public int? UnitsPerShopper { get; init; }
    public JoinPolicy? Join { get; init; }
    public Fill? Fill { get; init; }
    public long? LeaderDiscountFen { get; init; }

    /// <summary>free + held + sold = total, at every moment.</summary>
    public StockView Inventory { get; init; } = new();

    public static CampaignAnswer Of(CampaignView campaign)
    {
        var settings = campaign.Definition;
        return new CampaignAnswer
        {
            CampaignId = campaign.CampaignId,
            Status = campaign.Status,
            Version = campaign.Version,
            DefinitionVersion = campaign.DefinitionVersion,
            Kind = settings.Kind,
            Product = settings.Product,
            Currency = settings.Currency,
            StartsAt = settings.StartsAt,
            EndsAt = settings.EndsAt,
            Stock = settings.Stock,
            DurationSeconds = settings.DurationSeconds,
            ListPriceFen = settings.ListPriceFen,
            StartPriceFen = settings.StartPriceFen,
            FloorPriceFen = settings.FloorPriceFen,
            Cut = settings.Cut,
            OwnerCut = settings.OwnerCut,
            StockPolicy = settings.StockPolicy,
            StartsPerShopper = settings.StartsPerShopper,
            ClaimWithinSeconds = settings.ClaimWithinSeconds,
            BuyBeforeFloor = settings.BuyBeforeFloor,
            SoloPriceFen = settings.SoloPriceFen,
            TeamPriceFen = settings.TeamPriceFen,
            TeamSize = settings.TeamSize,
            Tiers = settings.Tiers.IsDefaultOrEmpty ? null : settings.Tiers,
            SeatHoldSeconds = settings.SeatHoldSeconds,
            UnitsPerShopper = settings.UnitsPerShopper,
            Join = settings.Join,
            Fill = settings.Kind == CampaignKind.GroupBuy ? new Fill(settings.FillWhenAtLeast) : null,
            LeaderDiscountFen = settings.LeaderDiscountFen,
            Inventory = campaign.Stock,
        };
    }
}
