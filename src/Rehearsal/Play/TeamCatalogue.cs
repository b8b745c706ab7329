using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>One group-buy campaign of the run.</summary>
internal sealed record TeamCampaign(string Name, CampaignPublished Published, long SoloPriceFen, long TeamPriceFen, bool InvitedOnly);

/// <summary>The group-buy campaigns that a run publishes.</summary>
internal static class TeamCatalogue
{
    /// <summary>The campaigns, or none and what the engine said where it has no group-buy.</summary>
    /// <exception cref="UsageException">The engine has group-buys and refused one all the same.</exception>
    public static async Task<(IReadOnlyList<TeamCampaign> Campaigns, string Why)> Publish(Stage stage)
    {
        var seats = stage.OwnerCount;
        TeamCampaign[] campaigns =
        [
            New(stage, "tea", 3, 9900, 6900, stock: seats * 3, units: 2, invitedOnly: false),
            New(stage, "lamp", 5, 15900, 10900, stock: seats * 4, units: 1, invitedOnly: true),

            // Less stock than teams want: holds compete for it, and what runs out comes back.
            New(stage, "juicer", 8, 29900, 19900, stock: Math.Max(12, seats), units: 1, invitedOnly: false),
        ];
        foreach (var campaign in campaigns)
        {
            var published = campaign.Published;
            var answer = await stage.Api.Publish(published.CampaignId, Settings(stage, campaign), stage.Stopping);
            if (answer.Outcome != Outcome.Done)
            {
                if (campaign == campaigns[0]) return ([], $"a group-buy campaign was answered with {answer.Detail}");
                throw new UsageException($"campaign {published.CampaignId} was not published: {answer.Detail}");
            }

            var teams = await stage.Api.OpenTeams(published.CampaignId, stage.Shopper(0), stage.Stopping);
            if (teams.Status is 404 or 405) return ([], $"its list of open teams was answered with {teams.Detail}");
            stage.Ledger.Append(published);
        }

        return (campaigns, "");
    }

    private static TeamCampaign New(Stage stage, string name, int size, long solo, long team, long stock, int units, bool invitedOnly) =>
        new(name, new CampaignPublished($"{name}-{stage.RunId}", "groupBuy", $"{name}-{stage.RunId}")
        {
            Stock = stock, DurationSeconds = (int)stage.Lifetime.TotalSeconds, TeamSize = size, UnitsPerShopper = units,
            SeatHoldSeconds = Math.Max(1, (int)stage.Lifetime.TotalSeconds / 4),
        }, solo, team, invitedOnly);

    private static object Settings(Stage stage, TeamCampaign campaign)
    {
        var published = campaign.Published;
        return new
        {
            kind = "groupBuy",
            product = new { id = published.ProductId, title = $"Together: {campaign.Name}" },
            currency = "CNY",
            endsAt = stage.Now + TimeSpan.FromSeconds(stage.Options.Seconds) + TimeSpan.FromHours(1),
            stock = published.Stock,
            soloPriceFen = campaign.SoloPriceFen,
            teamPriceFen = campaign.TeamPriceFen,
            teamSize = published.TeamSize,
            durationSeconds = published.DurationSeconds,
            seatHoldSeconds = published.SeatHoldSeconds,
            unitsPerShopper = published.UnitsPerShopper,
            join = campaign.InvitedOnly ? "invitedOnly" : "anyone",
        };
    }
}
