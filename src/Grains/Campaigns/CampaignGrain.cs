using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using CampaignRefusal = SocialCommerce.Rules.CampaignRefusal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="ICampaignGrain"/>
[Reentrant]
internal sealed class CampaignGrain(JournaledGrainServices services, CampaignCatalog catalog, IOptions<EngineOptions> options)
    : JournaledGrain<CampaignState, CampaignEvent>(services, StoredEvents.Campaigns), ICampaignGrain
{
    private string CampaignId => this.GetPrimaryKeyString();
    private IStockGrain Stock => Services.Grains.Of<IStockGrain>(Streams.Stock(CampaignId));

    protected override string Stream => Streams.Campaign(CampaignId);
    protected override CampaignState Empty => CampaignState.None;

    public async Task<CampaignView?> Get() =>
        await Durable() is { Exists: true } campaign ? CampaignReplies.ViewOf(CampaignId, campaign, await Stock.Get()) : null;

    public async Task<CampaignReply> Publish(PublishCampaign request)
    {
        var stock = await Stock.Get();
        var reply = await Execute(request.RequestKey, ReplyCodecs.Campaign, Decide);
        return await Settle(reply);

        Step<CampaignEvent, CampaignReply> Decide(CampaignState campaign, Circumstances circumstances)
        {
            var now = circumstances.Now;
            var draft = CampaignReplies.DraftOf(request.Definition);
            // A campaign that runs keeps its beginning unless another is given.
            if (draft.StartsAt is null && campaign.Exists) draft = draft with { StartsAt = campaign.Terms.StartsAt };
            var (terms, faults) = CampaignValidation.Check(draft, CampaignId, campaign.DefinitionVersion + 1, options.Value.DurationSecondsMin, now);
            var all = AllFaults(request.FormFaults, faults);
            if (!all.IsEmpty) return Refused(CampaignRefusal.InvalidCampaign) with { Reply = RefusedReply(CampaignRefusal.InvalidCampaign) with { Faults = all } };

            var total = new StockState { Held = stock.Held, Sold = stock.Sold, Total = stock.Total };
            var decision = CampaignRules.Publish(campaign, terms!, total, request.Draft, now);
            if (decision.IsRefused) return Refused(decision.Refusal);
            if (decision.IsRepeat) return new(ReplyOf(campaign, Outcome.Repeated));
            if (circumstances.StockIsGone) return Refused(CampaignRefusal.StockBelowCommitted);

            return Changed(campaign, decision.Events, request.RequestKey, now) with { StockTotal = terms!.Stock };
        }
    }

    public Task<CampaignReply> Pause(CampaignCommand request) => Change(request, CampaignRules.Pause);

    public Task<CampaignReply> Resume(CampaignCommand request) => Change(request, CampaignRules.Resume);

    public Task<CampaignReply> Close(CampaignCommand request) => Change(request, CampaignRules.Close);

    protected override CampaignState Evolve(CampaignState state, CampaignEvent happened) => CampaignState.Evolve(state, happened);

    protected override string CampaignOf(CampaignState state) => CampaignId;

    protected override void OnDurable(CampaignState durable, int version) => catalog.Changed(CampaignId, durable, DurableAsOf);

    private async Task<CampaignReply> Change(CampaignCommand request, Func<CampaignState, DateTimeOffset, Decision<CampaignEvent, CampaignRefusal>> decide)
    {
        var reply = await Execute(request.RequestKey, ReplyCodecs.Campaign, Decide);
        return await Settle(reply);

        Step<CampaignEvent, CampaignReply> Decide(CampaignState campaign, Circumstances circumstances)
        {
            var decision = decide(campaign, circumstances.Now);
            if (decision.IsRefused) return Refused(decision.Refusal);
            if (decision.IsRepeat) return new(ReplyOf(campaign, Outcome.Repeated));
            return Changed(campaign, decision.Events, request.RequestKey, circumstances.Now);
        }
    }

    // Timers go by a clock of a few milliseconds' grain, and so may end that much before the other silos' caches do.
    private static readonly TimeSpan TimerEarlyMost = TimeSpan.FromMilliseconds(20);

    /// <summary>Gives the reply once every silo must have seen the change, with the stock as it is.</summary>
    private async Task<CampaignReply> Settle(CampaignReply reply)
    {
        // A repeat answered from its receipt knows more than this silo may: the first one's commit has not been told here yet, or never will be.
        if (reply.Outcome == Outcome.Repeated) await Newest();
        // A repeat may come while the first is still waiting for that, or may be all that is heard of it.
        if (reply.Outcome is Outcome.Done or Outcome.Repeated && options.Value.CampaignCacheMilliseconds > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.CampaignCacheMilliseconds) + TimerEarlyMost, Services.Monotonic);
        return reply.Campaign is null ? reply : reply with { Campaign = reply.Campaign with { Stock = await Stock.Get() } };
    }

    private Step<CampaignEvent, CampaignReply> Changed(CampaignState campaign, IReadOnlyList<CampaignEvent> decided, RequestKey? key, DateTimeOffset now)
    {
        var events = Identified.In(CampaignId, decided);
        var after = After(campaign, events);
        var reply = ReplyOf(after, Outcome.Done) with { Created = !campaign.Exists };
        return new(reply)
        {
            Events = events,
            Receipts = Services.Receipts.For(key, reply, ReplyCodecs.Campaign, now),
        };
    }

    private CampaignReply ReplyOf(CampaignState campaign, Outcome outcome) =>
        new() { Outcome = outcome, Campaign = CampaignReplies.ViewOf(CampaignId, campaign, new StockView()) };

    private static CampaignReply RefusedReply(CampaignRefusal refusal) =>
        new() { Outcome = Outcome.Refused, Refusal = (GrainInterfaces.CampaignRefusal)refusal };

    private static Step<CampaignEvent, CampaignReply> Refused(CampaignRefusal refusal) => new(RefusedReply(refusal)) { Refusal = (int)refusal };

    /// <summary>The form's faults and the rules' own; a field whose form is wrong is not judged again.</summary>
    private static ImmutableArray<Fault> AllFaults(ImmutableArray<Fault> form, IReadOnlyList<FieldFault> rules)
    {
        var formFields = form.Select(fault => fault.Field).ToHashSet(StringComparer.Ordinal);
        return [.. form, .. rules.Where(fault => !formFields.Contains(fault.Field)).Select(fault => new Fault { Field = fault.Field, Message = fault.Message })];
    }
}
