using SocialCommerce.Rehearsal.Auditing;
using SocialCommerce.Rehearsal.Play;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Reporting;

/// <summary>Makes the report of a play: its own counts, and the ends as the engine tells them afterwards.</summary>
internal static class Reporter
{
    public static Report Of(Stage stage, Performance performance, Evidence evidence)
    {
        var options = stage.Options;
        var tally = stage.Tally;
        var seconds = performance.Played.TotalSeconds;
        return new Report
        {
            Run = new RunFigures(stage.RunId, string.Join(",", options.Urls), options.Seed, stage.Graph.People, stage.Graph.Friendships, stage.OwnerCount,
                options.Concurrency, seconds, performance.RequestsPlayed, performance.RequestsPlayed / Math.Max(seconds, 0.001),
                tally["cuts"], tally["repeats"], tally["unknown"]),
            Bargains = [.. CampaignsOf(evidence, "bargain").Select(c => Bargains(evidence, c))],
            Teams = [.. CampaignsOf(evidence, "groupBuy").Select(c => Teams(evidence, c))],
            Refusals = [.. tally.Refusals.Select(r => new RefusalFigure(r.Act, r.Code, r.Count))],
            BargainFission = BargainFission(stage, evidence),
            GroupBuyFission = GroupBuyFission(stage, evidence),
            Latency = stage.Api.Client.Latencies.Rows(),
            Away = [.. stage.Api.Client.Outages.Over.Select(o => new AwayFigure(o.From, (o.To - o.From).TotalSeconds))],
        };
    }

    private static IEnumerable<CampaignPublished> CampaignsOf(Evidence evidence, string play) =>
        evidence.Facts.Campaigns.Values.Where(c => c.Play == play);

    private static BargainFigures Bargains(Evidence evidence, CampaignPublished campaign)
    {
        var own = evidence.KnownBargains.Where(b => b.CampaignId == campaign.CampaignId).ToArray();
        int In(string status) => own.Count(b => b.Status == status);
        var won = own.Count(b => evidence.EventsOf[b.BargainId].Any(e => e.Type == "bargain.won"));
        return new BargainFigures(campaign.CampaignId, own.Length, own.Sum(b => b.CutCount), won, In("claimed"), In("lapsed"), In("expired"),
            In("soldOut"), In("cancelled"), In("open"), own.Where(b => b.Status == "claimed").Sum(b => b.StartPriceFen - b.PriceFen));
    }

    private static TeamFigures Teams(Evidence evidence, CampaignPublished campaign)
    {
        var own = evidence.KnownTeams.Where(t => t.CampaignId == campaign.CampaignId).ToArray();
        var seats = own.SelectMany(t => t.Seats).ToArray();
        var open = own.Count(t => t.Status == "open");
        var formed = own.Count(t => t.Status == "formed");
        return new TeamFigures(campaign.CampaignId, own.Length, formed, own.Length - open - formed, open, seats.Length,
            seats.Count(s => s.Status == "confirmed"), seats.Count(s => s.Refund?.ConfirmedAt is not null),
            evidence.Events.Count(e => e.Type == "purchase.paid" && e.CampaignId == campaign.CampaignId));
    }

    private static FissionFigures BargainFission(Stage stage, Evidence evidence)
    {
        var starts = evidence.Facts.Starts.Select(s => s.First()).OrderBy(s => s.StartedAt).ToLookup(s => s.OwnerId);
        var given = evidence.KnownBargains.Where(b => b.Status == "claimed").Sum(b => b.StartPriceFen - b.PriceFen);
        var depths = evidence.Cuts.Values.SelectMany(c => c).ToLookup(c => c.Depth);
        return Fission(stage, evidence, BargainPlay.Name, starts.Count, starts.Count(s => s.First().Invited), given,
            level => depths[level].Count());
    }

    private static FissionFigures GroupBuyFission(Stage stage, Evidence evidence)
    {
        var leaders = evidence.Facts.Teams.Select(t => t.First().LeaderId).Distinct().ToArray();
        var reached = stage.Tally.ReachedShoppers(TeamPlay.Name).ToHashSet(StringComparer.Ordinal);
        return Fission(stage, evidence, TeamPlay.Name, leaders.Length, leaders.Count(reached.Contains), 0, _ => 0);
    }

    private static FissionFigures Fission(
        Stage stage, Evidence evidence, string play, int starters, int brought, long givenAwayFen, Func<int, long> cutsByDepth)
    {
        var levels = stage.Tally.Reach(play).Select(l => new LevelFigure(l.Level, l.Invites, l.Shoppers, cutsByDepth(l.Level))).ToArray();
        var invites = levels.Sum(l => l.Invites);

        // New is who the shop did not know and whom an invitation brought.
        var fresh = stage.Tally.ReachedShoppers(play).Count(s => !evidence.Facts.DeclaredExisting.Contains(s));
        return new FissionFigures(starters, brought, invites, Share(invites, starters), Share(brought, invites), Share(brought, starters),
            fresh, givenAwayFen, fresh == 0 ? null : (double)givenAwayFen / fresh, levels);
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
