using Orleans.Concurrency;

namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// One shopper; the key is the shop's opaque id. What a shopper does goes through here, one thing at a time, since the daily quota,
/// the once-per-owner-and-product rule and the unit limits are the shopper's own.
/// </summary>
[Alias("sc.shopper")]
public interface IShopperGrain : IGrainWithStringKey
{
    /// <summary>Starts a bargain. While one is open in the campaign, answers with that one.</summary>
    [Alias("start")]
    Task<StartReply> Start(StartBargain request);

    /// <summary>Helps a bargain with one cut. A repeat answers with the first receipt.</summary>
    [Alias("help")]
    Task<CutReply> Help(HelpBargain request);

    /// <summary>Opens a team and holds the leader's seat. Repeatable by its request key only: without one, it opens another team.</summary>
    [Alias("open-team")]
    Task<TeamReply> OpenTeam(OpenTeam request);

    /// <summary>Joins a team with a held seat. A repeat answers with the same seat.</summary>
    [Alias("join-team")]
    Task<SeatReply> JoinTeam(JoinTeam request);

    /// <summary>Buys alone at the solo price: a held purchase. Repeatable by its request key only.</summary>
    [Alias("buy")]
    Task<PurchaseReply> Buy(BuyAlone request);

    /// <summary>The shop declares the shopper existing. May be repeated; never undone.</summary>
    [Alias("declare-existing")]
    Task DeclareExisting();

    /// <summary>The same, telling whether it was so before.</summary>
    [Alias("declare")]
    Task<DeclareReply> Declare(DeclareShopper request);

    /// <summary>What the shopper may know of itself.</summary>
    [Alias("me"), AlwaysInterleave]
    Task<ShopperView> Me();
}

/// <summary>Starts a bargain.</summary>
[GenerateSerializer, Immutable, Alias("sc.start-bargain")]
public sealed record StartBargain
{
    [Id(0)] public required string CampaignId { get; init; }
    /// <summary>A share token; empty for none. One that does not verify gives no attribution and does no harm.</summary>
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a start.</summary>
[GenerateSerializer, Immutable, Alias("sc.start-reply")]
public sealed record StartReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public StartRefusal Refusal { get; init; }
    [Id(2)] public BargainView? Bargain { get; init; }
}

/// <summary>Helps a bargain.</summary>
[GenerateSerializer, Immutable, Alias("sc.help-bargain")]
public sealed record HelpBargain
{
    [Id(0)] public required string BargainId { get; init; }
    /// <summary>A share token; empty for none. One that does not verify gives no attribution and does no harm.</summary>
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a help.</summary>
[GenerateSerializer, Immutable, Alias("sc.cut-reply")]
public sealed record CutReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public CutRefusal Refusal { get; init; }
    [Id(2)] public CutReceipt? Cut { get; init; }
    /// <summary>With <see cref="CutRefusal.DailyHelpLimitReached"/>: the limit and when it resets.</summary>
    [Id(3)] public HelpsToday? HelpsToday { get; init; }
}

/// <summary>Declares a shopper existing.</summary>
[GenerateSerializer, Immutable, Alias("sc.declare-shopper")]
public sealed record DeclareShopper
{
    [Id(0)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a declaration.</summary>
[GenerateSerializer, Immutable, Alias("sc.declare-reply")]
public sealed record DeclareReply
{
    /// <summary>Done; Repeated when the shopper was existing before; or KeyReused.</summary>
    [Id(0)] public Outcome Outcome { get; init; }
}

/// <summary>A shopper as it may see itself.</summary>
[GenerateSerializer, Immutable, Alias("sc.shopper-view")]
public sealed record ShopperView
{
    [Id(0)] public required string ShopperId { get; init; }
    /// <summary>True until the first accepted act, or until declared existing.</summary>
    [Id(1)] public bool NewShopper { get; init; }
    [Id(2)] public HelpsToday HelpsToday { get; init; } = new();
    /// <summary>Open or won and not yet claimed.</summary>
    [Id(3)] public System.Collections.Immutable.ImmutableArray<BargainView> Bargains { get; init; } = [];
    /// <summary>Teams that are open with a seat of the shopper's.</summary>
    [Id(4)] public System.Collections.Immutable.ImmutableArray<TeamView> Teams { get; init; } = [];
}
