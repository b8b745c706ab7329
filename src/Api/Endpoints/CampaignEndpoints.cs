using System.Collections.Immutable;

namespace SocialCommerce.Api;

/// <summary>Publish campaigns, steer them, read their figures.</summary>
internal static class CampaignEndpoints
{
    private const string Tag = "Campaigns";

    public static void MapCampaigns(this EdgeRoutes routes)
    {
        routes.Put("/v1/campaigns/{campaignId}", Scopes.Operator, Publish)
            .Says("putCampaign", Tag, "Create a campaign, or make a new version of it", "Published unless draft is true. What runs keeps the version it was started under. Every fault of the settings is named at once.")
            .Takes<CampaignBody>(CampaignBody.Example).Gives<CampaignAnswer>(201, 200).Repeatable().Refuses<CampaignRefusal>();
        routes.Post("/v1/campaigns/{campaignId}/pause", Scopes.Operator, call => Steer(call, static (campaign, request) => campaign.Pause(request)))
            .Says("pauseCampaign", Tag, "Pause a campaign", "Stops starts, cuts and joins, not clocks or payments. May be repeated.")
            .Gives<CampaignAnswer>(200).Repeatable().Refuses<CampaignRefusal>();
        routes.Post("/v1/campaigns/{campaignId}/resume", Scopes.Operator, call => Steer(call, static (campaign, request) => campaign.Resume(request)))
            .Says("resumeCampaign", Tag, "End a pause", "May be repeated.")
            .Gives<CampaignAnswer>(200).Repeatable().Refuses<CampaignRefusal>();
        routes.Post("/v1/campaigns/{campaignId}/close", Scopes.Operator, call => Steer(call, static (campaign, request) => campaign.Close(request)))
            .Says("closeCampaign", Tag, "Close a campaign for good", "Stops starts and new teams; what runs goes on to its own end. May be repeated.")
            .Gives<CampaignAnswer>(200).Repeatable().Refuses<CampaignRefusal>();
        routes.Get("/v1/campaigns", Scopes.Any, List)
            .Says("listCampaigns", Tag, "List campaigns", "In order of their ids. Drafts are shown to operators only.")
            .Pages().Gives<ListAnswer<CampaignAnswer>>(200);
        routes.Get("/v1/campaigns/{campaignId}", Scopes.Any, Get)
            .Says("getCampaign", Tag, "Read a campaign", "Its settings with every default filled in, and its stock as inventory.")
            .Gives<CampaignAnswer>(200).Refuses(Problems.CampaignNotFound);
        routes.Get("/v1/campaigns/{campaignId}/stats", Scopes.Operator, Stats)
            .Says("getCampaignStats", Tag, "Read a campaign's figures", "Funnel, money, fission, by hour. They follow within a second or so.")
            .Gives<CampaignStatsAnswer>(200).Refuses(Problems.CampaignNotFound);
    }

    /// <summary>Whether the caller may know of the campaign: it exists, and is no draft unless an operator asks.</summary>
    public static async Task<bool> IsVisible(Call call, string campaignId) => await Find(call, campaignId) is not null;

    private static async Task<CampaignView?> Find(Call call, string campaignId)
    {
        var campaign = await call.Ask(call.Grain<ICampaignGrain>(campaignId), static grain => grain.Get());
        return campaign?.Status == CampaignStatus.Draft && !call.Caller.May(Scopes.Operator) ? null : campaign;
    }

    private static async Task Publish(Call call)
    {
        using var form = await call.ReadForm();
        var campaignId = form.PathId("campaignId");
        var requestKey = form.RequestKey();
        if (form.IsUnreadable)
        {
            form.Refuse();
            return;
        }

        var isMisaddressed = form.IsFaulty;
        var definition = CampaignForm.Read(form.Body);
        var draft = form.Body.Flag("draft") ?? false;
        if (isMisaddressed)
        {
            form.Refuse();
            return;
        }

        // What is at fault now are settings, and the rules may find more in them: they are told together.
        var found = form.Faults.ToImmutable();
        var request = new PublishCampaign { Definition = definition, Draft = draft, FormFaults = found, RequestKey = requestKey };
        Answer(call, await call.AskByKey(requestKey, call.Grain<ICampaignGrain>(campaignId), request, static (grain, request) => grain.Publish(request)), found);
    }

    private static async Task Steer(Call call, Func<ICampaignGrain, CampaignCommand, Task<CampaignReply>> command)
    {
        using var form = await call.ReadForm();
        var campaignId = form.PathId("campaignId");
        var request = new CampaignCommand { RequestKey = form.RequestKey() };
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<ICampaignGrain>(campaignId), request, command), []);
    }

    private static void Answer(Call call, CampaignReply reply, ImmutableArray<Fault> found)
    {
        var answer = reply.Campaign is null ? null : CampaignAnswer.Of(reply.Campaign);
        var notes = reply.Refusal == CampaignRefusal.InvalidCampaign ? new ProblemNotes { Errors = Merge(reply.Faults, found) } : null;
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), answer, ApiJson.Default.CampaignAnswer,
            reply.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, notes);
    }

    /// <summary>A member that could not be read looks missing to the rules: of that only what the form says is worth telling.</summary>
    private static List<Fault> Merge(ImmutableArray<Fault> faults, ImmutableArray<Fault> found)
    {
        var unread = found.Select(fault => fault.Field).ToHashSet(StringComparer.Ordinal);
        return [.. found, .. faults.Where(fault => !unread.Contains(fault.Field) && !unread.Any(field => fault.Field.StartsWith(field + ".", StringComparison.Ordinal)))];
    }

    private static async Task List(Call call)
    {
        var form = call.Form();
        var query = new CampaignsQuery { After = form.IdCursor(), Limit = form.Limit(), Drafts = call.Caller.May(Scopes.Operator) };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var page = await call.Ask(call.Grain<ICampaignIndexGrain>("all"), query, static (grain, query) => grain.List(query));
        var answer = new ListAnswer<CampaignAnswer> { Items = [.. page.Items.Select(CampaignAnswer.Of)], Next = page.Next };
        call.Answer(StatusCodes.Status200OK, answer, ApiJson.Default.ListAnswerCampaignAnswer);
    }

    private static async Task Get(Call call)
    {
        var form = call.Form();
        var campaignId = form.PathId("campaignId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var campaign = await Find(call, campaignId);
        call.AnswerOr(Problems.CampaignNotFound, campaign is null ? null : CampaignAnswer.Of(campaign), ApiJson.Default.CampaignAnswer);
    }

    private static async Task Stats(Call call)
    {
        var form = call.Form();
        var campaignId = form.PathId("campaignId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var stats = await call.Ask(call.Grain<ICampaignStatsGrain>(campaignId), static grain => grain.Get());

        // All zero may be a quiet campaign or none at all; only then is it worth a second look.
        if (stats.Funnel.IsEmpty && !await IsVisible(call, campaignId)) call.Refuse(Problems.CampaignNotFound);
        else call.Answer(StatusCodes.Status200OK, CampaignStatsAnswer.Of(stats), ApiJson.Default.CampaignStatsAnswer);
    }
}
