using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using CutRefusal = SocialCommerce.Rules.CutRefusal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IBargainGrain"/>
[Reentrant]
internal sealed class BargainGrain(HelpParts parts) : JournaledGrain<BargainState, BargainEvent>(parts.Services, StoredEvents.Bargains), IBargainGrain, IBargainCuts
{
    // The engine makes the key's string anew each time it is asked for.
    private string BargainId => AtHand is { Exists: true } known ? known.BargainId : this.GetPrimaryKeyString();

    protected override string Stream => Streams.Bargain(BargainId);
    protected override BargainState Empty => BargainState.None;

    public async Task<BargainView?> Get() => await View(await Durable());

    public async Task<BargainView?> Watch(int knownVersion) => await View(await DurableAfter(knownVersion));

    public async Task<CutPage?> Cuts(CutsQuery query) => await Durable() is { Exists: true } bargain ? BargainReplies.PageOf(bargain, query) : null;

    public async Task<FairnessView?> Fairness() => await Durable() is { Exists: true } bargain ? BargainReplies.FairnessOf(bargain) : null;

    public ValueTask<CutOutcome> Cut(CutByHelper request)
    {
        // Nearly always both bargain and campaign are known, and there is nothing to wait for before the decision. Whether the bargain is
        // still the stream's, the commit of a cut finds out, and a refusal looks for itself.
        if (AtHand is not { } bargain) return new(CutOnceRead(request));
        var paused = IsPaused(bargain);
        return new(paused.IsCompletedSuccessfully ? Cut(request, paused.Result) : CutOnceKnown(request, paused));
    }

    private async Task<CutOutcome> CutOnceRead(CutByHelper request) => await Cut(request, await IsPaused(await Durable()));

    private async Task<CutOutcome> CutOnceKnown(CutByHelper request, ValueTask<bool> paused) => await Cut(request, await paused);

    private Task<CutOutcome> Cut(CutByHelper request, bool paused)
    {
        var cut = Execute(Decide, static _ => new CutOutcome { HelperIsStale = true });
        // Answered on the spot, so on what is durable.
        if (parts.AtHand is not null && cut.IsCompletedSuccessfully && cut.Result.Reply.Outcome is Outcome.Refused or Outcome.Repeated && Certain is { Exists: true } certain)
            parts.AtHand.Put(certain);
        return cut;

        Step<BargainEvent, CutOutcome> Decide(BargainState bargain, Circumstances circumstances)
        {
            // Clocks of two silos may differ: the later one dates the cut, so that the helper's day never runs backwards.
            var now = circumstances.Now > request.Now ? circumstances.Now : request.Now;
            var today = parts.Days.DayOf(now);
            var day = today > request.Day ? today : request.Day;
            var helper = new HelperFacts(
                request.NewShopper, request.HelpedBefore, day == request.Day ? request.UsedOnDay : 0, parts.Limit.HelpsPerDay, parts.Days.EndOf(day));
            var command = new BargainCommand.Cut(request.HelperId, helper, paused, AttributionOf(bargain, request, now));
            var decision = BargainRules.Decide(bargain, command, now);
            if (decision.IsRefused) return Refused(decision.Refusal, helper);
            if (decision.IsRepeat) return new(Repeated(bargain, request.HelperId));

            var events = Identified.In(bargain.Terms.CampaignId, circumstances.StockIsGone ? BargainRules.WithoutStock(decision.Events) : decision.Events);
            var after = After(bargain, events);
            var helped = new ShopperHelped { At = now, BargainId = bargain.BargainId, OwnerId = bargain.OwnerId, ProductId = bargain.Terms.ProductId, Day = day };
            var outcome = new CutOutcome
            {
                Reply = new CutReply { Outcome = Outcome.Done, Cut = BargainReplies.ReceiptOf(after, CutEntry.Of((BargainCut)events[0])) },
                OwnerId = bargain.OwnerId,
                ProductId = bargain.Terms.ProductId,
                Day = day,
            };
            return new(outcome)
            {
                Events = events,
                Others = [new StreamAppend(Streams.Shopper(request.HelperId), request.HelperVersion, [StoredEvents.Shoppers.Encode(helped)])],
                Move = BargainRules.StockMoveOf(bargain, after),
                Receipts = Services.Receipts.For(request.RequestKey, outcome.Reply, ReplyCodecs.Cut, circumstances.Now),
            };
        }
    }

    public Task<ClaimReply> Claim(ClaimBargain request)
    {
        return Execute(request.RequestKey, ReplyCodecs.Claim, Decide);

        Step<BargainEvent, ClaimReply> Decide(BargainState bargain, Circumstances circumstances)
        {
            var command = new BargainCommand.Claim(request.ShopperId, request.AtCurrentPrice, Services.Ids.Claim(circumstances.Now));
            var decision = BargainRules.Decide(bargain, command, circumstances.Now);
            if (decision.IsRefused) return new(BargainReplies.Refused(decision.Refusal)) { Refusal = (int)decision.Refusal };
            if (decision.IsRepeat) return new(BargainReplies.ClaimedBefore(bargain));
            if (circumstances.StockIsGone) return new(BargainReplies.Refused(Rules.ClaimRefusal.SoldOut)) { Refusal = (int)Rules.ClaimRefusal.SoldOut };

            var events = Identified.In(bargain.Terms.CampaignId, decision.Events);
            var after = After(bargain, events);
            var reply = new ClaimReply { Outcome = Outcome.Done, Claim = BargainReplies.ReceiptOf(after) };
            return Changed(bargain, events, after, reply) with
            {
                Receipts = Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Claim, circumstances.Now),
            };
        }
    }

    public Task<BargainReply> Cancel(CancelBargain request)
    {
        return Execute(request.RequestKey, ReplyCodecs.Bargain, Decide);

        Step<BargainEvent, BargainReply> Decide(BargainState bargain, Circumstances circumstances)
        {
            var decision = BargainRules.Decide(bargain, new BargainCommand.Cancel(request.ShopperId), circumstances.Now);
            if (decision.IsRefused)
                return new(new BargainReply { Outcome = Outcome.Refused, Refusal = (GrainInterfaces.ClaimRefusal)decision.Refusal }) { Refusal = (int)decision.Refusal };
            if (decision.IsRepeat) return new(new BargainReply { Outcome = Outcome.Repeated, Bargain = BargainReplies.ViewOf(bargain) });

            var events = Identified.In(bargain.Terms.CampaignId, decision.Events);
            var after = After(bargain, events);
            var reply = new BargainReply { Outcome = Outcome.Done, Bargain = BargainReplies.ViewOf(after) };
            return Changed(bargain, events, after, reply) with
            {
                Receipts = Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Bargain, circumstances.Now),
            };
        }
    }

    public Task Tick() => Execute<Done>((bargain, circumstances) =>
    {
        var due = BargainRules.Tick(bargain, circumstances.Now);
        if (due.Count == 0) return NothingDue;
        var events = Identified.In(bargain.Terms.CampaignId, due);
        return Changed(bargain, events, After(bargain, events), Done.Instance);
    });

    public async Task<ShareReply> Share(ShareRequest request)
    {
        var bargain = await Durable();
        var now = Services.Now();
        return await Read(() => Services.Receipts.FindOrKeep(request.RequestKey, ReplyCodecs.Share, now, () => Shared(bargain, request, now)));
    }

    private ShareReply Shared(BargainState bargain, ShareRequest request, DateTimeOffset now)
    {
        if (BargainReplies.UnshareableFor(bargain, now) is { } refusal) return new ShareReply { Outcome = Outcome.Refused, Refusal = refusal };
        var token = parts.Tokens.Sign(new ShareClaims(
            bargain.Terms.CampaignId, BargainId, request.ShopperId, request.Channel, DepthBelow(bargain, request, now), bargain.Generation, bargain.ExpiresAt));
        return new ShareReply { Outcome = Outcome.Done, Token = token };
    }

    protected override (BargainState State, int Version)? Wake() => parts.Resting?.Wake(BargainId) is { } bargain ? (bargain, bargain.Version) : null;

    protected override void Rest(BargainState durable) => parts.Resting?.Rest(durable);

    protected override void OnDurable(BargainState durable, int version)
    {
        if (durable.Status != Rules.BargainStatus.Open) parts.AtHand?.Moved(durable);
    }

    protected override void OnForgotten() => parts.AtHand?.Forget(BargainId);

    protected override BargainState Evolve(BargainState state, BargainEvent happened) => BargainState.Evolve(state, happened);

    protected override DateTimeOffset? DueAt(BargainState state) => state.DueAt;

    protected override string CampaignOf(BargainState state) => state.Terms.CampaignId;

    private static Step<BargainEvent, TReply> Changed<TReply>(BargainState before, IReadOnlyList<BargainEvent> events, BargainState after, TReply reply) => new(reply)
    {
        Events = events,
        Move = BargainRules.StockMoveOf(before, after),
    };

    private static CutOutcome Repeated(BargainState bargain, string helperId)
    {
        if (!bargain.Cuts.TryFind(helperId, out var cut)) throw new InvalidOperationException($"{bargain.BargainId} has no cut of {helperId}.");
        return new CutOutcome { Reply = BargainReplies.Repeated(bargain, cut) };
    }

    private static Step<BargainEvent, CutOutcome> Refused(CutRefusal refusal, HelperFacts helper) =>
        new(new CutOutcome { Reply = BargainReplies.Refused(refusal, helper) })
        {
            Refusal = (int)refusal,
            // It may have been with this very bargain, through another silo that believes it has it: then its receipt is to be given.
            IsDoubtful = helper.HelpedBefore,
        };

    private ValueTask<bool> IsPaused(BargainState bargain) => bargain.Exists ? parts.Catalog.IsPaused(bargain.Terms.CampaignId) : new(false);

    /// <summary>Only a link to this very bargain, and not one's own, says who brought the helper.</summary>
    private Attribution? AttributionOf(BargainState bargain, CutByHelper request, DateTimeOffset now)
    {
        if (request.Via.Length == 0 || parts.Tokens.Verify(request.Via, now) is not { } claims) return null;
        if (claims.TargetId != BargainId || claims.InviterId == request.HelperId) return null;
        return new Attribution { InviterId = claims.InviterId, Channel = claims.Channel, Depth = claims.Depth, Generation = bargain.Generation };
    }

    /// <summary>The owner's friends are at depth 1; the friends of a helper one deeper than the helper. One's own link brought nobody here.</summary>
    private int DepthBelow(BargainState bargain, ShareRequest request, DateTimeOffset now)
    {
        if (request.ShopperId == bargain.OwnerId) return 1;
        if (bargain.Cuts.TryFind(request.ShopperId, out var cut)) return cut.Depth + 1;
        return parts.Tokens.Verify(request.Via, now) is { } claims && claims.TargetId == BargainId && claims.InviterId != request.ShopperId ? claims.Depth + 1 : 1;
    }

    private async Task<BargainView?> View(BargainState bargain)
    {
        if (!bargain.Exists) return null;
        // Who must win a unit first is always shown how many are left.
        if (bargain.Terms.ReserveAtStart || bargain.IsOver) return BargainReplies.ViewOf(bargain);
        return BargainReplies.ViewOf(bargain, (await Services.Grains.Of<IStockGrain>(Streams.Stock(bargain.Terms.CampaignId)).Get()).Free);
    }
}
