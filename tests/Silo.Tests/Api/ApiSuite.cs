using System.Text.Json;

namespace SocialCommerce.Silo.Tests.Api;

/// <summary>
/// What every suite over the HTTP API begins with. A suite knows addresses and nothing else of the engine, shares it with others and so
/// has campaigns and shoppers of its own in every fact.
/// </summary>
public abstract class ApiSuite(ApiHost host)
{
    protected ShopApi Api => host.Api;

    /// <summary>An id that nobody else has.</summary>
    protected static string New(string name) => $"{name}-{Guid.NewGuid():N}"[..(name.Length + 13)];

    protected static string[] New(string name, int count) => [.. Enumerable.Range(0, count).Select(_ => New(name))];

    protected static Offer Headcount(int helpers) => Bargain(new { policy = "headcount", helpers });

    protected static Offer Fixed(long cutFen) => Bargain(new { policy = "fixed", cutFen });

    protected static Offer Bargain(object cut) => new Offer("bargain").With("listPriceFen", 10_000).With("cut", cut);

    protected static Offer GroupBuy(int size) => new Offer("groupBuy").With("soloPriceFen", 5_000).With("teamPriceFen", 3_000).With("teamSize", size);

    /// <summary>Publishes a campaign that must be accepted; its id.</summary>
    protected async Task<string> Publish(Offer offer)
    {
        var campaignId = New("campaign");
        Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", offer));
        return campaignId;
    }

    /// <summary>Starts a bargain that must be accepted; its id.</summary>
    protected async Task<string> Start(string campaignId, string owner, string? via = null) =>
        Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { via })).Text("bargainId");

    protected Task<HttpReply> Help(string bargainId, string helper, string? via = null, string? key = null) =>
        Api.Post($"/v1/bargains/{bargainId}/cuts", helper, new { via }, key);

    /// <summary>A help that must be accepted.</summary>
    protected async Task<HttpReply> Cut(string bargainId, string helper, string? via = null) => Expect(201, await Help(bargainId, helper, via));

    protected async Task<HttpReply> BargainOf(string bargainId) => Expect(200, await Api.Get($"/v1/bargains/{bargainId}"));

    /// <summary>Opens a team that must be accepted: the team, with the leader's seat in it.</summary>
    protected async Task<HttpReply> Open(string campaignId, string leader) => Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/teams", leader, new { }));

    protected Task<HttpReply> TryJoin(string teamId, string shopper, string? via = null) => Api.Post($"/v1/teams/{teamId}/seats", shopper, new { via });

    /// <summary>A join that must be accepted; the seat's id.</summary>
    protected async Task<string> Join(string teamId, string shopper, string? via = null) => Expect(201, await TryJoin(teamId, shopper, via)).Text("seatId");

    protected Task<HttpReply> TryPay(string teamId, string seatId, long amountFen = 3_000, string? paymentId = null) =>
        Api.Post($"/v1/teams/{teamId}/seats/{seatId}/payment", body: new { paymentId = paymentId ?? "pay-" + seatId, amountFen });

    /// <summary>A payment that must be accepted; what it made of the seat is the answer's status.</summary>
    protected async Task<HttpReply> Pay(string teamId, string seatId, long amountFen = 3_000) => Expect(200, await TryPay(teamId, seatId, amountFen));

    protected async Task<HttpReply> TeamOf(string teamId) => Expect(200, await Api.Get($"/v1/teams/{teamId}"));

    protected async Task<JsonElement> Inventory(string campaignId) => Expect(200, await Api.Get($"/v1/campaigns/{campaignId}"))["inventory"];

    /// <summary>Ready, which a process is not while its store has not answered for two seconds, such as those that a machine stands still.</summary>
    internal static Task<HttpReply> Ready(ShopApi process) =>
        Waiting.Until(() => process.Get("/health/ready", apiKey: null), reply => reply.Status == 200, "it says that it is ready");

    /// <summary>For what counts by the day: goes on when midnight is not so near that it may come between.</summary>
    protected async Task UntilMidnightIsFar()
    {
        var somebody = New("shopper");
        await Waiting.Until(
            async () => Expect(200, await Api.Get("/v1/me", somebody))["helpsToday"].GetProperty("resetsAt").GetDateTimeOffset(),
            midnight => midnight - DateTimeOffset.UtcNow > Waiting.Patience,
            "the next day has begun",
            2 * Waiting.Patience);
    }

    protected Task UntilBargain(string bargainId, string status) =>
        Waiting.Until(async () => (await BargainOf(bargainId)).Text("status") == status, $"bargain {status}");

    protected Task UntilTeam(string teamId, string status) => Waiting.Until(async () => (await TeamOf(teamId)).Text("status") == status, $"team {status}");

    /// <summary>The feed's events of one campaign so far, oldest first.</summary>
    protected async Task<List<JsonElement>> EventsOf(string campaignId)
    {
        // On PostgreSQL the feed shows what was acknowledged a moment later, when every older transaction has ended. What is published now comes last.
        var (events, after, mark) = (new List<JsonElement>(), "", await Publish(Headcount(2)));
        await Waiting.Until(UpToMark, "the feed shows what was published last");
        return events;

        async Task<bool> UpToMark()
        {
            while (true)
            {
                var page = Expect(200, await Api.Get($"/v1/events?limit=200&after={Uri.EscapeDataString(after)}"));
                events.AddRange(page.Items().Where(happened => happened.Text("campaignId") == campaignId));
                after = page.Text("next");
                if (page.Items().Length == 0 || page.Items().Any(happened => happened.Text("campaignId") == mark)) return page.Items().Length > 0;
            }
        }
    }

    /// <summary>The types of a subject's events so far, oldest first.</summary>
    protected async Task<string[]> TypesOf(string campaignId, string subjectId) =>
        [.. (await EventsOf(campaignId)).Where(happened => happened.GetProperty("subjectId").GetString() == subjectId).Select(happened => happened.GetProperty("type").GetString()!)];

    protected static HttpReply Expect(int status, HttpReply reply)
    {
        Assert.True(reply.Status == status, $"expected {status}, but it was {reply.Status}: {reply.Text}");
        return reply;
    }

    /// <summary>A refusal: a problem with its status and its code.</summary>
    protected static HttpReply Refused(int status, string code, HttpReply reply)
    {
        Assert.True((reply.Status, reply.Code) == (status, code), $"expected {status} {code}, but it was {reply.Status}: {reply.Text}");
        Assert.Equal("application/problem+json", reply.MediaType);
        return reply;
    }

    /// <summary>The first answer once more.</summary>
    protected static HttpReply Repeated(HttpReply first, HttpReply reply)
    {
        Expect(200, reply);
        Assert.True(reply.Repeated, "no Idempotency-Hit");
        Assert.Equal(first.Text, reply.Text);
        return reply;
    }
}

/// <summary>A campaign's settings as they are sent; <see cref="With"/> changes one.</summary>
public sealed class Offer : Dictionary<string, object?>
{
    public Offer(string kind)
    {
        var product = "product-" + Guid.NewGuid().ToString("N")[..12];
        this["kind"] = kind;
        this["product"] = new { id = product, title = product };
        this["endsAt"] = DateTimeOffset.UtcNow.AddDays(30);
        this["stock"] = 100;
    }

    public Offer With(string name, object? value)
    {
        this[name] = value;
        return this;
    }
}

/// <summary>Short words for what answers hold.</summary>
public static class Answers
{
    public static string Text(this HttpReply reply, string name) => reply[name].GetString()!;

    public static long Fen(this HttpReply reply, string name) => reply[name].GetInt64();

    public static string Text(this JsonElement value, string name) => value.GetProperty(name).GetString()!;

    public static long Whole(this JsonElement value, string name) => value.GetProperty(name).GetInt64();

    public static bool Has(this HttpReply reply, string name) => reply.Body.TryGetProperty(name, out _);

    public static JsonElement[] Items(this HttpReply reply, string name = "items") => [.. reply[name].EnumerateArray()];
}
