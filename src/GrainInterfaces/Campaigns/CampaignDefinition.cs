using System.Collections.Immutable;

namespace SocialCommerce.GrainInterfaces;

/// <summary>What a campaign promotes.</summary>
public enum CampaignKind
{
    None = 0,
    Bargain = 1,
    GroupBuy = 2,
}

/// <summary>Where a campaign stands.</summary>
public enum CampaignStatus
{
    None = 0,
    Draft = 1,
    Published = 2,
    Paused = 3,
    Closed = 4,
}

/// <summary>When a bargain takes its unit of stock.</summary>
public enum StockPolicy
{
    None = 0,
    /// <summary>Held from the start, so that who reaches the floor always gets the product.</summary>
    ReserveAtStart = 1,
    /// <summary>Taken by the winning cut; if none is left the bargain ends sold out.</summary>
    ClaimAtWin = 2,
}

/// <summary>How the amount of a cut is found.</summary>
public enum CutPolicyKind
{
    None = 0,
    Headcount = 1,
    Amounts = 2,
    Fixed = 3,
}

/// <summary>Who may join a team.</summary>
public enum JoinPolicy
{
    None = 0,
    Anyone = 1,
    InvitedOnly = 2,
    NewShoppersOnly = 3,
}

/// <summary>A range of whole minor units, both ends included.</summary>
[GenerateSerializer, Immutable, Alias("sc.fen-range")]
public sealed record FenRange
{
    [Id(0)] public long? MinFen { get; init; }
    [Id(1)] public long? MaxFen { get; init; }
}

/// <summary>A cut policy, flat: only the members of its kind are set.</summary>
[GenerateSerializer, Immutable, Alias("sc.cut-policy")]
public sealed record CutPolicy
{
    [Id(0)] public CutPolicyKind Policy { get; init; }

    /// <summary>Headcount: how many accepted cuts reach the floor, never fewer, never more.</summary>
    [Id(1)] public int? Helpers { get; init; }

    /// <summary>Headcount: the least of every cut, in minor units; 1 by default.</summary>
    [Id(2)] public long? MinCutFen { get; init; }

    /// <summary>Headcount: how much larger a new shopper's share tends to be; 1 by default, 0.01 to 100.</summary>
    [Id(3)] public decimal? NewShopperWeight { get; init; }

    /// <summary>Amounts: the range of an existing shopper's cut.</summary>
    [Id(4)] public FenRange? Existing { get; init; }

    /// <summary>Amounts: the range of a new shopper's cut.</summary>
    [Id(5)] public FenRange? New { get; init; }

    /// <summary>Fixed: every cut, in minor units.</summary>
    [Id(6)] public long? CutFen { get; init; }
}

/// <summary>The product of a campaign.</summary>
[GenerateSerializer, Immutable, Alias("sc.product")]
public sealed record Product
{
    [Id(0)] public string Id { get; init; } = "";
    [Id(1)] public string Title { get; init; } = "";
    [Id(2)] public string? ImageUrl { get; init; }
}

/// <summary>A team size and the price per member once it is reached.</summary>
[GenerateSerializer, Immutable, Alias("sc.tier")]
public sealed record Tier
{
    [Id(0)] public int Size { get; init; }
    [Id(1)] public long PriceFen { get; init; }
}

/// <summary>
/// The settings of a campaign as rules.md lists them, flat; null takes the default. Money in whole minor units of
/// <see cref="Currency"/>, durations in seconds.
/// </summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-definition")]
public sealed record CampaignDefinition
{
    [Id(0)] public CampaignKind Kind { get; init; }
    [Id(1)] public Product? Product { get; init; }
    [Id(2)] public string? Currency { get; init; }
    [Id(3)] public DateTimeOffset? StartsAt { get; init; }
    [Id(4)] public DateTimeOffset? EndsAt { get; init; }
    [Id(5)] public int? Stock { get; init; }
    [Id(6)] public int? DurationSeconds { get; init; }

    // Bargain
    [Id(10)] public long? ListPriceFen { get; init; }
    [Id(11)] public long? StartPriceFen { get; init; }
    [Id(12)] public long? FloorPriceFen { get; init; }
    [Id(13)] public CutPolicy? Cut { get; init; }
    [Id(14)] public FenRange? OwnerCut { get; init; }
    [Id(15)] public StockPolicy? StockPolicy { get; init; }
    [Id(16)] public int? StartsPerShopper { get; init; }
    [Id(17)] public int? ClaimWithinSeconds { get; init; }
    [Id(18)] public bool? BuyBeforeFloor { get; init; }

    // Group-buy
    [Id(30)] public long? SoloPriceFen { get; init; }
    [Id(31)] public long? TeamPriceFen { get; init; }
    [Id(32)] public int? TeamSize { get; init; }
    [Id(33)] public ImmutableArray<Tier> Tiers { get; init; } = [];
    [Id(34)] public int? SeatHoldSeconds { get; init; }
    [Id(35)] public int? UnitsPerShopper { get; init; }
    [Id(36)] public JoinPolicy? Join { get; init; }
    /// <summary>At the deadline a team with so many paid members goes ahead; null: never.</summary>
    [Id(37)] public int? FillWhenAtLeast { get; init; }
    [Id(38)] public long? LeaderDiscountFen { get; init; }
}
