namespace SocialCommerce.Api.Tests;

/// <summary>Malformed and hostile requests: every one a 4xx problem, none reaches a grain.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Theory]
    [InlineData("'; DROP TABLE events;--")]
    [InlineData("' OR '1'='1")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a/b")]
    [InlineData("../../etc/passwd")]
    [InlineData("%2e%2e%2f")]
    [InlineData("a\nb")]
    [InlineData("a b")]
    [InlineData("砍价")]
    [InlineData("😀")]
    [InlineData("\u202eabc")]
    [InlineData("${jndi:ldap://x}")]
    [InlineData("{{7*7}}")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123X")]
    public async Task An_id_that_nothing_could_have_is_malformed(string id)
    {
        var escaped = Uri.EscapeDataString(id);
        (await _edge.Send("GET", $"/v1/bargains/{escaped}")).Malformed("bargainId");
        (await _edge.Send("POST", $"/v1/bargains/{escaped}/cuts")).Malformed("bargainId");
        (await _edge.Send("GET", $"/v1/bargains/{escaped}/live")).Malformed("bargainId");
        (await _edge.Send("PUT", $"/v1/campaigns/{escaped}", "{}")).Malformed("campaignId");
        (await _edge.Send("DELETE", $"/v1/teams/{escaped}/seats/{escaped}")).Malformed("teamId", "seatId");
        (await _edge.Send("PUT", $"/v1/shoppers/{escaped}", """{"existing":true}""")).Malformed("shopperId");
        Assert.Empty(_edge.Grains.Requests);
    }

    [Fact]
    public async Task An_id_of_10_kB_is_malformed()
        => (await _edge.Send("GET", "/v1/bargains/" + new string('a', 10 * 1024))).Malformed("bargainId");

    [Theory]
    [InlineData("GET /v1/bargains/%00 HTTP/1.1")]
    [InlineData("GET /v1/bargains/a%00b HTTP/1.1")]
    [InlineData("GET /v1/bargains/\u0001 HTTP/1.1")]
    [InlineData("GET /v1/bargains/%ff%fe HTTP/1.1")]
    [InlineData("GET /v1/bargains/%c0%af HTTP/1.1")]
    [InlineData("GET /v1/bargains/%zz HTTP/1.1")]
    [InlineData("GET /v1/bargains/% HTTP/1.1")]
    [InlineData("GET v1 HTTP/1.1")]
    [InlineData("GET http://[::1/v1 HTTP/1.1")]
    [InlineData("G\u00cbT /v1/campaigns HTTP/1.1")]
    [InlineData("GET /v1/campaigns HTTP/9.9")]
    [InlineData("GET /v1/campaigns")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    public async Task Broken_HTTP_gets_a_refusal(string requestLine)
    {
        var answer = await _edge.Raw(requestLine + "\r\nHost: localhost\r\nX-Api-Key: dev\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (4[0-9][0-9]|505) ", answer);
        Assert.Empty(_edge.Grains.Requests);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked", "ffffffffffffffff\r\n{}\r\n", 400)]
    [InlineData("Transfer-Encoding: gzip, identity", "{}", 400)]
    [InlineData("Content-Length: -1", "{}", 400)]
    [InlineData("Content-Length: 99999999999999999999999", "{}", 400)]
    [InlineData("Content-Length: 2\r\nContent-Length: 3", "{}x", 400)]
    [InlineData("Content-Length: 10485760", "{}", 413)]
    [InlineData("Bad Header: x", "", 400)]
    [InlineData("X-Nul: a\0b", "", 400)]
    public async Task Broken_framing_gets_a_refusal(string header, string body, int status)
    {
        var answer = await _edge.Raw($"POST /v1/bargains/b-1/cuts HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: dev\r\nX-User-Id: bob\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Empty(_edge.Grains.Requests);
    }

    [Fact]
    public async Task A_body_of_10_MB_is_refused_while_it_is_sent()
    {
        using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
        request.Headers.ExpectContinue = true;
        request.Content = new ByteArrayContent(new byte[10 * 1024 * 1024]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (await _edge.Send(request)).Problem(413, "bodyTooLarge");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"{}\"")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{},")]
    [InlineData("{'via':'x'}")]
    [InlineData("{via:1}")]
    [InlineData("{\"via\":\"x\",}")]
    [InlineData("{\"via\":NaN}")]
    [InlineData("{\"via\":Infinity}")]
    [InlineData("{\"via\":01}")]
    [InlineData("{\"via\":\"\u0000\"}")]
    [InlineData("// comment\n{}")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1,\"\\ud800\":1}")]
    public async Task What_is_not_one_JSON_object_is_malformed(string body)
    {
        if (body.Length == 0) Assert.Equal(201, (await _edge.Send("POST", "/v1/bargains/b-1/cuts", body)).Code);
        else
        {
            var answer = await _edge.Send("POST", "/v1/bargains/b-1/cuts", body);

            // A strange name that nobody asks for may also just be ignored.
            if (answer.Code != 201 || !body.Contains("\\ud800", StringComparison.Ordinal)) answer.Malformed("body");
        }
    }

    [Theory]
    [InlineData("{\"via\":1}")]
    [InlineData("{\"via\":true}")]
    [InlineData("{\"via\":{}}")]
    [InlineData("{\"via\":[]}")]
    [InlineData("{\"via\":\"a\\u0000b\"}")]
    [InlineData("{\"via\":\"a\\nb\"}")]
    [InlineData("{\"via\":\"\\ud800\"}")]
    [InlineData("{\"via\":\"\\udc00\\ud800\"}")]
    [InlineData("{\"via\":\"\\u007f\"}")]
    [InlineData("{\"via\":\"x\",\"via\":\"y\"}")]
    [InlineData("{\"via\":\"x\",\"v\\u0069a\":\"y\"}")]
    public async Task A_member_that_can_not_be_what_it_is_for_is_named(string body)
        => (await _edge.Send("POST", "/v1/bargains/b-1/cuts", body)).Malformed("via");

    [Theory]
    [InlineData("{\"other\":1,\"other\":2}", "other")]
    [InlineData("{\"a\":{\"b\":[0,{\"c\":1,\"c\":2}]}}", "a.b[1].c")]
    public async Task A_member_that_is_there_twice_is_named_wherever_it_is(string body, string field)
        => (await _edge.Send("POST", "/v1/bargains/b-1/cuts", body)).Malformed(field);

    [Fact]
    public async Task Members_that_nobody_asks_for_are_ignored()
        => Assert.Equal(201, (await _edge.Send("POST", "/v1/bargains/b-1/cuts", """{"via":null,"more":{"x":[1,2,{"y":1e999}]},"__proto__":{}}""")).Code);

    [Fact]
    public async Task JSON_may_be_16_deep_and_no_deeper()
    {
        static string Body(int depth) => "{\"x\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        Assert.Equal(201, (await _edge.Send("POST", "/v1/bargains/b-1/cuts", Body(16))).Code);
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", Body(17))).Malformed("body");
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", Body(30_000))).Malformed("body");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_malformed()
    {
        byte[][] bodies = [[0xff, 0xfe], [.. "{\"via\":\""u8, 0xc3, 0x28, .. "\"}"u8], [.. "{\"via\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8], [.. "{\"x\":\""u8, 0xf5, .. "\"}"u8]];
        foreach (var body in bodies)
        {
            using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            (await _edge.Send(request)).Malformed("body");
        }
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1e999")]
    [InlineData("\"100\"")]
    [InlineData("true")]
    [InlineData("[1]")]
    public async Task Money_is_a_whole_number(string amount)
        => (await _edge.Send("POST", "/v1/purchases/p-1/payment", "{\"paymentId\":\"x\",\"amountFen\":" + amount + "}")).Malformed("amountFen");

    [Fact]
    public async Task Every_fault_is_named_at_once()
    {
        var answer = await _edge.Send("POST", "/v1/teams/a%20b/seats/c%20d/payment", """{"paymentId":7,"amountFen":"x"}""", headers: ("Idempotency-Key", new string('k', 256)));
        answer.Malformed("teamId", "seatId", "paymentId", "amountFen", "Idempotency-Key");
        (await _edge.Send("POST", "/v1/bargains/a%20b/cuts", """{"via":7}""", shopper: "b b", headers: ("Idempotency-Key", ""))).Malformed("bargainId", "via", "X-User-Id", "Idempotency-Key");
        (await _edge.Send("POST", "/v1/bargains/a%20b/cuts", """{"via":7}""", shopper: null)).Malformed("bargainId", "via", "X-User-Id");
        Assert.Empty(_edge.Grains.Requests);
    }

    [Fact]
    public async Task What_is_wrong_beside_a_campaigns_settings_is_named_with_those_that_can_not_be_read()
    {
        var answer = await _edge.Send("PUT", "/v1/campaigns/a%20b", """{"kind":"bargain","stock":"x","draft":1}""", headers: ("Idempotency-Key", ""));
        answer.Malformed("campaignId", "Idempotency-Key", "stock", "draft");
        (await _edge.Send("PUT", "/v1/campaigns/a%20b", "{")).Malformed("campaignId", "body");
        Assert.Empty(_edge.Grains.Requests);
    }

    [Theory]
    [InlineData("/v1/bargains/b-1/cuts?after=-1", "after")]
    [InlineData("/v1/bargains/b-1/cuts?after=x", "after")]
    [InlineData("/v1/bargains/b-1/cuts?after=99999999999", "after")]
    [InlineData("/v1/bargains/b-1/cuts?limit=0", "limit")]
    [InlineData("/v1/bargains/b-1/cuts?limit=201", "limit")]
    [InlineData("/v1/bargains/b-1/cuts?limit=", "limit")]
    [InlineData("/v1/bargains/b-1/cuts?limit=1&limit=2", "limit")]
    [InlineData("/v1/bargains/b-1/cuts?limit=1.5", "limit")]
    [InlineData("/v1/bargains/b-1/cuts?limit=+5", "limit")]
    [InlineData("/v1/campaigns?after=a%20b", "after")]
    [InlineData("/v1/campaigns/c-1/teams?open=false", "open")]
    [InlineData("/v1/events?after=a%0ab", "after")]
    [InlineData("/v1/events?wait=61", "wait")]
    [InlineData("/v1/events?wait=-1", "wait")]
    public async Task A_query_that_can_not_be_is_named(string path, string field)
    {
        (await _edge.Send("GET", path)).Malformed(field);
        Assert.Empty(_edge.Grains.Requests);
    }

    [Theory]
    [InlineData("/v1/bargains/b-1/cuts?limit=1")]
    [InlineData("/v1/bargains/b-1/cuts?limit=200&after=2147483647")]
    [InlineData("/v1/bargains/b-1/cuts?after=&other=1")]
    [InlineData("/v1/events?after=&wait=0")]
    public async Task A_query_at_its_edges_is_taken(string path) => Assert.Equal(200, (await _edge.Send("GET", path)).Code);

    [Fact]
    public async Task Random_bodies_never_break_the_edge()
    {
        // Every mutation is one edit of a body that works, so that it gets past the first look.
        const string Good = """{"kind":"bargain","product":{"id":"a","title":"b"},"endsAt":"2030-01-01T00:00:00Z","stock":1,"listPriceFen":5,"cut":{"policy":"amounts","existing":{"minFen":1,"maxFen":2},"new":{"minFen":1,"maxFen":2}},"fill":{"whenAtLeast":{"members":3}},"tiers":[{"size":2,"priceFen":1}]}""";
        string[] pieces = ["\"", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e400", "0.1", "\\u0000", "\\ud83d", "\u0007", "\"\"", "{}", "[]", "\"none\"", "99999999999999999999"];
        var random = new Random(20260301);
        for (var i = 0; i < 1_500; i++)
        {
            var at = random.Next(Good.Length);
            var cut = Math.Min(random.Next(8), Good.Length - at);
            var body = Good.Remove(at, cut).Insert(at, pieces[random.Next(pieces.Length)]);
            var answer = await _edge.Send("PUT", "/v1/campaigns/c-1", body);
            Assert.True(answer.Code is 200 or 201 or 400, $"{answer.Code} for {body}");
        }
    }
}
