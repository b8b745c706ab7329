using System.Collections.Immutable;
using Orleans.Concurrency;

namespace SocialCommerce.GrainInterfaces;

/// <summary>One team; the key is its id, given by <see cref="IShopperGrain.OpenTeam"/>. Joining goes through <see cref="IShopperGrain.JoinTeam"/>.</summary>
[Alias("sc.team")]
public interface ITeamGrain : IGrainWithStringKey
{
    /// <summary>The team as the last durable change left it, or null.</summary>
    [Alias("get")]
    Task<TeamView?> Get();

    /// <summary>The team as soon as its version differs from the one given, or after some seconds as it is; null when there is none.</summary>
    [Alias("watch")]
    Task<TeamView?> Watch(int knownVersion);

    /// <summary>
    /// The shop reports a payment for a seat. The same payment id counts once. A payment after the hold ran out takes a free seat of
    /// the team, or becomes a refund at once: never charged and lost.
    /// </summary>
    [Alias("pay")]
    Task<SeatChangeReply> Pay(Payment request);

    /// <summary>The shop confirms a requested refund. May be repeated.</summary>
    [Alias("confirm-refund")]
    Task<SeatChangeReply> ConfirmRefund(RefundConfirmation request);

    /// <summary>A member leaves before the team forms; a paid seat becomes a refund. May be repeated.</summary>
    [Alias("leave")]
    Task<SeatChangeReply> Leave(LeaveTeam request);

    /// <summary>A signed share link's token for this team; it expires with it.</summary>
    [Alias("share")]
    Task<ShareReply> Share(ShareRequest request);
}

/// <summary>One solo purchase; the key is its id, given by <see cref="IShopperGrain.Buy"/>.</summary>
[Alias("sc.purchase")]
public interface IPurchaseGrain : IGrainWithStringKey
{
    /// <summary>The purchase, or null.</summary>
    [Alias("get")]
    Task<PurchaseView?> Get();

    /// <summary>The shop reports its payment. Late ones take a free unit, or become a refund at once.</summary>
    [Alias("pay")]
    Task<PurchaseChangeReply> Pay(Payment request);

    /// <summary>The shop confirms a requested refund. May be repeated.</summary>
    [Alias("confirm-refund")]
    Task<PurchaseChangeReply> ConfirmRefund(RefundConfirmation request);
}

/// <summary>The open teams of one campaign; the key is the campaign's id. Follows the feed within a second or so.</summary>
[Alias("sc.open-teams")]
public interface IOpenTeamsGrain : IGrainWithStringKey
{
    /// <summary>Teams that a stranger may join, fullest first, soonest deadline first.</summary>
    [Alias("list"), AlwaysInterleave]
    Task<OpenTeamPage> List(OpenTeamsQuery query);
}

/// <summary>Which open teams to read.</summary>
[GenerateSerializer, Immutable, Alias("sc.open-teams-query")]
public sealed record OpenTeamsQuery
{
    [Id(0)] public int After { get; init; }
    [Id(1)] public int Limit { get; init; } = 50;
    /// <summary>A team to leave out; empty for none.</summary>
    [Id(2)] public string Except { get; init; } = "";
}

/// <summary>Open teams.</summary>
[GenerateSerializer, Immutable, Alias("sc.open-team-page")]
public sealed record OpenTeamPage
{
    [Id(0)] public ImmutableArray<OpenTeamView> Items { get; init; } = [];
    [Id(1)] public int? Next { get; init; }
}
