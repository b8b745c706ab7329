using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using SeatRefusal = SocialCommerce.Rules.SeatRefusal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IPurchaseGrain"/>
[Reentrant]
internal sealed class PurchaseGrain(JournaledGrainServices services)
    : JournaledGrain<PurchaseState, PurchaseEvent>(services, StoredEvents.Purchases), IPurchaseGrain, IPurchaseUnit
{
    private string PurchaseId => this.GetPrimaryKeyString();

    protected override string Stream => Streams.Purchase(PurchaseId);
    protected override PurchaseState Empty => PurchaseState.None;

    public async Task<PurchaseView?> Get() => await Durable() is { Exists: true } purchase ? TeamReplies.ViewOf(purchase) : null;

    public async Task<UnitLimit?> Campaign() => await Durable() is { Exists: true } purchase
        ? new UnitLimit { CampaignId = purchase.Terms.CampaignId, UnitsPerShopper = purchase.Terms.UnitsPerShopper }
        : null;

    public async Task<bool> IsLive()
    {
        // As with a seat: released first, so that a late payment has to ask.
        if ((await Durable()).DueAt <= Services.Now()) await Tick();
        return TakesUnit(await Durable()) || TakesUnit(await Newest());

        static bool TakesUnit(PurchaseState purchase) => purchase.Status is Rules.PurchaseStatus.Held or Rules.PurchaseStatus.Paid;
    }

    public Task<PurchaseChangeReply> Pay(Payment request) => Staying(() => PayOrAskBuyer(request));

    private async Task<PurchaseChangeReply> PayOrAskBuyer(Payment request)
    {
        if (await Read(() => Services.Receipts.Find(request.RequestKey, ReplyCodecs.PurchaseChange).AsTask()) is { } first) return first;
        var purchase = await Durable();
        if (purchase.Exists && PurchaseRules.NeedsUnitAnew(purchase))
        {
            await LaterTurn();
            return await Services.Grains.Of<ILatePayer>(purchase.ShopperId).RetakePurchase(PurchaseId, request);
        }

        var reply = await Execute(request.RequestKey, ReplyCodecs.PurchaseChange, Decide);
        // Released since we looked: the buyer's grain has to be asked after all.
        return reply.Outcome == Outcome.None ? await PayOrAskBuyer(request) : reply;

        Step<PurchaseEvent, PurchaseChangeReply> Decide(PurchaseState purchase, Circumstances circumstances)
        {
            if (purchase.Exists && PurchaseRules.NeedsUnitAnew(purchase)) return new(new PurchaseChangeReply());
            var decision = PurchaseRules.Decide(purchase, new PurchaseCommand.Pay(request.PaymentId, request.AmountFen), circumstances.Now);
            return StepOf(purchase, decision, request.RequestKey, circumstances.Now);
        }
    }

    public Task<PurchaseOutcome> PayAnew(PayByShopper request)
    {
        var payment = request.Payment;
        return Execute(Decide, static _ => new PurchaseOutcome { ShopperIsStale = true }, refusalIsFinal: true);

        Step<PurchaseEvent, PurchaseOutcome> Decide(PurchaseState purchase, Circumstances circumstances)
        {
            var now = circumstances.Now;
            var command = new PurchaseCommand.Pay(payment.PaymentId, payment.AmountFen, request.UnitLimitReached, circumstances.StockIsGone);
            var step = StepOf(purchase, PurchaseRules.Decide(purchase, command, now), payment.RequestKey, now);
            var took = step.Events.Any(happened => happened is PurchasePaid);
            var bought = new ShopperBought { At = now, CampaignId = took ? purchase.Terms.CampaignId : "", PurchaseId = PurchaseId };
            return new(new PurchaseOutcome { Change = step.Reply, TakenIn = bought.CampaignId, At = now })
            {
                Events = step.Events,
                Refusal = step.Refusal,
                Move = step.Move,
                Receipts = step.Receipts,
                Others = took ? [new StreamAppend(Streams.Shopper(request.ShopperId), request.ShopperVersion, [StoredEvents.Shoppers.Encode(bought)])] : [],
            };
        }
    }

    public Task<PurchaseChangeReply> ConfirmRefund(RefundConfirmation request) => Execute(
        request.RequestKey,
        ReplyCodecs.PurchaseChange,
        (purchase, circumstances) =>
            StepOf(purchase, PurchaseRules.Decide(purchase, new PurchaseCommand.ConfirmRefund(request.RefundId), circumstances.Now), request.RequestKey, circumstances.Now));

    public Task Tick() => Execute<Done>((purchase, circumstances) =>
    {
        var due = PurchaseRules.Tick(purchase, circumstances.Now);
        if (due.Count == 0) return NothingDue;
        var events = Identified.In(purchase.Terms.CampaignId, due);
        return new(Done.Instance) { Events = events, Move = PurchaseRules.StockMoveOf(purchase, After(purchase, events)) };
    });

    protected override PurchaseState Evolve(PurchaseState state, PurchaseEvent happened) => PurchaseState.Evolve(state, happened);

    protected override DateTimeOffset? DueAt(PurchaseState state) => state.DueAt;

    protected override string CampaignOf(PurchaseState state) => state.Terms.CampaignId;

    private Step<PurchaseEvent, PurchaseChangeReply> StepOf(
        PurchaseState purchase, Decision<PurchaseEvent, SeatRefusal> decision, RequestKey? key, DateTimeOffset now)
    {
        if (decision.IsRefused)
        {
            return new(new PurchaseChangeReply
            {
                Outcome = Outcome.Refused,
                Refusal = (GrainInterfaces.SeatRefusal)decision.Refusal,
                ExpectedFen = decision.Refusal == SeatRefusal.AmountMismatch ? purchase.PriceFen : 0,
            })
            { Refusal = (int)decision.Refusal };
        }

        if (decision.IsRepeat) return new(new PurchaseChangeReply { Outcome = Outcome.Repeated, Purchase = TeamReplies.ViewOf(purchase) });
        var events = Identified.In(purchase.Terms.CampaignId, decision.Events);
        var after = After(purchase, events);
        var reply = new PurchaseChangeReply { Outcome = Outcome.Done, Purchase = TeamReplies.ViewOf(after) };
        return new(reply)
        {
            Events = events,
            Move = PurchaseRules.StockMoveOf(purchase, after),
            Receipts = Services.Receipts.For(key, reply, ReplyCodecs.PurchaseChange, now),
        };
    }
}
