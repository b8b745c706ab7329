using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests;

/// <summary>Campaigns as tests publish them.</summary>
internal static class Offers
{
    public static CampaignDefinition Headcount(int helpers, long startFen = 10_000, string product = "umbrella") =>
        Bargain(new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = helpers }, startFen, product);

    public static CampaignDefinition Fixed(long cutFen, long startFen = 10_000, string product = "umbrella") =>
        Bargain(new CutPolicy { Policy = CutPolicyKind.Fixed, CutFen = cutFen }, startFen, product);

    public static CampaignDefinition GroupBuy(int size, string product = "cooker") => new()
    {
        Kind = CampaignKind.GroupBuy,
        Product = new Product { Id = product, Title = product },
        SoloPriceFen = 5_000,
        TeamPriceFen = 3_000,
        TeamSize = size,
    };

    public static CampaignDefinition Tiers(params (int Size, long PriceFen)[] tiers) => GroupBuy(2) with
    {
        TeamPriceFen = null,
        TeamSize = null,
        Tiers = [.. tiers.Select(tier => new Tier { Size = tier.Size, PriceFen = tier.PriceFen })],
    };

    private static CampaignDefinition Bargain(CutPolicy cut, long startFen, string product) => new()
    {
        Kind = CampaignKind.Bargain,
        Product = new Product { Id = product, Title = product },
        ListPriceFen = startFen,
        Cut = cut,
    };
}
