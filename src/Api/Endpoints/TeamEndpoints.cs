namespace SocialCommerce.Api;

/// <summary>Open a team, join it, pay its seats.</summary>
internal static class TeamEndpoints
{
    public const string LiveEvent = "team";

    private const string Tag = "Teams";

    public static void MapTeams(this EdgeRoutes routes)
    {
        routes.Post("/v1/campaigns/{campaignId}/teams", Scopes.Shopper, Open)
            .Says("openTeam", Tag, "Open a team", "Answers with the team and the leader's held seat, to be paid before its hold runs out. Repeatable by its idempotency key only.")
            .Takes<ViaBody>(ViaBody.Example).Gives<TeamAnswer>(201, 200).Repeatable().Refuses<OpenRefusal>();
        routes.Get("/v1/campaigns/{campaignId}/teams", Scopes.Any, ListOpen)
            .Says("listOpenTeams", Tag, "List the teams that a stranger may join", "Fullest first, soonest deadline first. Follows within a second or so.")
            .Asks("open", "Only open teams are listed: true, or left out.", "true").Pages().Gives<ListAnswer<OpenTeamView>>(200).Refuses(Problems.CampaignNotFound);
        routes.Get("/v1/teams/{teamId}", Scopes.Any, Get)
            .Says("getTeam", Tag, "Read a team", "With its seats.")
            .Gives<TeamView>(200).Refuses(Problems.TeamNotFound);
        routes.Get("/v1/teams/{teamId}/live", Scopes.Any, Live)
            .Says("watchTeam", Tag, "Watch a team", "Server-sent events named team: the team at once, then at every change; closes after its end. The event's id is the version.")
            .Streams().Refuses(Problems.TeamNotFound);
        routes.Post("/v1/teams/{teamId}/seats", Scopes.Shopper, Join)
            .Says("joinTeam", Tag, "Join a team", "Answers with a held seat, to be paid before its hold runs out. A repeat answers with the same seat.")
            .Takes<ViaBody>(ViaBody.Example).Gives<SeatView>(201, 200).Repeatable().Refuses<JoinRefusal>();
        routes.Delete("/v1/teams/{teamId}/seats/{seatId}", Scopes.Shopper, Leave)
            .Says("leaveTeam", Tag, "Leave a team before it forms", "A paid seat becomes a refund. May be repeated.")
            .Gives<SeatView>(200).Repeatable().Refuses<SeatRefusal>();
        routes.Post("/v1/teams/{teamId}/seats/{seatId}/payment", Scopes.Payments, Pay)
            .Says("paySeat", Tag, "Report the payment of a seat", "The same payment id counts once. A payment after the hold ran out takes a free seat of the team, or becomes a refund at once.")
            .Takes<PaymentBody>(PaymentBody.Example).Gives<SeatView>(200).Repeatable().Refuses<SeatRefusal>();
        routes.Post("/v1/teams/{teamId}/seats/{seatId}/refund", Scopes.Payments, ConfirmRefund)
            .Says("confirmSeatRefund", Tag, "Confirm the refund of a seat", "May be repeated.")
            .Takes<RefundBody>(RefundBody.Example).Gives<SeatView>(200).Repeatable().Refuses<SeatRefusal>();
        routes.Post("/v1/teams/{teamId}/share", Scopes.Shopper, Share)
            .Says("shareTeam", Tag, "Make a share link for a team", "It names who invited and through which channel, lets invited shoppers join, and expires with the team.")
            .Takes<ShareBody>(ShareBody.Example).Gives<ShareAnswer>(200).Repeatable().Refuses(Problems.TeamNotFound, Problems.Of("teamFailed"), Problems.Of("teamFormed"));
    }

    private static async Task Open(Call call)
    {
        using var form = await call.ReadForm();
        var request = new OpenTeam { CampaignId = form.PathId("campaignId"), Via = form.Via(), RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.AskByKey(request.RequestKey, call.Shopper(), request, static (grain, request) => grain.OpenTeam(request));
        var answer = reply.Team is null ? null : TeamAnswer.Of(reply.Team, reply.Seat);
        var notes = reply.Refusal == OpenRefusal.UnitLimitReached ? new ProblemNotes { Limit = reply.Limit } : null;
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), answer, ApiJson.Default.TeamAnswer, StatusCodes.Status201Created, notes);
    }

    private static async Task ListOpen(Call call)
    {
        var form = call.Form();
        var campaignId = form.PathId("campaignId");
        if (form.Query("open") is not (null or "true")) form.Faults.Add("open", "must be true: only open teams are listed.");
        var query = new OpenTeamsQuery { After = form.CountCursor(), Limit = form.Limit() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var page = await call.Ask(call.Grain<IOpenTeamsGrain>(campaignId), query, static (grain, query) => grain.List(query));

        // The list of a campaign that nobody knows is as empty as that of a quiet one; only then is it worth a second look.
        if (page.Items.IsEmpty && query.After == 0 && !await CampaignEndpoints.IsVisible(call, campaignId))
        {
            call.Refuse(Problems.CampaignNotFound);
            return;
        }

        var answer = new ListAnswer<OpenTeamView> { Items = page.Items, Next = Cursors.Of(page.Next) };
        call.Answer(StatusCodes.Status200OK, answer, ApiJson.Default.ListAnswerOpenTeamView);
    }

    private static async Task Get(Call call)
    {
        var form = call.Form();
        var teamId = form.PathId("teamId");
        if (form.IsFaulty) form.Refuse();
        else call.AnswerOr(Problems.TeamNotFound, await call.Ask(call.Grain<ITeamGrain>(teamId), static grain => grain.Get()), ApiJson.Default.TeamView);
    }

    private static Task Live(Call call)
    {
        var form = call.Form();
        var teamId = form.PathId("teamId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return Task.CompletedTask;
        }

        var team = call.Grain<ITeamGrain>(teamId);
        return EventStream.Answer(call, "team/" + teamId, async known => Live(await team.Watch(known)), Problems.TeamNotFound);
    }

    private static LiveState? Live(TeamView? team) => team is null
        ? null
        : new LiveState(team.Version, team.Status != TeamStatus.Open, EventStream.Frame(LiveEvent, team.Version, team, ApiJson.Default.TeamView));

    private static async Task Join(Call call)
    {
        using var form = await call.ReadForm();
        var request = new JoinTeam { TeamId = form.PathId("teamId"), Via = form.Via(), RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Shopper(), request, static (grain, request) => grain.JoinTeam(request));
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Seat, ApiJson.Default.SeatView, StatusCodes.Status201Created, NotesOf(reply));
    }

    private static ProblemNotes? NotesOf(SeatReply reply) => reply.Refusal switch
    {
        JoinRefusal.TeamFull => new ProblemNotes { OpenTeams = reply.OpenTeams },
        JoinRefusal.UnitLimitReached => new ProblemNotes { Limit = reply.Limit },
        _ => null,
    };

    private static async Task Leave(Call call)
    {
        using var form = await call.ReadForm();
        var teamId = form.PathId("teamId");
        var request = new LeaveTeam { SeatId = form.PathId("seatId"), ShopperId = call.ShopperId!, RequestKey = form.RequestKey() };
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<ITeamGrain>(teamId), request, static (grain, request) => grain.Leave(request)));
    }

    private static async Task Pay(Call call)
    {
        using var form = await call.ReadForm();
        var teamId = form.PathId("teamId");
        var request = PaymentBody.Read(form, form.PathId("seatId"));
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<ITeamGrain>(teamId), request, static (grain, request) => grain.Pay(request)));
    }

    private static async Task ConfirmRefund(Call call)
    {
        using var form = await call.ReadForm();
        var teamId = form.PathId("teamId");
        var request = RefundBody.Read(form, form.PathId("seatId"));
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<ITeamGrain>(teamId), request, static (grain, request) => grain.ConfirmRefund(request)));
    }

    private static void Answer(Call call, SeatChangeReply reply)
    {
        var notes = reply.Refusal == SeatRefusal.AmountMismatch ? new ProblemNotes { ExpectedFen = reply.ExpectedFen } : null;
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Seat, ApiJson.Default.SeatView, StatusCodes.Status200OK, notes);
    }

    private static async Task Share(Call call)
    {
        using var form = await call.ReadForm();
        var teamId = form.PathId("teamId");
        var request = ShareBody.Read(form, call);
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Grain<ITeamGrain>(teamId), request, static (grain, request) => grain.Share(request));
        call.AnswerShare(reply, PageEndpoints.TeamPath + teamId);
    }
}
