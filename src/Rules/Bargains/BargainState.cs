namespace SocialCommerce.Rules;

/// <summary>Where a bargain stands; the numbers are those of the published contract.</summary>
public enum BargainStatus
{
    None = 0,
    Open = 1,
    Won = 2,
    Claimed = 3,
    Lapsed = 4,
    Expired = 5,
    SoldOut = 6,
    Cancelled = 7,
}

/// <summary>A bargain, folded from its events.</summary>
public sealed record BargainState
{
    public static readonly BargainState None = new();

    private readonly UtcTime _startedAt;
    private readonly UtcTime _expiresAt;
    private readonly UtcTime _claimBefore;
    private readonly UtcTime _endedAt;

    public string BargainId { get; init; } = "";
    public string OwnerId { get; init; } = "";
    public BargainStatus Status { get; init; }
    public BargainTerms? TermsOrNull { get; init; }
    public DrawSeed Seed { get; init; }
    public DateTimeOffset StartedAt { get => _startedAt.Value; init => _startedAt = new UtcTime(value); }
    public DateTimeOffset ExpiresAt { get => _expiresAt.Value; init => _expiresAt = new UtcTime(value); }
    public DateTimeOffset? ClaimBefore { get => _claimBefore.ValueOrNull; init => _claimBefore = new UtcTime(value); }
    public DateTimeOffset? EndedAt { get => _endedAt.ValueOrNull; init => _endedAt = new UtcTime(value); }
    public long PriceFen { get; init; }
    public CutLog Cuts { get; init; } = CutLog.Empty;

    /// <summary>Accepted helps; the owner's own cut is not one.</summary>
    public int Helps { get; init; }

    public string? ClaimId { get; init; }
    public int Generation { get; init; }

    /// <summary>How many events it has.</summary>
    public int Version { get; init; }

    public bool Exists => Status != BargainStatus.None;
    public BargainTerms Terms => TermsOrNull ?? throw new InvalidOperationException("A bargain that has not started has no terms.");
    public long RemainingFen => PriceFen - Terms.FloorPriceFen;
    public CutsLeft CutsLeft => IsOver || Status == BargainStatus.Won ? new CutsLeft(0, 0) : Terms.Cut.Left(RemainingFen, Helps);
    public bool IsOver => Status is not (BargainStatus.None or BargainStatus.Open or BargainStatus.Won);

    /// <summary>When something is to happen by itself; null when nothing is.</summary>
    public DateTimeOffset? DueAt => Status switch
    {
        BargainStatus.Open => ExpiresAt,
        BargainStatus.Won => ClaimBefore,
        _ => null,
    };

    /// <summary>Total: makes no decision.</summary>
    public static BargainState Evolve(BargainState state, BargainEvent happened)
    {
        var version = state.Version + 1;
        return happened switch
        {
            BargainStarted started => new BargainState
            {
                BargainId = started.BargainId,
                OwnerId = started.OwnerId,
                Status = BargainStatus.Open,
                TermsOrNull = started.Terms,
                Seed = DrawSeed.Parse(started.Seed),
                StartedAt = started.At,
                ExpiresAt = started.ExpiresAt,
                PriceFen = started.Terms.StartPriceFen,
                Generation = started.Via?.Generation ?? 0,
                Version = version,
            },
            BargainCut cut => state with
            {
                PriceFen = cut.PriceFen,
                Helps = cut.CutNumber > 0 ? state.Helps + 1 : state.Helps,
                Cuts = state.Cuts.Append(CutEntry.Of(cut)),
                Version = version,
            },
            BargainWon won => state with { Status = BargainStatus.Won, ClaimBefore = won.ClaimBefore, Version = version },
            BargainClaimed claimed => state with { Status = BargainStatus.Claimed, ClaimId = claimed.ClaimId, EndedAt = claimed.At, Version = version },
            BargainLapsed lapsed => state with { Status = BargainStatus.Lapsed, EndedAt = lapsed.At, Version = version },
            BargainExpired expired => state with { Status = BargainStatus.Expired, EndedAt = expired.At, Version = version },
            BargainSoldOut soldOut => state with { Status = BargainStatus.SoldOut, EndedAt = soldOut.At, Version = version },
            BargainCancelled cancelled => state with { Status = BargainStatus.Cancelled, EndedAt = cancelled.At, Version = version },
            _ => throw new InvalidOperationException($"A bargain can't evolve by {happened.GetType().Name}."),
        };
    }
}
