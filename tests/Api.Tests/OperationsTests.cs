using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace SocialCommerce.Api.Tests;

/// <summary>Health, metrics, the API's description and the pages.</summary>
public sealed partial class OperationsTests
{
    [Fact]
    public async Task Health_answers_on_loopback_without_credentials()
    {
        await using var edge = await EdgeHost.Start();
        Assert.Equal((200, """{"status":"live"}"""), Of(await edge.Send("GET", "/health/live", key: null)));
        Assert.Equal((200, """{"status":"ready"}"""), Of(await edge.Send("GET", "/health/ready", key: null)));
    }

    [Fact]
    public async Task What_is_not_ready_says_why()
    {
        await using var edge = await EdgeHost.Start(services: services => services.AddSingleton<IReadiness>(new NotYet()));
        var answer = await edge.Send("GET", "/health/ready", key: null);
        Assert.Equal("The journal is not open yet.", answer.Problem(503, "notReady").GetProperty("detail").GetString());
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal(200, (await edge.Send("GET", "/health/live", key: null)).Code);
    }

    [Fact]
    public async Task A_probe_may_ask_for_the_head_alone()
    {
        await using var edge = await EdgeHost.Start(services: services => services.AddSingleton<IReadiness>(new NotYet()));
        var live = await edge.Send("HEAD", "/health/live", key: null);
        Assert.Equal((200, "", "17"), (live.Code, live.Body, live.Headers["Content-Length"]));
        Assert.Equal((503, ""), Of(await edge.Send("HEAD", "/health/ready", key: null)));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task What_a_proxy_passes_on_is_not_of_the_machine(string path)
    {
        await using var edge = await EdgeHost.Start();
        (await edge.Send("GET", path, key: null, headers: ("X-Forwarded-For", "203.0.113.7"))).Problem(404, "notFound");
    }

    [Fact]
    public async Task Metrics_are_text_that_Prometheus_reads()
    {
        await using var edge = await EdgeHost.Start();
        for (var i = 0; i < 3; i++) await edge.Send("GET", "/v1/bargains/b-1");
        edge.Grains.GetBargain = _ => Task.FromResult<BargainView?>(null);
        await edge.Send("GET", "/v1/bargains/b-1");
        using var meter = new System.Diagnostics.Metrics.Meter("SocialCommerce.Tests");
        meter.CreateCounter<long>("test.things", "{thing}", "Things \"counted\"\nhere.").Add(5, new KeyValuePair<string, object?>("what.kind", "a\"b\\c\nd"));
        meter.CreateUpDownCounter<int>("test.level").Add(7);
        var histogram = meter.CreateHistogram<double>("test.wait", "s");
        foreach (var value in (double[])[0.0001, 0.02, 99]) histogram.Record(value);

        // A request is counted when the server is done with it, which may be after its answer has come: asked until all are.
        const string found = """http_server_request_duration_seconds_count\{[^}]*http_response_status_code="200"[^}]*http_route="/v1/bargains/\{bargainId\}"[^}]*\} 3\n""";
        const string notFound = """http_server_request_duration_seconds_count\{[^}]*http_response_status_code="404"[^}]*http_route="/v1/bargains/\{bargainId\}"[^}]*\} 1\n""";
        var patience = Stopwatch.StartNew();
        var answer = await edge.Send("GET", "/metrics", key: null);
        while (!(Regex.IsMatch(answer.Body, found) && Regex.IsMatch(answer.Body, notFound)) && patience.Elapsed < LiveTests.Patience)
            answer = await edge.Send("GET", "/metrics", key: null);

        Assert.Equal((200, "text/plain"), (answer.Code, answer.MediaType));
        foreach (var line in answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.Matches(MetricLine(), line);
        Assert.Matches(found, answer.Body);
        Assert.Matches(notFound, answer.Body);
        Assert.Contains("test_things_total{what_kind=\"a\\\"b\\\\c\\nd\"} 5\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("# TYPE test_level gauge\ntest_level 7\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.0005\"} 1\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.025\"} 2\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"+Inf\"} 3\ntest_wait_seconds_sum 99.0201\ntest_wait_seconds_count 3\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("socialcommerce_live_viewers 0\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_", answer.Body, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_of_one_process_tell_their_own_figures()
    {
        const string counted = """http_server_request_duration_seconds_count\{[^}]*http_route="/v1/bargains/\{bargainId\}"[^}]*\}""";
        await using var idle = await EdgeHost.Start();
        await using var busy = await EdgeHost.Start();
        await busy.Send("GET", "/v1/bargains/b-1");

        var patience = Stopwatch.StartNew();
        var told = await busy.Send("GET", "/metrics", key: null);
        while (!Regex.IsMatch(told.Body, counted) && patience.Elapsed < LiveTests.Patience) told = await busy.Send("GET", "/metrics", key: null);

        Assert.Matches(counted, told.Body);
        Assert.DoesNotMatch(counted, (await idle.Send("GET", "/metrics", key: null)).Body);
    }

    [Fact]
    public async Task Tags_without_end_do_not_eat_the_memory()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var listener = new MetricsListener(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        using var meter = new System.Diagnostics.Metrics.Meter("SocialCommerce.Tests.Many");
        var counter = meter.CreateCounter<long>("test.many");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 1_500; i++) counter.Add(1, new KeyValuePair<string, object?>("id", (part * 1_500) + i));
        })));
        var series = listener.Read().Single(metric => metric.Instrument.Name == "test.many").Series.ToList();
        Assert.Equal(1_001, series.Count);
        Assert.Equal(6_000, series.Sum(one => one.Value));
    }

    [Fact]
    public async Task The_description_lists_every_route_of_the_contract()
    {
        await using var edge = await EdgeHost.Start();
        var answer = await edge.Send("GET", "/openapi/v1.json", key: null);
        Assert.Equal((200, "application/json"), (answer.Code, answer.MediaType));
        var paths = answer.Json.GetProperty("paths");
        var routes = CallerTests.Routes.Select(row => (Method: (string)row[0], Path: Pattern((string)row[1]), Body: (string?)row[2]))
            .Append(("GET", "/v1/bargains/{bargainId}/live", null))
            .Append(("GET", "/v1/teams/{teamId}/live", null))
            .Append(("GET", "/health/live", null))
            .Append(("GET", "/health/ready", null))
            .Append(("GET", "/metrics", null))
            .ToList();
        Assert.Equal(35, routes.Count);
        foreach (var (method, path, body) in routes)
        {
            Assert.True(paths.TryGetProperty(path, out var item), path);
            Assert.True(item.TryGetProperty(method.ToLowerInvariant(), out var operation), $"{method} {path}");
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            Assert.NotEmpty(operation.GetProperty("operationId").GetString()!);
            var responses = operation.GetProperty("responses");
            Assert.True(responses.TryGetProperty("200", out _), path);
            if (!path.StartsWith("/v1", StringComparison.Ordinal)) continue;
            foreach (var status in (string[])["400", "401", "403", "429", "431", "503"])
                Assert.True(responses.GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _), status);
            Assert.Equal(2, operation.GetProperty("security").GetArrayLength());
            foreach (var id in IdInPath().Matches(path).Select(match => match.Groups[1].Value))
                Assert.Contains(operation.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == id && parameter.GetProperty("in").GetString() == "path");
            if (body is null) continue;
            var content = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
            Assert.True(content.TryGetProperty("schema", out _) && content.TryGetProperty("example", out _), path);
        }

        Assert.Equal(routes.Count, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
    }

    [Fact]
    public async Task The_description_has_the_shapes_the_schemes_and_the_codes()
    {
        await using var edge = await EdgeHost.Start();
        var json = (await edge.Send("GET", "/openapi/v1.json", key: null)).Json;
        var components = json.GetProperty("components");
        foreach (var name in (string[])["Bargain", "Cut", "Claim", "Team", "Seat", "Purchase", "Event", "Campaign", "Problem"])
            Assert.True(components.GetProperty("schemas").TryGetProperty(name, out _), name);
        var bargain = components.GetProperty("schemas").GetProperty("Bargain");
        Assert.Contains("priceFen", bargain.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain("endedAt", bargain.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("""{"type":"string","format":"date-time"}""", Compact(bargain.GetProperty("properties").GetProperty("startedAt"), "type", "format"));
        Assert.Equal(["open", "won", "claimed", "lapsed", "expired", "soldOut", "cancelled"],
            components.GetProperty("schemas").GetProperty("BargainStatus").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));
        Assert.True(components.GetProperty("securitySchemes").TryGetProperty("apiKey", out _));
        Assert.True(components.GetProperty("securitySchemes").TryGetProperty("bearer", out _));
        var help = json.GetProperty("paths").GetProperty("/v1/bargains/{bargainId}/cuts").GetProperty("post");
        Assert.Contains("dailyHelpLimitReached", help.GetProperty("responses").GetProperty("409").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("bargainExpired", help.GetProperty("responses").GetProperty("410").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(help.GetProperty("responses").TryGetProperty("201", out _));
        Assert.Contains(help.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key");
        Assert.Contains("oneOf", components.GetProperty("schemas").GetProperty("Campaign").GetProperty("properties").GetProperty("fill").GetRawText()
            + (components.GetProperty("schemas").TryGetProperty("Fill", out var fill) ? fill.GetRawText() : ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_of_the_description_are_taken()
    {
        await using var edge = await EdgeHost.Start();
        var paths = (await edge.Send("GET", "/openapi/v1.json", key: null)).Json.GetProperty("paths");
        var sent = 0;
        foreach (var path in paths.EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject().Where(operation => operation.Value.TryGetProperty("requestBody", out _)))
            {
                var example = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
                Assert.InRange((await edge.Send(operation.Name.ToUpperInvariant(), IdInPath().Replace(path.Name, "x-1"), example.GetRawText())).Code, 200, 201);
                sent++;
            }

        Assert.Equal(14, sent);
        Assert.Empty(edge.Grains.Only<PublishCampaign>().FormFaults);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/b/b-1")]
    [InlineData("/t/t-1")]
    public async Task Pages_run_nothing_but_their_own(string path)
    {
        await using var edge = await EdgeHost.Start();
        var answer = await edge.Send("GET", path, key: null);

        // A page whose file is not in this build is not there.
        if (path == "/b/b-1" && answer.Code == 404) return;
        Assert.Equal((200, "text/html"), (answer.Code, answer.MediaType));
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Matches("script-src 'sha256-[A-Za-z0-9+/]{43}='", policy);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", answer.Body);
        Assert.DoesNotMatch(" (style|onclick|onload|onerror|onsubmit)=", answer.Body);
    }

    [Fact]
    public async Task The_root_leads_to_the_reader()
    {
        await using var edge = await EdgeHost.Start();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(edge.Address);
        Assert.Equal((HttpStatusCode.Redirect, "/docs"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task A_page_of_what_can_not_be_is_not_there()
    {
        await using var edge = await EdgeHost.Start();
        (await edge.Send("GET", "/t/%3Cscript%3E", key: null)).Problem(404, "notFound");
    }

    private static string Compact(JsonElement json, params string[] members)
        => "{" + string.Join(",", members.Select(member => $"\"{member}\":{json.GetProperty(member).GetRawText()}")) + "}";

    private static (int, string) Of(Answer answer) => (answer.Code, answer.Body);

    private static string Pattern(string path)
    {
        var pattern = path.Split('?')[0];
        foreach (var (collection, id) in ((string, string)[])[("campaigns", "campaignId"), ("bargains", "bargainId"), ("teams", "teamId"), ("seats", "seatId"), ("purchases", "purchaseId"), ("shoppers", "shopperId")])
            pattern = Regex.Replace(pattern, $"(?<=/{collection}/)[a-z](-1)?(?=/|$)", "{" + id + "}");
        return pattern;
    }

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex IdInPath();

    [GeneratedRegex("""^(# HELP [a-z_]+[a-z0-9_]* .*|# TYPE [a-z_][a-z0-9_]* (counter|gauge|histogram)|[a-z_][a-z0-9_]*(\{[a-z_][a-z0-9_]*="([^"\\\n]|\\["\\n])*"(,[a-z_][a-z0-9_]*="([^"\\\n]|\\["\\n])*")*\})? (-?[0-9.]+(E[+-]?[0-9]+)?|[+-]Inf|NaN))$""")]
    private static partial Regex MetricLine();

    private sealed class NotYet : IReadiness
    {
        public bool IsReady(out string? reason)
        {
            reason = "The journal is not open yet.";
            return false;
        }
    }
}
