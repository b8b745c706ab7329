using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>One bargain campaign of the run. <paramref name="Share"/> is the part of the owners that takes it up.</summary>
internal sealed record BargainCampaign(string Name, CampaignPublished Published, double Share);

/// <summary>The bargain campaigns that a run publishes: the reference plays, and one product that is sold in two campaigns.</summary>
internal static class BargainCatalogue
{
    /// <exception cref="UsageException">The engine refused a campaign.</exception>
    public static async Task<IReadOnlyList<BargainCampaign>> Publish(Stage stage)
    {
        var lifetime = (int)stage.Lifetime.TotalSeconds;
        var owners = stage.OwnerCount;
        BargainCampaign[] campaigns =
        [
            // Fewer umbrellas than owners who want one: a start can be refused for want of stock.
            Headcount(stage, "umbrella", "umbrella", 5, 3900, Math.Max(2, owners * 3 / 10), 0.36, lifetime, reserve: true),

            // Two cookers for everybody: who gets to the floor later finds them gone.
            Headcount(stage, "cooker", "cooker", 15, 19900, 2, 0.24, lifetime, reserve: false),
            Headcount(stage, "car", "car", 40, 199900, 10_000, 0.15, lifetime, reserve: true),

            // The umbrella again, by amounts: a friend who helped in one campaign has helped on the product.
            new("umbrella2", new CampaignPublished($"umbrella2-{stage.RunId}", "bargain", $"umbrella-{stage.RunId}")
            {
                StartPriceFen = 2500, DurationSeconds = lifetime, Stock = 10_000, ReserveAtStart = true, BuyBeforeFloor = true,
                Policy = "amounts", Existing = new(10, 10), New = new(300, 500),
            }, 0.25),
        ];
        foreach (var campaign in campaigns)
        {
            var answer = await stage.Api.Publish(campaign.Published.CampaignId, Settings(stage, campaign), stage.Stopping);
            if (answer.Outcome != Outcome.Done)
            {
                throw new UsageException($"campaign {campaign.Published.CampaignId} was not published: {answer.Detail}");
            }

            stage.Ledger.Append(campaign.Published);
        }

        return campaigns;
    }

    /// <summary>Longer than any claim of this run may wait: won bargains that nobody claims have lapsed by then.</summary>
    public static TimeSpan ClaimWithin(Stage stage) => stage.Lifetime / 2 + TimeSpan.FromSeconds(1);

    private static BargainCampaign Headcount(
        Stage stage, string name, string product, int helpers, long priceFen, long stock, double share, int lifetime, bool reserve) =>
        new(name, new CampaignPublished($"{name}-{stage.RunId}", "bargain", $"{product}-{stage.RunId}")
        {
            StartPriceFen = priceFen, DurationSeconds = lifetime, Stock = stock, ReserveAtStart = reserve,
            Policy = "headcount", Helpers = helpers,
        }, share);

    private static object Settings(Stage stage, BargainCampaign campaign)
    {
        var published = campaign.Published;
        return new
        {
            kind = "bargain",
            product = new { id = published.ProductId, title = Title(campaign.Name) },
            currency = "CNY",
            endsAt = stage.Now + TimeSpan.FromSeconds(stage.Options.Seconds) + TimeSpan.FromHours(1),
            stock = published.Stock,
            stockPolicy = published.ReserveAtStart ? "reserveAtStart" : "claimAtWin",
            listPriceFen = published.StartPriceFen,
            startPriceFen = published.StartPriceFen,
            floorPriceFen = published.FloorPriceFen,
            durationSeconds = published.DurationSeconds,
            claimWithinSeconds = (int)ClaimWithin(stage).TotalSeconds,
            buyBeforeFloor = published.BuyBeforeFloor,
            cut = Policy(published),
        };
    }

    private static object Policy(CampaignPublished published) => published.Policy == "headcount"
        ? new { policy = "headcount", helpers = published.Helpers, minCutFen = 1, newShopperWeight = 2 }
        : new { policy = "amounts", existing = published.Existing, @new = published.New };

    private static string Title(string name) => name switch
    {
        "umbrella" => "Umbrella (five friends)",
        "cooker" => "Rice cooker",
        "car" => "Balance car",
        _ => "Umbrella (new friends count)",
    };
}
