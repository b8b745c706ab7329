namespace SocialCommerce.Rules;

/// <summary>What happened to a bargain. Stored as JSON under a kind number; members are only ever added, with a default that reads old data right.</summary>
public abstract record BargainEvent
{
    /// <summary>On every event, so that whoever follows the feed need not look it up.</summary>
    public string CampaignId { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

public sealed record BargainStarted : BargainEvent
{
    public required string BargainId { get; init; }
    public required string OwnerId { get; init; }
    public required BargainTerms Terms { get; init; }

    /// <summary>32 secret bytes, lower-case hex; never shown before the end.</summary>
    public required string Seed { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
    public bool NewShopper { get; init; }
    public Attribution? Via { get; init; }
}

/// <summary>An accepted cut; number 0 is the owner's automatic one.</summary>
public sealed record BargainCut : BargainEvent
{
    public int CutNumber { get; init; }
    public required string HelperId { get; init; }
    public long CutFen { get; init; }

    /// <summary>After the cut.</summary>
    public long PriceFen { get; init; }

    public bool NewShopper { get; init; }
    public Attribution? Via { get; init; }

    /// <summary>The helper's helps of the day with this one, for the receipt.</summary>
    public int HelpsUsed { get; init; }
    public int HelpsLimit { get; init; }
    public DateTimeOffset HelpsResetAt { get; init; }
}

public sealed record BargainWon : BargainEvent
{
    public DateTimeOffset ClaimBefore { get; init; }
}

public sealed record BargainClaimed : BargainEvent
{
    public required string ClaimId { get; init; }
    public long PriceFen { get; init; }

    /// <summary>Whose order it becomes, and of what; empty in events of older versions.</summary>
    public string OwnerId { get; init; } = "";

    /// <inheritdoc cref="OwnerId"/>
    public string ProductId { get; init; } = "";
}

public sealed record BargainLapsed : BargainEvent;

public sealed record BargainExpired : BargainEvent;

public sealed record BargainSoldOut : BargainEvent;

public sealed record BargainCancelled : BargainEvent
{
    public bool ByOperator { get; init; }
}
