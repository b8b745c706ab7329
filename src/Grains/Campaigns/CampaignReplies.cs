using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;
using CampaignKind = SocialCommerce.GrainInterfaces.CampaignKind;
using CampaignStatus = SocialCommerce.GrainInterfaces.CampaignStatus;

namespace SocialCommerce.Grains;

/// <summary>Campaigns between the published language and the rules'.</summary>
internal static class CampaignReplies
{
    public static CampaignDraft DraftOf(CampaignDefinition definition) => new()
    {
        Kind = (Rules.CampaignKind)definition.Kind,
        ProductId = definition.Product?.Id,
        ProductTitle = definition.Product?.Title,
        ProductImageUrl = definition.Product?.ImageUrl,
        Currency = definition.Currency,
        StartsAt = definition.StartsAt,
        EndsAt = definition.EndsAt,
        Stock = definition.Stock,
        DurationSeconds = definition.DurationSeconds,
        ListPriceFen = definition.ListPriceFen,
        StartPriceFen = definition.StartPriceFen,
        FloorPriceFen = definition.FloorPriceFen,
        Cut = definition.Cut is not { } cut ? null : new CutDraft
        {
            Kind = (CutRuleKind)cut.Policy,
            Helpers = cut.Helpers,
            MinCutFen = cut.MinCutFen,
            NewShopperWeight = cut.NewShopperWeight,
            Existing = BandOf(cut.Existing),
            New = BandOf(cut.New),
            CutFen = cut.CutFen,
        },
        OwnerCut = BandOf(definition.OwnerCut),
        ReserveAtStart = definition.StockPolicy is null or StockPolicy.None ? null : definition.StockPolicy == StockPolicy.ReserveAtStart,
        StartsPerShopper = definition.StartsPerShopper,
        ClaimWithinSeconds = definition.ClaimWithinSeconds,
        BuyBeforeFloor = definition.BuyBeforeFloor,
        SoloPriceFen = definition.SoloPriceFen,
        TeamPriceFen = definition.TeamPriceFen,
        TeamSize = definition.TeamSize,
        Tiers = definition.Tiers.IsDefault ? [] : [.. definition.Tiers.Select(tier => new TierTerms(tier.Size, tier.PriceFen))],
        SeatHoldSeconds = definition.SeatHoldSeconds,
        UnitsPerShopper = definition.UnitsPerShopper,
        Join = definition.Join is null or JoinPolicy.None ? null : (JoinRule)definition.Join,
        FillWhenAtLeast = definition.FillWhenAtLeast,
        LeaderDiscountFen = definition.LeaderDiscountFen,
    };

    public static CampaignView ViewOf(string campaignId, CampaignState campaign, StockView stock) => new()
    {
        CampaignId = campaignId,
        Status = (CampaignStatus)campaign.Status,
        Version = campaign.Version,
        DefinitionVersion = campaign.DefinitionVersion,
        Definition = DefinitionOf(campaign.Terms),
        Stock = stock,
    };

    private static CampaignDefinition DefinitionOf(CampaignTerms terms)
    {
        var definition = new CampaignDefinition { Kind = (CampaignKind)terms.Kind, StartsAt = terms.StartsAt, EndsAt = terms.EndsAt, Stock = terms.Stock };
        if (terms.Bargain is { } bargain)
        {
            return definition with
            {
                Product = new Product { Id = bargain.ProductId, Title = bargain.ProductTitle, ImageUrl = bargain.ProductImageUrl },
                Currency = bargain.Currency,
                DurationSeconds = bargain.DurationSeconds,
                ListPriceFen = bargain.ListPriceFen,
                StartPriceFen = bargain.StartPriceFen,
                FloorPriceFen = bargain.FloorPriceFen,
                Cut = BargainReplies.PolicyOf(bargain.Cut),
                OwnerCut = BargainReplies.RangeOf(bargain.OwnerCut),
                StockPolicy = bargain.ReserveAtStart ? StockPolicy.ReserveAtStart : StockPolicy.ClaimAtWin,
                StartsPerShopper = bargain.StartsPerShopper,
                ClaimWithinSeconds = bargain.ClaimWithinSeconds,
                BuyBeforeFloor = bargain.BuyBeforeFloor,
            };
        }

        var team = terms.GroupBuy!;
        var tiered = team.Tiers.Length > 1;
        return definition with
        {
            Product = new Product { Id = team.ProductId, Title = team.ProductTitle, ImageUrl = team.ProductImageUrl },
            Currency = team.Currency,
            DurationSeconds = team.DurationSeconds,
            SoloPriceFen = team.SoloPriceFen,
            TeamPriceFen = tiered ? null : team.Tiers[0].PriceFen,
            TeamSize = tiered ? null : team.Size,
            Tiers = tiered ? [.. team.Tiers.Select(tier => new Tier { Size = tier.Size, PriceFen = tier.PriceFen })] : [],
            SeatHoldSeconds = team.SeatHoldSeconds,
            UnitsPerShopper = team.UnitsPerShopper,
            Join = (JoinPolicy)team.Join,
            FillWhenAtLeast = team.FillWhenAtLeast,
            LeaderDiscountFen = team.LeaderDiscountFen,
        };
    }

    private static BandDraft? BandOf(FenRange? range) => range is null ? null : new BandDraft(range.MinFen, range.MaxFen);
}
