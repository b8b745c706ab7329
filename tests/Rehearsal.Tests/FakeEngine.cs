using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>
/// The HTTP contract in memory, good enough to play on: rules, idempotency, feed, fairness, stock. Tests bend its answers
/// (<see cref="Bend"/>) or take it away (<see cref="Away"/>).
/// </summary>
internal sealed class FakeEngine(TimeProvider clock) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<(string Method, Regex Path, Action<JsonNode> Bend)> _bends = [];
    private readonly Dictionary<string, (string Body, FakeAnswer Answer)> _keys = [];

    private int _busy;

    /// <summary>Somebody is being answered right now.</summary>
    public bool Busy => Volatile.Read(ref _busy) > 0;

    public FakeWorld World { get; } = new(clock);

    /// <summary>Group-buys are answered with 404, as by an engine without them.</summary>
    public bool WithoutGroupBuy { get; set; }

    /// <summary>Another body under a known key is taken for a repeat: an engine that breaks its promise.</summary>
    public bool ForgetsBodies { get; set; }

    /// <summary>Asked before every request; true refuses the connection.</summary>
    public Func<HttpRequestMessage, bool> Away { get; set; } = _ => false;

    /// <summary>Asked after every request; true loses the answer, though what was asked for is done.</summary>
    public Func<HttpRequestMessage, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Asked before every request; a status to answer with instead.</summary>
    public Func<HttpRequestMessage, int?> Instead { get; set; } = _ => null;

    /// <summary>Changes the JSON of every success on a path that matches, just before it is sent.</summary>
    public void Bend(string method, string path, Action<JsonNode> bend) => _bends.Add((method, new Regex($"^{path}$"), bend));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            return await Answer(request, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }

    private async Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (Away(request)) throw new HttpRequestException("connection refused");
        if (Instead(request) is { } status) return new HttpResponseMessage((HttpStatusCode)status);
        FakeAnswer answer;
        string json;
        lock (_lock)
        {
            answer = Handle(request, body);
            var node = answer.Body?.DeepClone();
            foreach (var (method, path, bend) in _bends)
            {
                if (answer.Status < 300 && node is not null && request.Method.Method == method && path.IsMatch(request.RequestUri!.AbsolutePath)) bend(node);
            }

            json = node?.ToJsonString() ?? "";
        }

        if (LosesAnswer(request)) throw new HttpRequestException("connection reset");
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (answer.Repeat) response.Headers.Add("Idempotency-Hit", "true");
        return response;
    }

    private FakeAnswer Handle(HttpRequestMessage request, string body)
    {
        if (!request.Headers.TryGetValues("X-Api-Key", out var apiKey) || apiKey.First() != "dev") return FakeAnswer.Refuse(401, "unauthorized");
        World.Sweep();
        var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.First() : null;
        if (key is not null && _keys.TryGetValue(key, out var first))
        {
            return first.Body == body || ForgetsBodies ? first.Answer with { Repeat = true } : FakeAnswer.Refuse(422, "idempotencyKeyReused");
        }

        var shopper = request.Headers.TryGetValues("X-User-Id", out var users) ? users.First() : "";
        var answer = Route(request.Method.Method, request.RequestUri!, shopper, body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!.AsObject());
        if (key is not null && answer.Status < 300) _keys[key] = (body, answer);
        return answer;
    }

    private FakeAnswer Route(string method, Uri uri, string shopper, JsonObject body)
    {
        var p = uri.AbsolutePath.Trim('/').Split('/');
        var query = System.Web.HttpUtility.ParseQueryString(uri.Query);
        var bargains = World.Bargains;
        var teams = World.Teams;
        if (WithoutGroupBuy && (p.Contains("teams") || (string?)body["kind"] == "groupBuy")) return FakeAnswer.Refuse(404, "http404");
        return (method, p) switch
        {
            ("GET", ["v1", "campaigns"]) => FakeAnswer.Ok(new JsonObject { ["items"] = new JsonArray() }),
            ("PUT", ["v1", "campaigns", var id]) => World.Publish(id, body),
            ("GET", ["v1", "campaigns", var id]) => World.Campaign(id),
            ("GET", ["v1", "campaigns", var id, "stats"]) => World.Stats(id),
            ("PUT", ["v1", "shoppers", var id]) => World.Declare(id),
            ("GET", ["v1", "me"]) => bargains.Me(shopper),
            ("GET", ["v1", "events"]) => World.Feed(query["after"]),
            ("POST", ["v1", "campaigns", var id, "bargains"]) => bargains.Start(id, shopper),
            ("GET", ["v1", "bargains", var id]) => bargains.Read(id),
            ("GET", ["v1", "bargains", var id, "cuts"]) => bargains.Cuts(id, query["after"]),
            ("POST", ["v1", "bargains", var id, "cuts"]) => bargains.Cut(id, shopper, (string?)body["via"]),
            ("POST", ["v1", "bargains", var id, "claim"]) => bargains.Claim(id, shopper, (bool?)body["atCurrentPrice"] ?? false),
            ("POST", ["v1", "bargains", var id, "cancel"]) => bargains.Cancel(id, shopper),
            ("POST", ["v1", _, var id, "share"]) => FakeAnswer.Ok(new JsonObject { ["token"] = $"token-{id}-{shopper}", ["url"] = "http://localhost/b" }),
            ("GET", ["v1", "bargains", var id, "fairness"]) => bargains.Fairness(id),
            ("GET", ["v1", "campaigns", var id, "teams"]) => teams.Open(id),
            ("POST", ["v1", "campaigns", var id, "teams"]) => teams.Start(id, shopper),
            ("GET", ["v1", "teams", var id]) => teams.Read(id),
            ("POST", ["v1", "teams", var id, "seats"]) => teams.Join(id, shopper, (string?)body["via"]),
            ("DELETE", ["v1", "teams", var id, "seats", var seat]) => teams.Leave(id, seat, shopper),
            ("POST", ["v1", "teams", var id, "seats", var seat, "payment"]) => teams.Pay(id, seat, (string)body["paymentId"]!, (long)body["amountFen"]!),
            ("POST", ["v1", "teams", var id, "seats", var seat, "refund"]) => teams.Refund(id, seat),
            ("POST", ["v1", "campaigns", var id, "purchases"]) => teams.Buy(id, shopper),
            ("POST", ["v1", "purchases", var id, "payment"]) => teams.PayPurchase(id, (long)body["amountFen"]!),
            _ => FakeAnswer.Refuse(404, "notFound"),
        };
    }
}

internal sealed record FakeAnswer(int Status, JsonNode? Body, bool Repeat = false)
{
    public static FakeAnswer Ok(JsonNode body) => new(200, body);
    public static FakeAnswer Made(JsonNode body) => new(201, body);
    public static FakeAnswer Again(JsonNode body) => new(200, body, Repeat: true);
    public static FakeAnswer Refuse(int status, string code) => new(status, new JsonObject { ["code"] = code, ["title"] = code });
}
