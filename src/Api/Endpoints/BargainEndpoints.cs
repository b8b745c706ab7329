namespace SocialCommerce.Api;

/// <summary>Start a bargain, help it, watch it, claim it.</summary>
internal static class BargainEndpoints
{
    public const string LiveEvent = "bargain";

    private const string Tag = "Bargains";

    public static void MapBargains(this EdgeRoutes routes)
    {
        routes.Post("/v1/campaigns/{campaignId}/bargains", Scopes.Shopper, Start)
            .Says("startBargain", Tag, "Start a bargain", "The shopper has one open bargain in a campaign: starting again answers with it.")
            .Takes<ViaBody>(ViaBody.Example).Gives<BargainView>(201, 200).Repeatable().Refuses<StartRefusal>();
        routes.Get("/v1/bargains/{bargainId}", Scopes.Any, Get)
            .Says("getBargain", Tag, "Read a bargain", "Price, what is left and how many helps it still takes are exact.")
            .Gives<BargainView>(200).Refuses(Problems.BargainNotFound);
        routes.Get("/v1/bargains/{bargainId}/cuts", Scopes.Any, ListCuts)
            .Says("listCuts", Tag, "List the cuts of a bargain", "Oldest first.")
            .Pages().Gives<ListAnswer<CutReceipt>>(200).Refuses(Problems.BargainNotFound);
        routes.Get("/v1/bargains/{bargainId}/live", Scopes.Any, Live)
            .Says("watchBargain", Tag, "Watch a bargain", "Server-sent events named bargain: the bargain at once, then at every change; closes after its end. The event's id is the version.")
            .Streams().Refuses(Problems.BargainNotFound);
        routes.Post("/v1/bargains/{bargainId}/cuts", Scopes.Shopper, Help)
            .Says("helpBargain", Tag, "Help a friend's bargain with one cut", "A repeat answers with the first receipt.")
            .Takes<ViaBody>(ViaBody.Example).Gives<CutReceipt>(201, 200).Repeatable().Refuses<CutRefusal>();
        routes.Post("/v1/bargains/{bargainId}/claim", Scopes.Shopper, Claim)
            .Says("claimBargain", Tag, "Claim a won bargain", "By its owner. With atCurrentPrice before the floor, where the campaign allows it. A repeat answers with the same claim.")
            .Takes<ClaimBody>(ClaimBody.Example).Gives<ClaimReceipt>(201, 200).Repeatable().Refuses<ClaimRefusal>();
        routes.Post("/v1/bargains/{bargainId}/cancel", Scopes.Shopper | Scopes.Operator, Cancel)
            .Says("cancelBargain", Tag, "Cancel an open bargain", "By its owner, or by an operator who names no shopper. May be repeated.")
            .Gives<BargainView>(200).Repeatable().Refuses<ClaimRefusal>();
        routes.Get("/v1/bargains/{bargainId}/fairness", Scopes.Any, Fairness)
            .Says("getFairness", Tag, "Check a bargain's fairness", "The commitment to its seed; from its win or other end on the seed itself and every draw, so that every cut can be recomputed.")
            .Gives<FairnessView>(200).Refuses(Problems.BargainNotFound);
        routes.Post("/v1/bargains/{bargainId}/share", Scopes.Shopper, Share)
            .Says("shareBargain", Tag, "Make a share link for a bargain", "It names who invited and through which channel, and expires with the bargain.")
            .Takes<ShareBody>(ShareBody.Example).Gives<ShareAnswer>(200).Repeatable().Refuses(Problems.BargainNotFound, Problems.Of("bargainExpired"), Problems.Of("bargainCancelled"));
    }

    private static async Task Start(Call call)
    {
        using var form = await call.ReadForm();
        var request = new StartBargain { CampaignId = form.PathId("campaignId"), Via = form.Via(), RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Shopper(), request, static (grain, request) => grain.Start(request));
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Bargain, ApiJson.Default.BargainView, StatusCodes.Status201Created);
    }

    private static async Task Get(Call call)
    {
        var form = call.Form();
        var bargainId = form.PathId("bargainId");
        if (form.IsFaulty) form.Refuse();
        else call.AnswerOr(Problems.BargainNotFound, await call.Ask(call.Grain<IBargainGrain>(bargainId), static grain => grain.Get()), ApiJson.Default.BargainView);
    }

    private static async Task ListCuts(Call call)
    {
        var form = call.Form();
        var bargainId = form.PathId("bargainId");
        var query = new CutsQuery { After = form.CountCursor(), Limit = form.Limit() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var page = await call.Ask(call.Grain<IBargainGrain>(bargainId), query, static (grain, query) => grain.Cuts(query));
        var answer = page is null ? null : new ListAnswer<CutReceipt> { Items = page.Items, Next = Cursors.Of(page.Next) };
        call.AnswerOr(Problems.BargainNotFound, answer, ApiJson.Default.ListAnswerCutReceipt);
    }

    private static Task Live(Call call)
    {
        var form = call.Form();
        var bargainId = form.PathId("bargainId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return Task.CompletedTask;
        }

        var bargain = call.Grain<IBargainGrain>(bargainId);
        return EventStream.Answer(call, "bargain/" + bargainId, async known => Live(await bargain.Watch(known)), Problems.BargainNotFound);
    }

    private static LiveState? Live(BargainView? bargain) => bargain is null
        ? null
        : new LiveState(
            bargain.Version,
            bargain.Status is not (BargainStatus.Open or BargainStatus.Won),
            EventStream.Frame(LiveEvent, bargain.Version, bargain, ApiJson.Default.BargainView));

    private static async Task Help(Call call)
    {
        using var form = await call.ReadForm();
        var request = new HelpBargain { BargainId = form.PathId("bargainId"), Via = form.Via(), RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Shopper(), request, static (grain, request) => grain.Help(request));
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Cut, CutReceiptJson.Write, StatusCodes.Status201Created, NotesOf(reply));
    }

    private static ProblemNotes? NotesOf(CutReply reply) => reply is { Refusal: CutRefusal.DailyHelpLimitReached, HelpsToday: { } today }
        ? new ProblemNotes { Limit = today.Limit, ResetsAt = today.ResetsAt }
        : null;

    private static async Task Claim(Call call)
    {
        using var form = await call.ReadForm();
        var bargainId = form.PathId("bargainId");
        var request = new ClaimBargain
        {
            ShopperId = call.ShopperId!,
            AtCurrentPrice = form.Body.Flag("atCurrentPrice") ?? false,
            RequestKey = form.RequestKey(),
        };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Grain<IBargainGrain>(bargainId), request, static (grain, request) => grain.Claim(request));
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Claim, ApiJson.Default.ClaimReceipt, StatusCodes.Status201Created);
    }

    private static async Task Cancel(Call call)
    {
        using var form = await call.ReadForm();
        var bargainId = form.PathId("bargainId");

        // Who names a shopper acts for that shopper; a key that may not does so as the operator.
        var actsForShopper = call.ShopperId is not null && call.Caller.May(Scopes.Shopper);
        if (!actsForShopper && !call.Caller.May(Scopes.Operator) && call.ShopperFault is null)
            form.Faults.Add(Doorkeeper.ShopperHeader, "is required: only an operator may cancel without naming the owner.");
        var request = new CancelBargain { ShopperId = actsForShopper ? call.ShopperId : null, RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Grain<IBargainGrain>(bargainId), request, static (grain, request) => grain.Cancel(request));
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Bargain, ApiJson.Default.BargainView, StatusCodes.Status200OK);
    }

    private static async Task Fairness(Call call)
    {
        var form = call.Form();
        var bargainId = form.PathId("bargainId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var answer = await call.Parts.Fairness.Of(bargainId, () => call.Ask(call.Grain<IBargainGrain>(bargainId), static grain => grain.Fairness()));
        if (answer is not null) await JsonAnswer.Write(call.Http.Response, StatusCodes.Status200OK, answer);
        else call.Refuse(Problems.BargainNotFound);
    }

    private static async Task Share(Call call)
    {
        using var form = await call.ReadForm();
        var bargainId = form.PathId("bargainId");
        var request = ShareBody.Read(form, call);
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Grain<IBargainGrain>(bargainId), request, static (grain, request) => grain.Share(request));
        call.AnswerShare(reply, PageEndpoints.BargainPath + bargainId);
    }
}

/// <summary>A request that may come by a share link.</summary>
internal sealed record ViaBody
{
    public const string Example = """{"via":"eyJ…"}""";

    /// <summary>The share token by which the shopper came. One that is not good gives no attribution and does no harm.</summary>
    public string? Via { get; init; }
}

/// <summary>A claim.</summary>
internal sealed record ClaimBody
{
    public const string Example = """{"atCurrentPrice":false}""";

    /// <summary>Buy now at the current price, before the floor is reached.</summary>
    public bool? AtCurrentPrice { get; init; }
}
