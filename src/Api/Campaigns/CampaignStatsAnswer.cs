using System.Collections.Immutable;

namespace SocialCommerce.Api;

/// <summary>The figures of one campaign: funnel, money, fission, by hour.</summary>
internal sealed record CampaignStatsAnswer
{
    public required string CampaignId { get; init; }

    /// <summary>How many of each public event there were, by type.</summary>
    public ImmutableDictionary<string, long> Funnel { get; init; } = ImmutableDictionary<string, long>.Empty;
    public MoneyStats Money { get; init; } = new();
    public FissionStats Fission { get; init; } = new();
    public ImmutableArray<HourStats> Hours { get; init; } = [];

    /// <summary>How far the figures have read the feed.</summary>
    public string UpTo { get; init; } = "";

    public static CampaignStatsAnswer Of(CampaignStatsView stats) => new()
    {
        CampaignId = stats.CampaignId,
        Funnel = stats.Funnel,
        Money = new MoneyStats
        {
            CutFen = stats.CutFen,
            ClaimedFen = stats.ClaimedFen,
            PaidFen = stats.PaidFen,
            RefundedFen = stats.RefundedFen,
            CutFenPerNewShopper = stats.CutFenPerNewShopper,
        },
        Fission = new FissionStats
        {
            NewShoppers = stats.NewShoppers,
            StartedByInvited = stats.StartedByInvited,
            K = stats.K,
            Inviters = stats.Inviters,
            BroughtPerInviter = stats.BroughtPerInviter,
            Levels = stats.Levels,
            Generations = stats.Generations,
        },
        Hours = stats.Hours,
        UpTo = stats.UpTo,
    };
}

/// <summary>Sums in minor units.</summary>
internal sealed record MoneyStats
{
    public long CutFen { get; init; }
    public long ClaimedFen { get; init; }
    public long PaidFen { get; init; }
    public long RefundedFen { get; init; }
    public decimal? CutFenPerNewShopper { get; init; }
}

/// <summary>How the campaign spread.</summary>
internal sealed record FissionStats
{
    public long NewShoppers { get; init; }
    public long StartedByInvited { get; init; }
    public decimal? K { get; init; }
    public long Inviters { get; init; }
    public decimal? BroughtPerInviter { get; init; }
    public ImmutableArray<LevelStats> Levels { get; init; } = [];
    public ImmutableArray<long> Generations { get; init; } = [];
}
