using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>Who may join a team; the numbers are those of the published contract.</summary>
public enum JoinRule
{
    None = 0,
    Anyone = 1,
    InvitedOnly = 2,
    NewShoppersOnly = 3,
}

/// <summary>A team size and the price per member once it is reached.</summary>
public sealed record TierTerms(int Size, long PriceFen);

/// <summary>The rules that one team, or one solo purchase, runs under from start to end, whatever is edited later.</summary>
public sealed record TeamTerms
{
    public required string CampaignId { get; init; }
    public int DefinitionVersion { get; init; }
    public required string ProductId { get; init; }
    public required string ProductTitle { get; init; }
    public string? ProductImageUrl { get; init; }
    public required string Currency { get; init; }
    public long SoloPriceFen { get; init; }

    /// <summary>Rising sizes, falling prices; a campaign without tiers has one: its team size and team price. A team's size is the last one's.</summary>
    public ImmutableArray<TierTerms> Tiers { get; init; } = [];

    public int DurationSeconds { get; init; }
    public int SeatHoldSeconds { get; init; }
    public int UnitsPerShopper { get; init; }
    public JoinRule Join { get; init; }

    /// <summary>At the deadline a team with so many paid members goes ahead; null: never.</summary>
    public int? FillWhenAtLeast { get; init; }

    public long LeaderDiscountFen { get; init; }

    /// <summary>How many seats a team has.</summary>
    public int Size => Tiers[^1].Size;
}
