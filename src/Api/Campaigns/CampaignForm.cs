using System.Collections.Immutable;
using System.Text.Json;

namespace SocialCommerce.Api;

/// <summary>
/// Reads a campaign's settings as far as their form goes: kinds of values, names of choices, what fits a number. What values mean together
/// is the rules' to judge.
/// </summary>
internal static class CampaignForm
{
    private const int TextLengthMax = 4_000;
    private const int TiersMax = 1_000;

    public static CampaignDefinition Read(JsonForm body) => new()
    {
        Kind = body.Choice<CampaignKind>("kind") ?? CampaignKind.None,
        Product = ReadProduct(body),
        Currency = body.Text("currency", TextLengthMax),
        StartsAt = body.Instant("startsAt"),
        EndsAt = body.Instant("endsAt"),
        Stock = body.Int("stock"),
        DurationSeconds = body.Int("durationSeconds"),
        ListPriceFen = body.Whole("listPriceFen"),
        StartPriceFen = body.Whole("startPriceFen"),
        FloorPriceFen = body.Whole("floorPriceFen"),
        Cut = ReadCut(body),
        OwnerCut = ReadRange(body, "ownerCut"),
        StockPolicy = body.Choice<StockPolicy>("stockPolicy"),
        StartsPerShopper = body.Int("startsPerShopper"),
        ClaimWithinSeconds = body.Int("claimWithinSeconds"),
        BuyBeforeFloor = body.Flag("buyBeforeFloor"),
        SoloPriceFen = body.Whole("soloPriceFen"),
        TeamPriceFen = body.Whole("teamPriceFen"),
        TeamSize = body.Int("teamSize"),
        Tiers = ReadTiers(body),
        SeatHoldSeconds = body.Int("seatHoldSeconds"),
        UnitsPerShopper = body.Int("unitsPerShopper"),
        Join = body.Choice<JoinPolicy>("join"),
        FillWhenAtLeast = ReadFill(body),
        LeaderDiscountFen = body.Whole("leaderDiscountFen"),
    };

    private static Product? ReadProduct(JsonForm body)
    {
        if (body.Object("product") is not { } product) return null;
        return new Product
        {
            Id = product.Text("id", TextLengthMax, lengthMin: 0) ?? "",
            Title = product.Text("title", TextLengthMax, lengthMin: 0) ?? "",
            ImageUrl = product.Text("imageUrl", TextLengthMax, lengthMin: 0),
        };
    }

    private static CutPolicy? ReadCut(JsonForm body)
    {
        if (body.Object("cut") is not { } cut) return null;
        var policy = cut.Choice<CutPolicyKind>("policy") ?? CutPolicyKind.None;

        // Members of another policy are ignored like every member that nobody asks for.
        return policy switch
        {
            CutPolicyKind.Headcount => new CutPolicy
            {
                Policy = policy,
                Helpers = cut.Int("helpers"),
                MinCutFen = cut.Whole("minCutFen"),
                NewShopperWeight = cut.Number("newShopperWeight"),
            },
            CutPolicyKind.Amounts => new CutPolicy { Policy = policy, Existing = ReadRange(cut, "existing"), New = ReadRange(cut, "new") },
            CutPolicyKind.Fixed => new CutPolicy { Policy = policy, CutFen = cut.Whole("cutFen") },
            _ => new CutPolicy(),
        };
    }

    private static FenRange? ReadRange(JsonForm body, string name)
    {
        // The default of ownerCut may be said in words.
        if (body.KindOf(name) == JsonValueKind.String && body.Text(name, TextLengthMax) == "none") return null;
        if (body.Object(name) is not { } range) return null;
        return new FenRange { MinFen = range.Whole("minFen"), MaxFen = range.Whole("maxFen") };
    }

    private static ImmutableArray<Tier> ReadTiers(JsonForm body)
    {
        var tiers = ImmutableArray.CreateBuilder<Tier>();
        foreach (var tier in body.Objects("tiers", TiersMax))
        {
            var size = tier.Int("size");
            var priceFen = tier.Whole("priceFen");
            tier.Require("size", size);
            tier.Require("priceFen", priceFen);
            tiers.Add(new Tier { Size = size ?? 0, PriceFen = priceFen ?? 0 });
        }

        return tiers.ToImmutable();
    }

    /// <summary><c>"none"</c>, <c>{"whenAtLeast": {"members": 3}}</c>, <c>{"whenAtLeast": 3}</c> or <c>{"policy": "whenAtLeast", "members": 3}</c>.</summary>
    private static int? ReadFill(JsonForm body)
    {
        const string Forms = "must be \"none\" or {\"whenAtLeast\": {\"members\": 3}}.";
        switch (body.KindOf("fill"))
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.String:
                if (body.Text("fill", TextLengthMax) != "none") body.Add("fill", Forms);
                return null;
            case JsonValueKind.Object:
                var fill = body.Object("fill")!.Value;
                if (fill.KindOf("policy") != JsonValueKind.Undefined) return ReadNamedFill(fill);
                if (fill.KindOf("whenAtLeast") != JsonValueKind.Object) return Required(fill, "whenAtLeast");
                return Required(fill.Object("whenAtLeast")!.Value, "members");
            default:
                body.Add("fill", Forms);
                return null;
        }
    }

    private static int? ReadNamedFill(JsonForm fill)
    {
        switch (fill.KindOf("policy") == JsonValueKind.String ? fill.Text("policy", TextLengthMax) : null)
        {
            case "none":
                return null;
            case "whenAtLeast":
                return Required(fill, "members");
            default:
                fill.Add("policy", "must be none or whenAtLeast.");
                return null;
        }
    }

    private static int? Required(JsonForm form, string name)
    {
        var value = form.Int(name);
        form.Require(name, value);
        return value;
    }
}
