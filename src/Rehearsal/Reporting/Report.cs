using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Reporting;

/// <summary>What a rehearsal came to. The text and the JSON say the same.</summary>
internal sealed record Report
{
    public required RunFigures Run { get; init; }
    public required IReadOnlyList<BargainFigures> Bargains { get; init; }
    public required IReadOnlyList<TeamFigures> Teams { get; init; }
    public required IReadOnlyList<RefusalFigure> Refusals { get; init; }
    public required FissionFigures BargainFission { get; init; }
    public required FissionFigures GroupBuyFission { get; init; }
    public required IReadOnlyList<LatencyRow> Latency { get; init; }
    public required IReadOnlyList<AwayFigure> Away { get; init; }
}

/// <summary>The run as a whole. A repeat is a request that the engine had answered before and answered the same way again.</summary>
internal sealed record RunFigures(
    string RunId, string Url, int Seed, int Shoppers, int Friendships, int Owners, int Concurrency, double PlayedSeconds, long Requests,
    double RequestsPerSecond, long Cuts, long Repeats, long Unknown);

/// <summary>How one bargain campaign's bargains ended; <paramref name="GivenAwayFen"/> is start price less price paid, of the claimed.</summary>
internal sealed record BargainFigures(
    string CampaignId, int Started, int Cuts, int Won, int Claimed, int Lapsed, int Expired, int SoldOut, int Cancelled, int Open, long GivenAwayFen);

/// <summary>How one group-buy campaign's teams ended, and where its seats' money went.</summary>
internal sealed record TeamFigures(string CampaignId, int Opened, int Formed, int Failed, int Open, int Seats, int Confirmed, int Refunded, int PaidAlone);

internal sealed record RefusalFigure(string Act, string Code, long Count);

/// <summary>
/// How the campaigns spread. A starter started a bargain or opened a team; a brought starter did so first by a share link.
/// K = brought starters per starter = invites per starter × share of invites that made a starter.
/// </summary>
internal sealed record FissionFigures(
    int Starters, int BroughtStarters, long Invites, double InvitesPerStarter, double InviteMadeStarter, double K,
    int NewShoppers, long GivenAwayFen, double? GivenAwayPerNewShopperFen, IReadOnlyList<LevelFigure> Levels);

/// <summary>
/// Level 1 was invited by who started unasked, level 2 by level 1, and so on. Reached are the shoppers whom an invitation at that
/// level led to help, start, join or open; each counts once, at the first level. Cuts are by the depth that the engine gave them.
/// </summary>
internal sealed record LevelFigure(int Level, long Invites, long Reached, long CutsByDepth);

internal sealed record AwayFigure(DateTimeOffset From, double Seconds);
