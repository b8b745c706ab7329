using System.Collections.Immutable;

namespace SocialCommerce.Simulation.Tests;

/// <summary>Campaigns as a seed draws them: every policy, and numbers so small that floors, last seats and last units come all the time.</summary>
internal static class Offers
{
    private static readonly string[] Products = ["umbrella", "cooker"];

    public static CampaignDefinition Draw(Dice dice, CampaignKind kind, DateTimeOffset now)
    {
        var definition = kind == CampaignKind.Bargain ? Bargain(dice) : GroupBuy(dice);
        var product = dice.OneOf(Products);
        return definition with
        {
            Kind = kind,
            Product = new Product { Id = product, Title = product },
            StartsAt = dice.Happens(0.1) ? now.AddMinutes(1) : now.AddHours(-1),
            EndsAt = now + dice.Of(TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30), TimeSpan.FromDays(30)),
            Stock = dice.Of(1, 2, 4, 8, 20, 100),
            DurationSeconds = dice.Of(60, 600, 3_600, 86_400, 86_400),
        };
    }

    private static CampaignDefinition Bargain(Dice dice)
    {
        var helpers = dice.Of(1, 2, 3, 4, 6);
        var floor = dice.Of(0L, 0, 1, 90);
        var toCut = dice.Between(helpers, 100 * helpers);
        var ownerCut = dice.Happens(0.3) ? new FenRange { MinFen = 1, MaxFen = dice.Between(1, 20) } : null;
        var start = floor + toCut + (ownerCut?.MaxFen ?? 0);
        return new CampaignDefinition
        {
            ListPriceFen = start + dice.Below(3),
            StartPriceFen = start,
            FloorPriceFen = floor,
            OwnerCut = ownerCut,
            Cut = dice.Below(3) switch
            {
                0 => new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = helpers, NewShopperWeight = dice.Of(1m, 1m, 3m, 0.5m) },
                1 => new CutPolicy { Policy = CutPolicyKind.Amounts, Existing = Band(toCut / (2 * helpers), toCut / helpers), New = Band(toCut / helpers, 2 * toCut / helpers) },
                _ => new CutPolicy { Policy = CutPolicyKind.Fixed, CutFen = Math.Max(1, toCut / helpers) },
            },
            StockPolicy = dice.Of(StockPolicy.ReserveAtStart, StockPolicy.ClaimAtWin),
            StartsPerShopper = dice.Happens(0.3) ? dice.Of(1, 2, 5) : null,
            ClaimWithinSeconds = dice.Of(1, 60, 3_600, 86_400),
            BuyBeforeFloor = dice.Happens(0.3),
        };

        static FenRange Band(long min, long max) => new() { MinFen = Math.Max(1, min), MaxFen = Math.Max(1, max) };
    }

    private static CampaignDefinition GroupBuy(Dice dice)
    {
        var price = dice.Between(10, 5_000);
        var definition = new CampaignDefinition
        {
            SoloPriceFen = price + dice.Between(1, 1_000),
            SeatHoldSeconds = dice.Of(2, 30, 60, 900),
            UnitsPerShopper = dice.Of(1, 1, 2, 3),
            Join = dice.Of(JoinPolicy.Anyone, JoinPolicy.Anyone, JoinPolicy.InvitedOnly, JoinPolicy.NewShoppersOnly),
            FillWhenAtLeast = dice.Happens(0.3) ? dice.Of(1, 2) : null,
            LeaderDiscountFen = dice.Happens(0.3) ? dice.Between(1, 5) : null,
        };
        if (dice.Happens(0.7)) return definition with { TeamSize = dice.Of(2, 2, 3, 5), TeamPriceFen = price };
        var first = dice.Of(2, 3);
        ImmutableArray<Tier> tiers = [new() { Size = first, PriceFen = price }, new() { Size = first + dice.Of(1, 2), PriceFen = price - dice.Between(1, 5) }];
        return definition with { Tiers = tiers };
    }
}
