using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>What a campaign promotes; the numbers are those of the published contract.</summary>
public enum CampaignKind
{
    None = 0,
    Bargain = 1,
    GroupBuy = 2,
}

/// <summary>A campaign's settings as somebody wrote them, with nothing checked: null is not given.</summary>
public sealed record CampaignDraft
{
    public CampaignKind Kind { get; init; }
    public string? ProductId { get; init; }
    public string? ProductTitle { get; init; }
    public string? ProductImageUrl { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public int? Stock { get; init; }
    public int? DurationSeconds { get; init; }

    public long? ListPriceFen { get; init; }
    public long? StartPriceFen { get; init; }
    public long? FloorPriceFen { get; init; }
    public CutDraft? Cut { get; init; }
    public BandDraft? OwnerCut { get; init; }
    public bool? ReserveAtStart { get; init; }
    public int? StartsPerShopper { get; init; }
    public int? ClaimWithinSeconds { get; init; }
    public bool? BuyBeforeFloor { get; init; }

    public long? SoloPriceFen { get; init; }
    public long? TeamPriceFen { get; init; }
    public int? TeamSize { get; init; }
    public ImmutableArray<TierTerms> Tiers { get; init; } = [];
    public int? SeatHoldSeconds { get; init; }
    public int? UnitsPerShopper { get; init; }
    public JoinRule? Join { get; init; }
    public int? FillWhenAtLeast { get; init; }
    public long? LeaderDiscountFen { get; init; }
}

public sealed record BandDraft(long? MinFen, long? MaxFen);

public sealed record CutDraft
{
    public CutRuleKind Kind { get; init; }
    public int? Helpers { get; init; }
    public long? MinCutFen { get; init; }
    public decimal? NewShopperWeight { get; init; }
    public BandDraft? Existing { get; init; }
    public BandDraft? New { get; init; }
    public long? CutFen { get; init; }
}

/// <summary>One fault of one field, named as the JSON body names it.</summary>
public sealed record FieldFault(string Field, string Message);

/// <summary>A campaign's terms, checked and with every default filled in. Exactly one of the two kinds is set.</summary>
public sealed record CampaignTerms
{
    public CampaignKind Kind { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public int Stock { get; init; }
    public BargainTerms? Bargain { get; init; }
    public TeamTerms? GroupBuy { get; init; }

    public string Currency => Bargain?.Currency ?? GroupBuy!.Currency;

    /// <summary>Whether another version says the same; the versions' numbers are not looked at.</summary>
    public bool SaysTheSameAs(CampaignTerms other) => Unnumbered(this) == Unnumbered(other) && TiersOf(this).SequenceEqual(TiersOf(other));

    // An immutable array equals itself alone, so the tiers are compared apart.
    private static CampaignTerms Unnumbered(CampaignTerms terms) => terms with
    {
        Bargain = terms.Bargain is null ? null : terms.Bargain with { DefinitionVersion = 0 },
        GroupBuy = terms.GroupBuy is null ? null : terms.GroupBuy with { DefinitionVersion = 0, Tiers = [] },
    };

    private static ImmutableArray<TierTerms> TiersOf(CampaignTerms terms) => terms.GroupBuy?.Tiers ?? [];
}
