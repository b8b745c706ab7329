using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What a shopper does for others' bargains.</summary>
internal sealed partial class Shopper
{
    public Task<CutReply> Help(HelpBargain request) => Act(
        request.RequestKey, ReplyCodecs.Cut, request, static (shopper, request) => shopper.AskForCut(request), static (shopper, request, outcome) => shopper.Helped(request, outcome));

    private ValueTask<CutOutcome> AskForCut(HelpBargain request)
    {
        var now = parts.Services.Now();
        var day = _shopper!.CountingDay(parts.Days.DayOf(now));
        var helpedBefore = HelpMark.TryRead(request.BargainId, out var mark) && _shopper.HasHelped(mark);
        if (parts.AtHand?.Find(request.BargainId) is { } bargain && InVain(bargain, helpedBefore, day, now) is { } answer) return new(new CutOutcome { Reply = answer });

        return parts.Services.Grains.Of<IBargainCuts>(request.BargainId).Cut(new CutByHelper
        {
            HelperId = shopperId,
            Via = request.Via,
            HelperVersion = _shopper.Version,
            NewShopper = _shopper.IsNew,
            HelpedBefore = helpedBefore,
            Day = day,
            UsedOnDay = _shopper.UsedOn(day),
            Now = now,
            RequestKey = request.RequestKey,
        });
    }

    /// <summary>The answer to a help that is repeated or refused whatever the bargain's grain has under way; null where it must be asked.</summary>
    private CutReply? InVain(BargainState bargain, bool helpedBefore, DateOnly day, DateTimeOffset now)
    {
        if (helpedBefore) return bargain.Cuts.TryFindBeside(shopperId, out var cut) ? BargainReplies.Repeated(bargain, cut) : null;

        // Who has never helped this owner on this product does not repeat a help. Of a bargain that is due the last cut may be on its way to the disk.
        var gate = CutGate.Of(bargain);
        if (gate.IsDue(now) || !parts.InDoubt.IsCertain(shopperId)) return null;
        var facts = new HelperFacts(_shopper!.IsNew, HelpedBefore: false, _shopper.UsedOn(day), parts.Limit.HelpsPerDay, parts.Days.EndOf(day));
        var refusal = gate.RefusalOf(shopperId, facts, now);
        return refusal == Rules.CutRefusal.None ? null : BargainReplies.Refused(refusal, facts);
    }

    private CutReply? Helped(HelpBargain request, CutOutcome outcome)
    {
        if (outcome.HelperIsStale) return null;
        if (outcome.Reply.Outcome == Outcome.Done)
        {
            Happened(new ShopperHelped
            {
                At = outcome.Reply.Cut!.At,
                BargainId = request.BargainId,
                OwnerId = outcome.OwnerId,
                ProductId = outcome.ProductId,
                Day = outcome.Day,
            });
        }

        // A help that is durable and not in the record: it was given up as lost, and written after the record had been read.
        else if (outcome.Reply.Outcome == Outcome.Repeated && !IsUnread(_shopper) && HelpMark.TryRead(request.BargainId, out var mark) && !_shopper!.HasHelped(mark))
        {
            _shopper = null;
        }

        return outcome.Reply;
    }
}
