using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>Checks a draft and fills in the defaults of rules.md; names every fault at once.</summary>
public static class CampaignValidation
{
    public const int DurationSecondsDefault = 86_400;
    public const int DurationSecondsMax = 30 * 86_400;
    public const long PriceFenMax = 100_000_000_000;
    public const int HelpersMax = 100_000;
    public const int TeamSizeMax = 1_000;
    public const int SeatHoldSecondsDefault = 900;

    /// <param name="durationSecondsMin">60; 1 in the Development environment.</param>
    public static (CampaignTerms? Terms, IReadOnlyList<FieldFault> Faults) Check(
        CampaignDraft draft, string campaignId, int definitionVersion, int durationSecondsMin, DateTimeOffset now)
    {
        var faults = new Faults();
        if (draft.Kind is not (CampaignKind.Bargain or CampaignKind.GroupBuy)) faults.Add("kind", "is required: bargain or groupBuy.");
        faults.Text("product.id", draft.ProductId, 64);
        faults.Text("product.title", draft.ProductTitle, 200);
        if (draft.ProductImageUrl is { } url && !(url.Length <= 2000 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            faults.Add("product.imageUrl", "must be an absolute http or https address of at most 2,000 characters.");
        var currency = draft.Currency ?? "CNY";
        if (!(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper))) faults.Add("currency", "must be an ISO 4217 code of three capital letters.");
        if (draft.EndsAt is null) faults.Add("endsAt", "is required.");
        var (startsAt, endsAt) = (DomainTime.Of(draft.StartsAt ?? now), DomainTime.Of(draft.EndsAt ?? DateTimeOffset.MaxValue));
        if (endsAt <= startsAt) faults.Add("endsAt", "must be after startsAt.");
        faults.Whole("stock", draft.Stock, 0, int.MaxValue);
        faults.WholeIfGiven("durationSeconds", draft.DurationSeconds, durationSecondsMin, DurationSecondsMax);

        BargainTerms? bargain = null;
        TeamTerms? groupBuy = null;
        if (draft.Kind == CampaignKind.Bargain) bargain = CheckBargain(draft, campaignId, definitionVersion, currency, faults);
        if (draft.Kind == CampaignKind.GroupBuy) groupBuy = CheckGroupBuy(draft, campaignId, definitionVersion, currency, faults);
        if (faults.Any) return (null, faults.List);
        return (new CampaignTerms
        {
            Kind = draft.Kind,
            StartsAt = startsAt,
            EndsAt = endsAt,
            Stock = draft.Stock!.Value,
            Bargain = bargain,
            GroupBuy = groupBuy,
        }, []);
    }

    private static BargainTerms CheckBargain(CampaignDraft draft, string campaignId, int definitionVersion, string currency, Faults faults)
    {
        faults.Whole("listPriceFen", draft.ListPriceFen, 1, PriceFenMax);
        var start = draft.StartPriceFen ?? draft.ListPriceFen ?? 0;
        var floor = draft.FloorPriceFen ?? 0;
        faults.WholeIfGiven("startPriceFen", draft.StartPriceFen, 1, PriceFenMax);
        faults.WholeIfGiven("floorPriceFen", draft.FloorPriceFen, 0, PriceFenMax);
        if (draft.StartPriceFen > draft.ListPriceFen) faults.Add("startPriceFen", "must not be above listPriceFen.");
        var pricesStand = draft.ListPriceFen is not null && start > 0;
        if (pricesStand && floor >= start) faults.Add("floorPriceFen", "must be below the start price.");
        faults.WholeIfGiven("startsPerShopper", draft.StartsPerShopper, 1, 1_000_000);
        faults.WholeIfGiven("claimWithinSeconds", draft.ClaimWithinSeconds, 1, DurationSecondsMax);

        var toCut = start - floor;
        var ownerCut = draft.OwnerCut is null ? null : CheckBand("ownerCut", draft.OwnerCut, faults);
        if (ownerCut is not null && pricesStand && ownerCut.MaxFen >= toCut)
            faults.Add("ownerCut.maxFen", "must be below start price less floor price, so that friends have something to help with.");
        var cut = CheckCut(draft.Cut, pricesStand ? toCut - (ownerCut?.MaxFen ?? 0) : null, faults);

        return new BargainTerms
        {
            CampaignId = campaignId,
            DefinitionVersion = definitionVersion,
            ProductId = draft.ProductId ?? "",
            ProductTitle = draft.ProductTitle ?? "",
            ProductImageUrl = draft.ProductImageUrl,
            Currency = currency,
            ListPriceFen = draft.ListPriceFen ?? 0,
            StartPriceFen = start,
            FloorPriceFen = floor,
            DurationSeconds = draft.DurationSeconds ?? DurationSecondsDefault,
            Cut = cut,
            OwnerCut = ownerCut,
            ReserveAtStart = draft.ReserveAtStart ?? true,
            StartsPerShopper = draft.StartsPerShopper,
            ClaimWithinSeconds = draft.ClaimWithinSeconds ?? DurationSecondsDefault,
            BuyBeforeFloor = draft.BuyBeforeFloor ?? false,
        };
    }

    /// <param name="toCutFen">What friends have to cut at least; null when the prices themselves are at fault.</param>
    private static CutRule CheckCut(CutDraft? cut, long? toCutFen, Faults faults)
    {
        switch (cut?.Kind)
        {
            case CutRuleKind.Headcount:
                faults.Whole("cut.helpers", cut.Helpers, 1, HelpersMax);
                faults.WholeIfGiven("cut.minCutFen", cut.MinCutFen, 1, PriceFenMax);
                if (cut.NewShopperWeight is < 0.01m or > 100m) faults.Add("cut.newShopperWeight", "must be from 0.01 to 100.");
                var leastCut = cut.MinCutFen ?? 1;
                if (cut.Helpers is >= 1 and <= HelpersMax && leastCut is >= 1 and <= PriceFenMax && toCutFen < cut.Helpers * leastCut)
                    faults.Add("cut.helpers", "times minCutFen must not be above what there is to cut (start price less floor price, less the owner's cut).");
                return new CutRule
                {
                    Kind = CutRuleKind.Headcount,
                    Helpers = cut.Helpers ?? 0,
                    MinCutFen = leastCut,
                    NewShopperWeightMilli = (int)(Math.Clamp(cut.NewShopperWeight ?? 1m, 0.01m, 100m) * 1000m),
                };
            case CutRuleKind.Amounts:
                return new CutRule
                {
                    Kind = CutRuleKind.Amounts,
                    Existing = CheckBand("cut.existing", cut.Existing, faults),
                    New = CheckBand("cut.new", cut.New, faults),
                };
            case CutRuleKind.Fixed:
                faults.Whole("cut.cutFen", cut.CutFen, 1, PriceFenMax);
                return new CutRule { Kind = CutRuleKind.Fixed, CutFen = cut.CutFen ?? 0 };
            default:
                faults.Add(cut is null ? "cut" : "cut.policy", "is required: headcount, amounts or fixed.");
                return new CutRule();
        }
    }

    private static FenBand CheckBand(string field, BandDraft? band, Faults faults)
    {
        if (band is null)
        {
            faults.Add(field, "is required: {minFen, maxFen}.");
            return new FenBand(0, 0);
        }

        faults.Whole(field + ".minFen", band.MinFen, 1, PriceFenMax);
        faults.Whole(field + ".maxFen", band.MaxFen, 1, PriceFenMax);
        if (band.MaxFen < band.MinFen) faults.Add(field + ".maxFen", "must not be below minFen.");
        return new FenBand(band.MinFen ?? 0, band.MaxFen ?? 0);
    }

    private static TeamTerms CheckGroupBuy(CampaignDraft draft, string campaignId, int definitionVersion, string currency, Faults faults)
    {
        faults.Whole("soloPriceFen", draft.SoloPriceFen, 1, PriceFenMax);
        var tiers = CheckTiers(draft, faults);
        if (!tiers.IsEmpty && draft.SoloPriceFen <= tiers[0].PriceFen)
            faults.Add(draft.Tiers.IsDefaultOrEmpty ? "teamPriceFen" : "tiers[0].priceFen", "must be below soloPriceFen.");
        faults.WholeIfGiven("seatHoldSeconds", draft.SeatHoldSeconds, 1, DurationSecondsMax);
        faults.WholeIfGiven("unitsPerShopper", draft.UnitsPerShopper, 1, 1_000_000);
        faults.WholeIfGiven("fill.whenAtLeast.members", draft.FillWhenAtLeast, 1, tiers.IsEmpty ? TeamSizeMax : tiers[^1].Size);
        if (draft.Join > JoinRule.NewShoppersOnly || draft.Join < JoinRule.None) faults.Add("join", "must be anyone, invitedOnly or newShoppersOnly.");
        faults.WholeIfGiven("leaderDiscountFen", draft.LeaderDiscountFen, 0, PriceFenMax);
        if (!tiers.IsEmpty && draft.LeaderDiscountFen > tiers.Min(tier => tier.PriceFen))
            faults.Add("leaderDiscountFen", "must not be above the lowest team price.");

        return new TeamTerms
        {
            CampaignId = campaignId,
            DefinitionVersion = definitionVersion,
            ProductId = draft.ProductId ?? "",
            ProductTitle = draft.ProductTitle ?? "",
            ProductImageUrl = draft.ProductImageUrl,
            Currency = currency,
            SoloPriceFen = draft.SoloPriceFen ?? 0,
            Tiers = tiers,
            DurationSeconds = draft.DurationSeconds ?? DurationSecondsDefault,
            SeatHoldSeconds = draft.SeatHoldSeconds ?? SeatHoldSecondsDefault,
            UnitsPerShopper = draft.UnitsPerShopper ?? 1,
            Join = draft.Join is null or JoinRule.None ? JoinRule.Anyone : draft.Join.Value,
            FillWhenAtLeast = draft.FillWhenAtLeast,
            LeaderDiscountFen = draft.LeaderDiscountFen ?? 0,
        };
    }

    private static ImmutableArray<TierTerms> CheckTiers(CampaignDraft draft, Faults faults)
    {
        if (draft.Tiers.IsDefaultOrEmpty)
        {
            var before = faults.List.Count;
            faults.Whole("teamSize", draft.TeamSize, 2, TeamSizeMax);
            faults.Whole("teamPriceFen", draft.TeamPriceFen, 0, PriceFenMax);
            return faults.List.Count == before ? [new TierTerms(draft.TeamSize!.Value, draft.TeamPriceFen!.Value)] : [];
        }

        if (draft.TeamSize is not null) faults.Add("teamSize", "and tiers exclude each other.");
        if (draft.TeamPriceFen is not null) faults.Add("teamPriceFen", "and tiers exclude each other.");
        var sound = true;
        for (var i = 0; i < draft.Tiers.Length; i++)
        {
            var before = faults.List.Count;
            faults.Whole($"tiers[{i}].size", draft.Tiers[i].Size, 2, TeamSizeMax);
            faults.Whole($"tiers[{i}].priceFen", draft.Tiers[i].PriceFen, 0, PriceFenMax);
            if (i > 0 && draft.Tiers[i].Size <= draft.Tiers[i - 1].Size) faults.Add($"tiers[{i}].size", "must be above the tier before.");
            if (i > 0 && draft.Tiers[i].PriceFen >= draft.Tiers[i - 1].PriceFen) faults.Add($"tiers[{i}].priceFen", "must be below the tier before.");
            sound &= faults.List.Count == before;
        }

        return sound ? draft.Tiers : [];
    }

    private sealed class Faults
    {
        private readonly List<FieldFault> _list = [];

        public List<FieldFault> List => _list;
        public bool Any => _list.Count > 0;

        public void Add(string field, string message) => _list.Add(new FieldFault(field, message));

        public void Text(string field, string? value, int lengthMax)
        {
            if (string.IsNullOrWhiteSpace(value)) Add(field, "is required.");
            else if (value.Length > lengthMax) Add(field, $"must have at most {lengthMax} characters.");
        }

        public void Whole(string field, long? value, long min, long max)
        {
            if (value is null) Add(field, "is required.");
            else WholeIfGiven(field, value, min, max);
        }

        public void WholeIfGiven(string field, long? value, long min, long max)
        {
            if (value < min || value > max) Add(field, $"must be a whole number from {min} to {max}.");
        }
    }
}
