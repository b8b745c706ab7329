using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>The group-buy side of a shopper: seats and solo purchases, and the limit on the units of a campaign that bounds both.</summary>
internal sealed partial class Shopper
{
    public Task<TeamReply> OpenTeam(OpenTeam request) => Act(request.RequestKey, ReplyCodecs.Team, async () =>
    {
        var now = parts.Services.Now();
        var (terms, refusal) = await MayEnter(request.CampaignId, now);
        if (refusal != OpenRefusal.None) return Refused(refusal);

        // From here only the stock can refuse.
        if (await parts.SoldOut.Has(request.CampaignId)) return Refused(OpenRefusal.SoldOut);
        var teamId = parts.Services.Ids.Team(now);
        var events = TeamRules.Open(
            new TeamCommand.Open(teamId, parts.Services.Ids.Seat(now), shopperId, terms!, _shopper!.IsNew, EntryAttribution(request.Via, request.CampaignId, now)), now);
        var team = events.Aggregate(TeamState.None, TeamState.Evolve);
        var seat = team.Seats.Of(shopperId)!;
        var reply = new TeamReply { Outcome = Outcome.Done, Team = TeamReplies.ViewOf(team), Seat = TeamReplies.ViewOf(team, seat) };
        var outcome = await Commit(
            request.CampaignId,
            TeamRules.StockMoveOf(TeamState.None, team),
            new StreamAppend(Streams.Team(teamId), 0, [.. Identified.In(request.CampaignId, events).Select(StoredEvents.Teams.Encode)], DeadlineChange.At(team.DueAt!.Value)),
            new ShopperSeated { At = now, CampaignId = request.CampaignId, TeamId = teamId, SeatId = seat.SeatId },
            parts.Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Team, now));
        if (outcome == StockOutcome.SoldOut) return Refused(OpenRefusal.SoldOut);
        return outcome == StockOutcome.Committed ? reply : null;

        TeamReply Refused(OpenRefusal refusal) =>
            new() { Outcome = Outcome.Refused, Refusal = refusal, Limit = refusal == OpenRefusal.UnitLimitReached ? terms!.UnitsPerShopper : 0 };
    });

    public Task<SeatReply> JoinTeam(JoinTeam request) => Act(
        request.RequestKey, ReplyCodecs.Seat, request, static (shopper, request) => shopper.AskForSeat(request), static (shopper, request, outcome) => shopper.Joined(request, outcome));

    private ValueTask<SeatOutcome> AskForSeat(JoinTeam request)
    {
        var team = parts.Services.Grains.Of<ITeamSeats>(request.TeamId);
        // Who has no unit at all can't have too many.
        return _shopper!.Units.IsEmpty ? new(Join(unitLimitReached: false)) : LimitAsked();

        async ValueTask<SeatOutcome> LimitAsked() => await Join(await team.Campaign() is { } limit && await UnitLimitReached(limit, except: null));

        Task<SeatOutcome> Join(bool unitLimitReached) => team.Join(new JoinByShopper
        {
            ShopperId = shopperId,
            Via = request.Via,
            ShopperVersion = _shopper.Version,
            NewShopper = _shopper.IsNew,
            UnitLimitReached = unitLimitReached,
            RequestKey = request.RequestKey,
        });
    }

    private SeatReply? Joined(JoinTeam request, SeatOutcome outcome)
    {
        if (outcome.ShopperIsStale) return null;
        Took(request.TeamId, outcome.Taken);
        return outcome.Join;
    }

    public Task<PurchaseReply> Buy(BuyAlone request) => Act(request.RequestKey, ReplyCodecs.Purchase, async () =>
    {
        var now = parts.Services.Now();
        var (terms, refusal) = await MayEnter(request.CampaignId, now);
        if (refusal != OpenRefusal.None) return Refused(refusal);

        // From here only the stock can refuse.
        if (await parts.SoldOut.Has(request.CampaignId)) return Refused(OpenRefusal.SoldOut);
        var purchaseId = parts.Services.Ids.Purchase(now);
        var events = PurchaseRules.Buy(
            new PurchaseCommand.Buy(purchaseId, shopperId, terms!, _shopper!.IsNew, EntryAttribution(request.Via, request.CampaignId, now)), now);
        var purchase = events.Aggregate(PurchaseState.None, PurchaseState.Evolve);
        var reply = new PurchaseReply { Outcome = Outcome.Done, Purchase = TeamReplies.ViewOf(purchase) };
        var outcome = await Commit(
            request.CampaignId,
            PurchaseRules.StockMoveOf(PurchaseState.None, purchase),
            new StreamAppend(Streams.Purchase(purchaseId), 0, [.. Identified.In(request.CampaignId, events).Select(StoredEvents.Purchases.Encode)], DeadlineChange.At(purchase.HoldExpiresAt)),
            new ShopperBought { At = now, CampaignId = request.CampaignId, PurchaseId = purchaseId },
            parts.Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Purchase, now));
        if (outcome == StockOutcome.SoldOut) return Refused(OpenRefusal.SoldOut);
        return outcome == StockOutcome.Committed ? reply : null;

        PurchaseReply Refused(OpenRefusal refusal) =>
            new() { Outcome = Outcome.Refused, Refusal = refusal, Limit = refusal == OpenRefusal.UnitLimitReached ? terms!.UnitsPerShopper : 0 };
    });

    public Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment) => Act(payment.RequestKey, ReplyCodecs.SeatChange, async () =>
    {
        var team = parts.Services.Grains.Of<ITeamSeats>(teamId);
        var outcome = await team.PayAnew(new PayByShopper
        {
            Payment = payment,
            ShopperId = shopperId,
            ShopperVersion = _shopper!.Version,
            UnitLimitReached = await team.Campaign() is { } limit && await UnitLimitReached(limit, except: payment.SeatId),
        });
        if (outcome.ShopperIsStale) return null;
        Took(teamId, outcome.Taken);
        return outcome.Change;
    });

    public Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment) => Act(payment.RequestKey, ReplyCodecs.PurchaseChange, async () =>
    {
        var purchase = parts.Services.Grains.Of<IPurchaseUnit>(purchaseId);
        var outcome = await purchase.PayAnew(new PayByShopper
        {
            Payment = payment,
            ShopperId = shopperId,
            ShopperVersion = _shopper!.Version,
            UnitLimitReached = await purchase.Campaign() is { } limit && await UnitLimitReached(limit, except: purchaseId),
        });
        if (outcome.ShopperIsStale) return null;
        if (outcome.TakenIn.Length > 0) Happened(new ShopperBought { At = outcome.At, CampaignId = outcome.TakenIn, PurchaseId = purchaseId });
        return outcome.Change;
    });

    private async Task<(TeamTerms? Terms, OpenRefusal Refusal)> MayEnter(string campaignId, DateTimeOffset now)
    {
        var campaign = await parts.Catalog.Find(campaignId);
        var entry = CampaignRules.MayEnter(campaign, Rules.CampaignKind.GroupBuy, now);
        if (entry != EntryRefusal.None) return (null, (OpenRefusal)entry);
        var terms = campaign.Terms.GroupBuy!;
        var limit = new UnitLimit { CampaignId = campaignId, UnitsPerShopper = terms.UnitsPerShopper };
        return (terms, await UnitLimitReached(limit, except: null) ? OpenRefusal.UnitLimitReached : OpenRefusal.None);
    }

    /// <summary>
    /// Whether the shopper has as many units of the campaign as it may. What it ever took is its own record; whether that still counts
    /// is asked where it was taken, and only when it matters. A unit given up comes back by this shopper's own act alone, so the answer
    /// holds for as long as this act lasts.
    /// </summary>
    /// <param name="except">A seat or purchase that does not count.</param>
    private async Task<bool> UnitLimitReached(UnitLimit limit, string? except)
    {
        var units = _shopper!.Units.Where(unit => unit.CampaignId == limit.CampaignId && unit.SeatId != except && unit.HolderId != except).ToArray();
        if (units.Length < limit.UnitsPerShopper) return false;
        var live = await Task.WhenAll(units.Select(IsLive));
        return live.Count(isLive => isLive) >= limit.UnitsPerShopper;
    }

    private Task<bool> IsLive(UnitRef unit) => unit.SeatId.Length > 0
        ? parts.Services.Grains.Of<ITeamSeats>(unit.HolderId).IsLive(unit.SeatId)
        : parts.Services.Grains.Of<IPurchaseUnit>(unit.HolderId).IsLive();

    private void Took(string teamId, SeatTaken? taken)
    {
        if (taken is not null) Happened(new ShopperSeated { At = taken.At, CampaignId = taken.CampaignId, TeamId = teamId, SeatId = taken.SeatId });
    }

    private async Task<ImmutableArray<TeamView>> LiveTeams(ShopperState shopper)
    {
        var teamIds = shopper.Units.Where(unit => unit.SeatId.Length > 0).Select(unit => unit.HolderId).Distinct();
        var teams = await Task.WhenAll(teamIds.Select(teamId => parts.Services.Grains.Of<ITeamGrain>(teamId).Get()));
        return
        [
            .. teams.OfType<TeamView>().Where(team => team.Status == GrainInterfaces.TeamStatus.Open
                && team.Seats.Any(seat => seat.ShopperId == shopperId && seat.Status is GrainInterfaces.SeatStatus.Held or GrainInterfaces.SeatStatus.Paid)),
        ];
    }
}
