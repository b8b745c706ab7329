using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;
using BargainStatus = SocialCommerce.GrainInterfaces.BargainStatus;
using ClaimRefusal = SocialCommerce.GrainInterfaces.ClaimRefusal;
using CutRefusal = SocialCommerce.Rules.CutRefusal;

namespace SocialCommerce.Grains;

/// <summary>Bargains in the published language.</summary>
internal static class BargainReplies
{
    public static BargainView ViewOf(BargainState bargain, int? stockLeft = null)
    {
        var terms = bargain.Terms;
        return new BargainView
        {
            BargainId = bargain.BargainId,
            CampaignId = terms.CampaignId,
            Product = new Product { Id = terms.ProductId, Title = terms.ProductTitle, ImageUrl = terms.ProductImageUrl },
            Currency = terms.Currency,
            OwnerId = bargain.OwnerId,
            Status = (BargainStatus)bargain.Status,
            StartPriceFen = terms.StartPriceFen,
            FloorPriceFen = terms.FloorPriceFen,
            PriceFen = bargain.PriceFen,
            RemainingFen = bargain.RemainingFen,
            CutCount = bargain.Helps,
            CutsNeeded = NeededOf(bargain.CutsLeft),
            StartedAt = bargain.StartedAt,
            ExpiresAt = bargain.ExpiresAt,
            EndedAt = bargain.EndedAt,
            ClaimBefore = bargain.ClaimBefore,
            ClaimId = bargain.ClaimId,
            Version = bargain.Version,
            Fairness = new FairnessCommitment { Commitment = Draws.Commitment(bargain.Seed) },
            StockLeft = stockLeft,
        };
    }

    public static CutReply Repeated(BargainState bargain, CutEntry cut) => new() { Outcome = Outcome.Repeated, Cut = ReceiptOf(bargain, cut) };

    public static CutReply Refused(CutRefusal refusal, HelperFacts helper) => new()
    {
        Outcome = Outcome.Refused,
        Refusal = (GrainInterfaces.CutRefusal)refusal,
        HelpsToday = refusal != CutRefusal.DailyHelpLimitReached ? null : new HelpsToday { Used = helper.UsedToday, Limit = helper.Limit, ResetsAt = helper.ResetsAt },
    };

    /// <summary>The receipt of a cut, the same whenever it is asked for: what the bargain was right after the cut.</summary>
    public static CutReceipt ReceiptOf(BargainState bargain, CutEntry cut)
    {
        var terms = bargain.Terms;
        var remainingFen = cut.PriceFen - terms.FloorPriceFen;
        return new CutReceipt
        {
            BargainId = bargain.BargainId,
            HelperId = cut.HelperId,
            CutNumber = cut.CutNumber,
            CutFen = cut.CutFen,
            PriceFen = cut.PriceFen,
            RemainingFen = remainingFen,
            CutsNeeded = NeededOf(terms.Cut.Left(remainingFen, cut.CutNumber)),
            NewShopper = cut.NewShopper,
            Depth = cut.Depth,
            At = cut.AtUtc,
            BargainStatus = remainingFen > 0 ? BargainStatus.Open : bargain.Status == Rules.BargainStatus.SoldOut ? BargainStatus.SoldOut : BargainStatus.Won,
            HelpsToday = cut.CutNumber == 0 ? null : new HelpsToday { Used = cut.HelpsUsed, Limit = cut.HelpsLimit, ResetsAt = cut.HelpsResetAtUtc },
        };
    }

    public static CutPage PageOf(BargainState bargain, CutsQuery query)
    {
        var after = Math.Clamp(query.After, 0, bargain.Cuts.Count);
        var count = Math.Min(Math.Clamp(query.Limit, 1, 200), bargain.Cuts.Count - after);
        var items = ImmutableArray.CreateBuilder<CutReceipt>(count);
        for (var i = 0; i < count; i++) items.Add(ReceiptOf(bargain, bargain.Cuts[after + i]));
        return new CutPage { Items = items.MoveToImmutable(), Next = after + count < bargain.Cuts.Count ? after + count : null };
    }

    public static ClaimReply ClaimedBefore(BargainState bargain) => new() { Outcome = Outcome.Repeated, Claim = ReceiptOf(bargain) };

    public static ClaimReceipt ReceiptOf(BargainState claimed) => new()
    {
        ClaimId = claimed.ClaimId!,
        BargainId = claimed.BargainId,
        PriceFen = claimed.PriceFen,
        At = claimed.EndedAt!.Value,
    };

    public static FairnessView FairnessOf(BargainState bargain)
    {
        var terms = bargain.Terms;
        return new FairnessView
        {
            BargainId = bargain.BargainId,
            Commitment = Draws.Commitment(bargain.Seed),
            // From the win on, too: nothing is drawn after it.
            Seed = bargain.Status != Rules.BargainStatus.Open ? bargain.Seed.ToString() : null,
            Policy = PolicyOf(terms.Cut),
            OwnerCut = RangeOf(terms.OwnerCut),
            StartPriceFen = terms.StartPriceFen,
            FloorPriceFen = terms.FloorPriceFen,
            Draws = bargain.Status != Rules.BargainStatus.Open ? DrawsOf(bargain) : [],
        };
    }

    public static CutPolicy PolicyOf(CutRule rule) => new()
    {
        Policy = (CutPolicyKind)rule.Kind,
        Helpers = rule.Kind == CutRuleKind.Headcount ? rule.Helpers : null,
        MinCutFen = rule.Kind == CutRuleKind.Headcount ? rule.MinCutFen : null,
        NewShopperWeight = rule.Kind == CutRuleKind.Headcount ? rule.NewShopperWeightMilli / 1000m : null,
        Existing = RangeOf(rule.Existing),
        New = RangeOf(rule.New),
        CutFen = rule.Kind == CutRuleKind.Fixed ? rule.CutFen : null,
    };

    public static FenRange? RangeOf(FenBand? band) => band is null ? null : new FenRange { MinFen = band.MinFen, MaxFen = band.MaxFen };

    public static ClaimReply Refused(Rules.ClaimRefusal refusal) => new() { Outcome = Outcome.Refused, Refusal = (ClaimRefusal)refusal };

    /// <summary>Why there is nothing to invite to any more, by the refusal's name in rules.md; null while there is.</summary>
    public static string? UnshareableFor(BargainState bargain, DateTimeOffset now) => bargain switch
    {
        { Exists: false } => "bargainNotFound",
        { Status: Rules.BargainStatus.Cancelled } => "bargainCancelled",
        { Status: Rules.BargainStatus.Expired } => "bargainExpired",
        { Status: Rules.BargainStatus.Open } when now >= bargain.ExpiresAt => "bargainExpired",
        _ => null,
    };

    private static CutsNeeded NeededOf(CutsLeft left) => new() { Least = left.Least, Most = left.Most };

    private static ImmutableArray<DrawView> DrawsOf(BargainState bargain)
    {
        var draws = ImmutableArray.CreateBuilder<DrawView>(bargain.Cuts.Count);
        for (var i = 0; i < bargain.Cuts.Count; i++)
        {
            var cut = bargain.Cuts[i];
            draws.Add(new DrawView
            {
                CutNumber = cut.CutNumber,
                HelperId = cut.HelperId,
                Draw = Convert.ToHexStringLower(Draws.Full(bargain.Seed, bargain.BargainId, cut.CutNumber, cut.HelperId)),
                NewShopper = cut.NewShopper,
                CutFen = cut.CutFen,
            });
        }

        return draws.MoveToImmutable();
    }
}
