using BargainDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.BargainEvent, SocialCommerce.Rules.ClaimRefusal>;
using CutDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.BargainEvent, SocialCommerce.Rules.CutRefusal>;

namespace SocialCommerce.Rules;

/// <summary>The bargain part of rules.md, as pure functions.</summary>
public static class BargainRules
{
    /// <summary>Starts a bargain under the campaign's present terms, with the owner's own first cut where the campaign gives one.</summary>
    public static IReadOnlyList<BargainEvent> Start(BargainCommand.Start start, DateTimeOffset now)
    {
        var terms = start.Terms;
        var started = new BargainStarted
        {
            At = now,
            BargainId = start.BargainId,
            OwnerId = start.OwnerId,
            Terms = terms,
            Seed = start.Seed,
            ExpiresAt = now.AddSeconds(terms.DurationSeconds),
            NewShopper = start.NewShopper,
            Via = start.Via,
        };
        if (terms.OwnerCut is null) return [started];

        // The campaign's validation keeps the owner's cut from reaching the floor, so a bargain is never won by its start.
        var draw = Draws.Number(DrawSeed.Parse(start.Seed), start.BargainId, 0, start.OwnerId);
        var cutFen = CutRule.Uniform(terms.OwnerCut, draw);
        return [started, new BargainCut { At = now, HelperId = start.OwnerId, CutFen = cutFen, PriceFen = terms.StartPriceFen - cutFen, NewShopper = start.NewShopper }];
    }

    /// <summary>One help: a cut, and the win where it brings the price to the floor. A repeat decides nothing: the first receipt stands.</summary>
    public static CutDecision Decide(BargainState bargain, BargainCommand.Cut cut, DateTimeOffset now)
    {
        if (!bargain.Exists) return CutRefusal.BargainNotFound;

        // A repeated help is the same help: the helper is its own idempotency key.
        if (bargain.Cuts.TryFind(cut.HelperId, out _)) return CutDecision.Nothing;

        if (CutGate.Of(bargain).RefusalOf(cut.HelperId, cut.Helper, now) is not CutRefusal.None and var refusal) return refusal;
        if (cut.CampaignIsPaused) return CutRefusal.CampaignPaused;

        // From here the cut must succeed.
        var number = bargain.Helps + 1;
        var rule = bargain.Terms.Cut;
        var draw = rule.IsDrawn(cut.Helper.NewShopper) ? Draws.Number(bargain.Seed, bargain.BargainId, number, cut.HelperId) : 0;
        var cutFen = rule.Amount(bargain.RemainingFen, bargain.Helps, cut.Helper.NewShopper, draw);
        var happened = new BargainCut
        {
            CampaignId = bargain.Terms.CampaignId,
            At = now,
            CutNumber = number,
            HelperId = cut.HelperId,
            CutFen = cutFen,
            PriceFen = bargain.PriceFen - cutFen,
            NewShopper = cut.Helper.NewShopper,
            Via = cut.Via,
            HelpsUsed = cut.Helper.UsedToday + 1,
            HelpsLimit = cut.Helper.Limit,
            HelpsResetAt = cut.Helper.ResetsAt,
        };
        return happened.PriceFen > bargain.Terms.FloorPriceFen
            ? CutDecision.Of(happened)
            : CutDecision.Of(happened, new BargainWon { At = now, ClaimBefore = now.AddSeconds(bargain.Terms.ClaimWithinSeconds) });
    }

    /// <summary>The owner takes the product. A repeat decides nothing: the first claim stands.</summary>
    public static BargainDecision Decide(BargainState bargain, BargainCommand.Claim claim, DateTimeOffset now)
    {
        if (!bargain.Exists) return ClaimRefusal.BargainNotFound;
        if (claim.ShopperId != bargain.OwnerId) return ClaimRefusal.NotTheOwner;
        if (bargain.Status == BargainStatus.Claimed) return BargainDecision.Nothing;
        if (bargain.Status == BargainStatus.Cancelled) return ClaimRefusal.BargainCancelled;
        if (bargain.Status == BargainStatus.Expired) return ClaimRefusal.BargainExpired;
        if (bargain.Status == BargainStatus.Open && now >= bargain.ExpiresAt) return ClaimRefusal.BargainExpired;
        if (bargain.Status == BargainStatus.Lapsed) return ClaimRefusal.BargainLapsed;
        if (bargain.Status == BargainStatus.Won && now >= bargain.ClaimBefore) return ClaimRefusal.BargainLapsed;
        if (bargain.Status == BargainStatus.SoldOut) return ClaimRefusal.BargainSoldOut;
        if (bargain.Status == BargainStatus.Open && !(claim.AtCurrentPrice && bargain.Terms.BuyBeforeFloor)) return ClaimRefusal.BargainNotWon;

        // From here the claim must succeed, if there is a unit to take.
        return BargainDecision.Of(new BargainClaimed
        {
            At = now, ClaimId = claim.ClaimId, PriceFen = bargain.PriceFen, OwnerId = bargain.OwnerId, ProductId = bargain.Terms.ProductId,
        });
    }

    /// <summary>The owner or the operator ends an open bargain.</summary>
    public static BargainDecision Decide(BargainState bargain, BargainCommand.Cancel cancel, DateTimeOffset now)
    {
        if (!bargain.Exists) return ClaimRefusal.BargainNotFound;
        if (cancel.ShopperId is not null && cancel.ShopperId != bargain.OwnerId) return ClaimRefusal.NotTheOwner;
        if (bargain.Status == BargainStatus.Cancelled) return BargainDecision.Nothing;
        if (bargain.Status == BargainStatus.Expired) return ClaimRefusal.BargainExpired;
        if (bargain.Status == BargainStatus.Open && now >= bargain.ExpiresAt) return ClaimRefusal.BargainExpired;
        if (bargain.Status == BargainStatus.Lapsed) return ClaimRefusal.BargainLapsed;
        if (bargain.Status == BargainStatus.SoldOut) return ClaimRefusal.BargainSoldOut;
        if (bargain.Status == BargainStatus.Claimed) return ClaimRefusal.BargainClaimed;
        if (bargain.Status == BargainStatus.Won) return ClaimRefusal.BargainWon;

        // From here the cancellation must succeed.
        return BargainDecision.Of(new BargainCancelled { At = now, ByOperator = cancel.ShopperId is null });
    }

    /// <summary>What time alone brings: an open bargain expires, a won one lapses. Nothing while nothing is due.</summary>
    public static IReadOnlyList<BargainEvent> Tick(BargainState bargain, DateTimeOffset now) => bargain.Status switch
    {
        BargainStatus.Open when now >= bargain.ExpiresAt => [new BargainExpired { At = now }],
        BargainStatus.Won when now >= bargain.ClaimBefore => [new BargainLapsed { At = now }],
        _ => [],
    };

    /// <summary>The same decision when the campaign has no unit left for the win: the bargain ends sold out.</summary>
    public static IReadOnlyList<BargainEvent> WithoutStock(IReadOnlyList<BargainEvent> events) =>
        [.. events.Select(e => e is BargainWon won ? new BargainSoldOut { At = won.At } : e)];

    /// <summary>What a change of status means for the campaign's stock: a unit is held from the start or from the win, and sold by the claim.</summary>
    public static StockMove StockMoveOf(BargainState before, BargainState after)
    {
        var terms = after.Terms;
        return new StockMove(Holds(terms, after.Status) - Holds(terms, before.Status), Sold(after.Status) - Sold(before.Status));
    }

    private static int Holds(BargainTerms terms, BargainStatus status) =>
        status == BargainStatus.Won || (status == BargainStatus.Open && terms.ReserveAtStart) ? 1 : 0;

    private static int Sold(BargainStatus status) => status == BargainStatus.Claimed ? 1 : 0;
}
