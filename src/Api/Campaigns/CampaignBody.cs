using System.Collections.Immutable;

namespace SocialCommerce.Api;

/// <summary>The settings of a campaign; what is missing takes its default.</summary>
internal sealed record CampaignBody
{
    public const string Example =
        """
        {
          "kind": "bargain",
          "product": {"id": "sku-1", "title": "Rice cooker", "imageUrl": "https://shop.example/rice-cooker.png"},
          "currency": "CNY",
          "endsAt": "2030-01-01T00:00:00Z",
          "stock": 1000,
          "listPriceFen": 19900,
          "floorPriceFen": 0,
          "durationSeconds": 86400,
          "cut": {"policy": "headcount", "helpers": 15, "newShopperWeight": 2}
        }
        """;

    public required CampaignKind Kind { get; init; }
    public required Product Product { get; init; }

    /// <summary>ISO 4217; CNY by default.</summary>
    public string? Currency { get; init; }

    /// <summary>Now by default.</summary>
    public DateTimeOffset? StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Units.</summary>
    public required int Stock { get; init; }

    /// <summary>Of a bargain or a team; 60 seconds to 30 days, 86,400 by default.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>Keep it as a draft.</summary>
    public bool? Draft { get; init; }

    /// <summary>Bargain, required: no less than the start price, which is above the floor.</summary>
    public long? ListPriceFen { get; init; }

    /// <summary>Bargain: the list price by default.</summary>
    public long? StartPriceFen { get; init; }

    /// <summary>Bargain: 0 by default.</summary>
    public long? FloorPriceFen { get; init; }

    /// <summary>Bargain, required: headcount with helpers, minCutFen and newShopperWeight; amounts with existing and new; or fixed with cutFen.</summary>
    public CutPolicy? Cut { get; init; }

    /// <summary>Bargain: an automatic first cut by the owner; none by default.</summary>
    public FenRange? OwnerCut { get; init; }

    /// <summary>Bargain: reserveAtStart by default.</summary>
    public StockPolicy? StockPolicy { get; init; }

    /// <summary>Bargain: in total; no limit by default.</summary>
    public int? StartsPerShopper { get; init; }

    /// <summary>Bargain: 86,400 by default.</summary>
    public int? ClaimWithinSeconds { get; init; }

    /// <summary>Bargain: may the owner buy at the current price before the floor; false by default.</summary>
    public bool? BuyBeforeFloor { get; init; }

    /// <summary>Group-buy, required: the price of buying alone.</summary>
    public long? SoloPriceFen { get; init; }

    /// <summary>Group-buy: below the solo price.</summary>
    public long? TeamPriceFen { get; init; }

    /// <summary>Group-buy: 2 to 1,000; or tiers.</summary>
    public int? TeamSize { get; init; }

    /// <summary>Group-buy: rising sizes, falling prices.</summary>
    public ImmutableArray<Tier>? Tiers { get; init; }

    /// <summary>Group-buy: an unpaid seat is free again after this; 900 by default.</summary>
    public int? SeatHoldSeconds { get; init; }

    /// <summary>Group-buy: over the whole campaign; 1 by default.</summary>
    public int? UnitsPerShopper { get; init; }

    /// <summary>Group-buy: anyone by default.</summary>
    public JoinPolicy? Join { get; init; }

    /// <summary>Group-buy: none by default.</summary>
    public Fill? Fill { get; init; }

    /// <summary>Group-buy: off the leader's price when the team forms; 0 by default.</summary>
    public long? LeaderDiscountFen { get; init; }
}
