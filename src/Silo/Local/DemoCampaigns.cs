using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Silo;

/// <summary>What a newcomer finds: the reference play's three products, and one with amounts for new and existing shoppers.</summary>
internal static class DemoCampaigns
{
    private const string Owner = "alice";

    /// <summary>Publishes what is missing and starts one bargain to look at; tells its id. May be repeated.</summary>
    public static async Task<string> Publish(IGrainFactory grains, DateTimeOffset now)
    {
        await PublishIfMissing(grains, "umbrella", now, Headcount("umbrella", "Umbrella / 雨伞", 3_900, 5));
        await PublishIfMissing(grains, "rice-cooker", now, Headcount("rice-cooker", "Rice cooker / 电饭煲", 29_900, 15));
        await PublishIfMissing(grains, "balance-car", now, Headcount("balance-car", "Balance car / 平衡车", 129_900, 40));
        await PublishIfMissing(grains, "umbrella-amounts", now, new CampaignDefinition
        {
            Kind = CampaignKind.Bargain,
            Product = new Product { Id = "umbrella-amounts", Title = "Umbrella, new friends count more / 雨伞" },
            ListPriceFen = 3_900,
            Cut = new CutPolicy
            {
                Policy = CutPolicyKind.Amounts,
                Existing = new FenRange { MinFen = 10, MaxFen = 10 },
                New = new FenRange { MinFen = 300, MaxFen = 500 },
            },
        });
        await PublishIfMissing(grains, "tea-for-two", now, GroupBuy("tea", "Tea / 茶", 2_000, 1_500) with { TeamSize = 2 });
        await PublishIfMissing(grains, "phone-for-three", now, GroupBuy("phone", "Phone / 手机", 299_900, 259_900) with { TeamSize = 3 });
        var start = await grains.GetGrain<IShopperGrain>(Owner).Start(new StartBargain { CampaignId = "rice-cooker" });
        return start.Bargain?.BargainId ?? throw new InvalidOperationException($"The demo bargain was refused: {start.Refusal}.");
    }

    private static async Task PublishIfMissing(IGrainFactory grains, string campaignId, DateTimeOffset now, CampaignDefinition definition)
    {
        var campaign = grains.GetGrain<ICampaignGrain>(campaignId);
        if (await campaign.Get() is not null) return;
        var reply = await campaign.Publish(new PublishCampaign { Definition = definition with { EndsAt = now.AddYears(1), Stock = 1_000 } });
        if (reply.Outcome == Outcome.Refused) throw new InvalidOperationException($"The demo campaign {campaignId} was refused: {reply.Refusal}.");
    }

    private static CampaignDefinition GroupBuy(string productId, string title, long soloPriceFen, long teamPriceFen) => new()
    {
        Kind = CampaignKind.GroupBuy,
        Product = new Product { Id = productId, Title = title },
        SoloPriceFen = soloPriceFen,
        TeamPriceFen = teamPriceFen,
    };

    private static CampaignDefinition Headcount(string productId, string title, long listPriceFen, int helpers) => new()
    {
        Kind = CampaignKind.Bargain,
        Product = new Product { Id = productId, Title = title },
        ListPriceFen = listPriceFen,
        Cut = new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = helpers, NewShopperWeight = 2 },
    };
}
