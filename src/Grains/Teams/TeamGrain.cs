using System.Collections.Immutable;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using JoinRefusal = SocialCommerce.Rules.JoinRefusal;
using SeatRefusal = SocialCommerce.Rules.SeatRefusal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="ITeamGrain"/>
[Reentrant]
internal sealed class TeamGrain(JournaledGrainServices services, CampaignCatalog catalog, ShareTokens tokens)
    : JournaledGrain<TeamState, TeamEvent>(services, StoredEvents.Teams), ITeamGrain, ITeamSeats
{
    private const int OtherTeams = 3;

    // A large team's members look at it more often than it changes, and its view is a thousand objects.
    private (TeamState Of, TeamView View)? _viewed;

    private string TeamId => this.GetPrimaryKeyString();

    protected override string Stream => Streams.Team(TeamId);
    protected override TeamState Empty => TeamState.None;

    public async Task<TeamView?> Get() => ViewOf(await Durable());

    public async Task<TeamView?> Watch(int knownVersion) => ViewOf(await DurableAfter(knownVersion));

    public async Task<UnitLimit?> Campaign() => await Durable() is { Exists: true } team
        ? new UnitLimit { CampaignId = team.Terms.CampaignId, UnitsPerShopper = team.Terms.UnitsPerShopper }
        : null;

    public async Task<bool> IsLive(string seatId)
    {
        // A hold that ran out is its member's until it is released: its payment would ask nobody. So it is released before it stops counting.
        if ((await Durable()).Seats.Find(seatId)?.HasLapsed(Services.Now()) == true) await Tick();
        // What does not count lets the member take another: not to be said on what may be no longer so.
        return (await Durable()).Seats.Find(seatId)?.IsLive == true || (await Newest()).Seats.Find(seatId)?.IsLive == true;
    }

    public async Task<SeatOutcome> Join(JoinByShopper request)
    {
        var team = AtHand ?? await Durable();
        var paused = team.Exists && await catalog.IsPaused(team.Terms.CampaignId);
        var outcome = await Execute(Decide, static _ => new SeatOutcome { ShopperIsStale = true });
        if (outcome.Join.Refusal != GrainInterfaces.JoinRefusal.TeamFull) return outcome;

        var others = await Services.Grains.Of<IOpenTeamsGrain>(team.Terms.CampaignId).List(new OpenTeamsQuery { Limit = OtherTeams, Except = TeamId });
        return outcome with { Join = outcome.Join with { OpenTeams = others.Items } };

        Step<TeamEvent, SeatOutcome> Decide(TeamState team, Circumstances circumstances)
        {
            var now = circumstances.Now;
            var (via, invited) = AttributionOf(team, request.Via, request.ShopperId, now);
            var command = new TeamCommand.Join(
                Services.Ids.Seat(now), request.ShopperId, new JoinerFacts(request.NewShopper, request.UnitLimitReached), paused, via, invited);
            var decision = TeamRules.Decide(team, command, now);
            if (decision.IsRefused) return RefusedJoin(decision.Refusal, team);
            if (decision.IsRepeat)
                return new(new SeatOutcome { Join = new SeatReply { Outcome = Outcome.Repeated, Seat = TeamReplies.ViewOf(team, team.Seats.Of(request.ShopperId)!) } });
            if (circumstances.StockIsGone) return RefusedJoin(JoinRefusal.SoldOut, team);

            var events = Identified.In(team.Terms.CampaignId, decision.Events);
            var after = After(team, events);
            var seat = after.Seats.Of(request.ShopperId)!;
            var reply = new SeatReply { Outcome = Outcome.Done, Seat = TeamReplies.ViewOf(after, seat) };
            return new(new SeatOutcome { Join = reply, Taken = TakenOf(team, seat.SeatId, now) })
            {
                Events = events,
                Others = [SeatedAppend(team, seat, request.ShopperVersion, now)],
                Move = TeamRules.StockMoveOf(team, after),
                Receipts = Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Seat, now),
            };
        }
    }

    public Task<SeatChangeReply> Pay(Payment request) => Staying(() => PayOrAskMember(request));

    private async Task<SeatChangeReply> PayOrAskMember(Payment request)
    {
        // A seat that was released is its member's no more: to take it anew is the member's act, under the member's unit limit.
        if (await Read(() => Services.Receipts.Find(request.RequestKey, ReplyCodecs.SeatChange).AsTask()) is { } first) return first;
        if (await MemberToAsk(request) is { } memberId)
        {
            await LaterTurn();
            return await Services.Grains.Of<ILatePayer>(memberId).RetakeSeat(TeamId, request);
        }

        var reply = await Change(request.RequestKey, request.SeatId, (team, circumstances) =>
            // Released since we looked: ask the member after all.
            TeamRules.NeedsSeatAnew(team, request.SeatId, circumstances.Now)
                ? new Decided([], SeatRefusal.None, Stale: true)
                : Decided.Of(TeamRules.Decide(team, new TeamCommand.Pay(request.SeatId, request.PaymentId, request.AmountFen), circumstances.Now)));
        return reply.Outcome == Outcome.None ? await PayOrAskMember(request) : reply;
    }

    public Task<SeatOutcome> PayAnew(PayByShopper request)
    {
        var payment = request.Payment;
        return Execute(Decide, static _ => new SeatOutcome { ShopperIsStale = true }, refusalIsFinal: true);

        Step<TeamEvent, SeatOutcome> Decide(TeamState team, Circumstances circumstances)
        {
            var now = circumstances.Now;
            var command = new TeamCommand.Pay(payment.SeatId, payment.PaymentId, payment.AmountFen, request.UnitLimitReached, circumstances.StockIsGone);
            var decided = Decided.Of(TeamRules.Decide(team, command, now));
            var (reply, events, after) = ReplyOf(team, payment.SeatId, decided);
            var took = after.Seats.Find(payment.SeatId) is { IsLive: true } && events.Count > 0;
            return new(new SeatOutcome { Change = reply, Taken = took ? TakenOf(team, payment.SeatId, now) : null })
            {
                Events = events,
                Refusal = (int)decided.Refusal,
                Others = took ? [SeatedAppend(team, after.Seats.Find(payment.SeatId)!, request.ShopperVersion, now)] : [],
                Move = events.Count == 0 ? default : TeamRules.StockMoveOf(team, after),
                Receipts = events.Count == 0 ? [] : Services.Receipts.For(payment.RequestKey, reply, ReplyCodecs.SeatChange, now),
            };
        }
    }

    public Task<SeatChangeReply> Leave(LeaveTeam request) => Change(request.RequestKey, request.SeatId, (team, circumstances) =>
        Decided.Of(TeamRules.Decide(team, new TeamCommand.Leave(request.SeatId, request.ShopperId), circumstances.Now)));

    public Task<SeatChangeReply> ConfirmRefund(RefundConfirmation request) => Change(request.RequestKey, request.SeatId, (team, circumstances) =>
        Decided.Of(TeamRules.Decide(team, new TeamCommand.ConfirmRefund(request.SeatId, request.RefundId), circumstances.Now)));

    public Task Tick() => Execute<Done>((team, circumstances) =>
    {
        var due = TeamRules.Tick(team, circumstances.Now);
        if (due.Count == 0) return NothingDue;
        var events = Identified.In(team.Terms.CampaignId, due);
        return new(Done.Instance) { Events = events, Move = TeamRules.StockMoveOf(team, After(team, events)) };
    });

    public async Task<ShareReply> Share(ShareRequest request)
    {
        var team = await Durable();
        var now = Services.Now();
        return await Read(() => Services.Receipts.FindOrKeep(request.RequestKey, ReplyCodecs.Share, now, () => Shared(team, request, now)));
    }

    private ShareReply Shared(TeamState team, ShareRequest request, DateTimeOffset now)
    {
        if (TeamReplies.UnshareableFor(team, now) is { } refusal) return new ShareReply { Outcome = Outcome.Refused, Refusal = refusal };
        var token = tokens.Sign(new ShareClaims(
            team.Terms.CampaignId, TeamId, request.ShopperId, request.Channel, DepthBelow(team, request, now), 0, team.ExpiresAt));
        return new ShareReply { Outcome = Outcome.Done, Token = token };
    }

    protected override TeamState Evolve(TeamState state, TeamEvent happened) => TeamState.Evolve(state, happened);

    protected override DateTimeOffset? DueAt(TeamState state) => state.Exists ? state.DueAt : null;

    protected override string CampaignOf(TeamState state) => state.Terms.CampaignId;

    private TeamView? ViewOf(TeamState team)
    {
        if (!team.Exists) return null;
        if (_viewed is not { } viewed || !ReferenceEquals(viewed.Of, team)) _viewed = viewed = (team, TeamReplies.ViewOf(team));
        return viewed.View;
    }

    private static SeatTaken TakenOf(TeamState team, string seatId, DateTimeOffset now) => new() { CampaignId = team.Terms.CampaignId, SeatId = seatId, At = now };

    private static Step<TeamEvent, SeatOutcome> RefusedJoin(JoinRefusal refusal, TeamState team) =>
        new(new SeatOutcome
        {
            Join = new SeatReply
            {
                Outcome = Outcome.Refused,
                Refusal = (GrainInterfaces.JoinRefusal)refusal,
                Limit = refusal == JoinRefusal.UnitLimitReached ? team.Terms.UnitsPerShopper : 0,
            },
        })
        { Refusal = (int)refusal };

    private (SeatChangeReply Reply, IReadOnlyList<TeamEvent> Events, TeamState After) ReplyOf(TeamState team, string seatId, Decided decided)
    {
        if (decided.Refusal != SeatRefusal.None)
        {
            var refused = new SeatChangeReply { Outcome = Outcome.Refused, Refusal = (GrainInterfaces.SeatRefusal)decided.Refusal };
            return (decided.Refusal == SeatRefusal.AmountMismatch ? refused with { ExpectedFen = team.Seats.Find(seatId)!.PriceFen } : refused, [], team);
        }

        var events = decided.Events.Count == 0 ? [] : Identified.In(team.Terms.CampaignId, decided.Events);
        var after = After(team, events);
        var outcome = events.Count == 0 ? Outcome.Repeated : Outcome.Done;
        return (new SeatChangeReply { Outcome = outcome, Seat = TeamReplies.ViewOf(after, after.Seats.Find(seatId)!) }, events, after);
    }

    private StreamAppend SeatedAppend(TeamState team, Seat seat, int shopperVersion, DateTimeOffset now) => new(
        Streams.Shopper(seat.ShopperId), shopperVersion,
        [StoredEvents.Shoppers.Encode(new ShopperSeated { At = now, CampaignId = team.Terms.CampaignId, TeamId = TeamId, SeatId = seat.SeatId })]);

    private Task<SeatChangeReply> Change(RequestKey? key, string seatId, Func<TeamState, Circumstances, Decided> decide)
    {
        return Execute(key, ReplyCodecs.SeatChange, Decide);

        Step<TeamEvent, SeatChangeReply> Decide(TeamState team, Circumstances circumstances)
        {
            var decided = decide(team, circumstances);
            if (decided.Stale) return new(new SeatChangeReply());
            var (reply, events, after) = ReplyOf(team, seatId, decided);
            if (events.Count == 0) return new(reply) { Refusal = (int)decided.Refusal };
            return new(reply)
            {
                Events = events,
                Move = TeamRules.StockMoveOf(team, after),
                Receipts = Services.Receipts.For(key, reply, ReplyCodecs.SeatChange, circumstances.Now),
            };
        }
    }

    private async Task<string?> MemberToAsk(Payment request)
    {
        var team = await Durable();
        return team.Exists && TeamRules.NeedsSeatAnew(team, request.SeatId, Services.Now()) ? team.Seats.Find(request.SeatId)!.ShopperId : null;
    }

    /// <summary>Only a link to this very team, and not one's own, says who brought the joiner; only a member's is an invitation.</summary>
    private (Attribution? Via, bool Invited) AttributionOf(TeamState team, string via, string shopperId, DateTimeOffset now)
    {
        if (via.Length == 0 || tokens.Verify(via, now) is not { } claims) return (null, false);
        if (claims.TargetId != TeamId || claims.InviterId == shopperId) return (null, false);
        var attribution = new Attribution { InviterId = claims.InviterId, Channel = claims.Channel, Depth = claims.Depth };
        return (attribution, team.IsMember(claims.InviterId, now));
    }

    /// <summary>As in a bargain: one's own link brought nobody here.</summary>
    private int DepthBelow(TeamState team, ShareRequest request, DateTimeOffset now)
    {
        if (team.Seats.Of(request.ShopperId) is { } seat) return seat.ShopperId == team.LeaderId ? 1 : seat.Depth + 1;
        return tokens.Verify(request.Via, now) is { } claims && claims.TargetId == TeamId && claims.InviterId != request.ShopperId ? claims.Depth + 1 : 1;
    }

    /// <param name="Stale">Decide nothing: what the decision rests on has to be asked for first.</param>
    private sealed record Decided(IReadOnlyList<TeamEvent> Events, SeatRefusal Refusal, bool Stale = false)
    {
        public static Decided Of(Decision<TeamEvent, SeatRefusal> decision) => new(decision.Events, decision.Refusal);
    }
}
