using System.Collections.Immutable;
using Orleans.Concurrency;

namespace SocialCommerce.GrainInterfaces;

/// <summary>All campaigns; the key is <c>all</c>.</summary>
[Alias("sc.campaign-index")]
public interface ICampaignIndexGrain : IGrainWithStringKey
{
    /// <summary>Campaigns in order of their ids.</summary>
    [Alias("list"), AlwaysInterleave]
    Task<CampaignPage> List(CampaignsQuery query);
}

/// <summary>Which campaigns to read.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaigns-query")]
public sealed record CampaignsQuery
{
    /// <summary>The last id of the page before; empty for the start.</summary>
    [Id(0)] public string After { get; init; } = "";
    [Id(1)] public int Limit { get; init; } = 50;
    /// <summary>Drafts too, for operators.</summary>
    [Id(2)] public bool Drafts { get; init; }
}

/// <summary>Campaigns in order of their ids.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-page")]
public sealed record CampaignPage
{
    [Id(0)] public ImmutableArray<CampaignView> Items { get; init; } = [];
    [Id(1)] public string? Next { get; init; }
}

/// <summary>The figures of one campaign; the key is its id. They follow the feed within a second or so.</summary>
[Alias("sc.campaign-stats")]
public interface ICampaignStatsGrain : IGrainWithStringKey
{
    /// <summary>Funnel, money, fission and hours; all zero for a campaign of which nothing is known.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<CampaignStatsView> Get();
}

/// <summary>One level of the fission tree.</summary>
[GenerateSerializer, Immutable, Alias("sc.level-stats")]
public sealed record LevelStats
{
    [Id(0)] public int Depth { get; init; }
    [Id(1)] public long Shoppers { get; init; }
    [Id(2)] public long NewShoppers { get; init; }
}

/// <summary>One hour of a campaign, UTC.</summary>
[GenerateSerializer, Immutable, Alias("sc.hour-stats")]
public sealed record HourStats
{
    [Id(0)] public DateTimeOffset Hour { get; init; }
    [Id(1)] public long Started { get; init; }
    [Id(2)] public long Cuts { get; init; }
    [Id(3)] public long Ended { get; init; }
}

/// <summary>The figures of one campaign.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-stats-view")]
public sealed record CampaignStatsView
{
    [Id(0)] public required string CampaignId { get; init; }
    /// <summary>How many of each public event there were, by type.</summary>
    [Id(1)] public ImmutableDictionary<string, long> Funnel { get; init; } = ImmutableDictionary<string, long>.Empty;
    /// <summary>Given away by cuts, in minor units.</summary>
    [Id(2)] public long CutFen { get; init; }
    /// <summary>Sum of claimed prices, in minor units.</summary>
    [Id(3)] public long ClaimedFen { get; init; }
    /// <summary>Sum of payments counted, in minor units.</summary>
    [Id(4)] public long PaidFen { get; init; }
    /// <summary>Sum of refunds confirmed, in minor units.</summary>
    [Id(5)] public long RefundedFen { get; init; }
    [Id(6)] public long NewShoppers { get; init; }
    /// <summary>Cost given away per new shopper, in minor units; null while there is none.</summary>
    [Id(7)] public decimal? CutFenPerNewShopper { get; init; }
    /// <summary>Bargains started or teams opened by shoppers who came by a link.</summary>
    [Id(8)] public long StartedByInvited { get; init; }
    /// <summary>Starts brought by links per start: above 1 the campaign grows by itself.</summary>
    [Id(9)] public decimal? K { get; init; }
    [Id(10)] public ImmutableArray<LevelStats> Levels { get; init; } = [];
    [Id(11)] public ImmutableArray<HourStats> Hours { get; init; } = [];
    /// <summary>How far the figures have read the feed.</summary>
    [Id(12)] public string UpTo { get; init; } = "";
    /// <summary>Bargains by generation: 0 started without a link, 1 by a helper of one of those, …</summary>
    [Id(13)] public ImmutableArray<long> Generations { get; init; } = [];
    /// <summary>Distinct shoppers who invited somebody that acted.</summary>
    [Id(14)] public long Inviters { get; init; }
    /// <summary>Shoppers brought per inviter; null while there is none.</summary>
    [Id(15)] public decimal? BroughtPerInviter { get; init; }
}
