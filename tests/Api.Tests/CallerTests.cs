using System.Security.Cryptography;

namespace SocialCommerce.Api.Tests;

/// <summary>Who may call what, and for whom.</summary>
public sealed class CallerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private EdgeHost _edge = null!;

    public static TheoryData<string, string, string?, string> Routes => new()
    {
        { "PUT", "/v1/campaigns/c-1", "{}", "operator" },
        { "POST", "/v1/campaigns/c-1/pause", null, "operator" },
        { "POST", "/v1/campaigns/c-1/resume", null, "operator" },
        { "POST", "/v1/campaigns/c-1/close", null, "operator" },
        { "GET", "/v1/campaigns", null, "any" },
        { "GET", "/v1/campaigns/c-1", null, "any" },
        { "GET", "/v1/campaigns/c-1/stats", null, "operator" },
        { "POST", "/v1/campaigns/c-1/bargains", null, "shopper" },
        { "GET", "/v1/bargains/b-1", null, "any" },
        { "GET", "/v1/bargains/b-1/cuts", null, "any" },
        { "POST", "/v1/bargains/b-1/cuts", null, "shopper" },
        { "POST", "/v1/bargains/b-1/claim", null, "shopper" },
        { "POST", "/v1/bargains/b-1/cancel", null, "shopper operator" },
        { "GET", "/v1/bargains/b-1/fairness", null, "any" },
        { "POST", "/v1/campaigns/c-1/teams", null, "shopper" },
        { "GET", "/v1/campaigns/c-1/teams?open=true", null, "any" },
        { "GET", "/v1/teams/t-1", null, "any" },
        { "POST", "/v1/teams/t-1/seats", null, "shopper" },
        { "DELETE", "/v1/teams/t-1/seats/s-1", null, "shopper" },
        { "POST", "/v1/teams/t-1/seats/s-1/payment", """{"paymentId":"x","amountFen":1}""", "payments" },
        { "POST", "/v1/teams/t-1/seats/s-1/refund", """{"refundId":"x"}""", "payments" },
        { "POST", "/v1/campaigns/c-1/purchases", null, "shopper" },
        { "POST", "/v1/purchases/p-1/payment", """{"paymentId":"x","amountFen":1}""", "payments" },
        { "POST", "/v1/purchases/p-1/refund", """{"refundId":"x"}""", "payments" },
        { "GET", "/v1/purchases/p-1", null, "any" },
        { "POST", "/v1/bargains/b-1/share", null, "shopper" },
        { "POST", "/v1/teams/t-1/share", null, "shopper" },
        { "GET", "/v1/me", null, "shopper" },
        { "PUT", "/v1/shoppers/x", """{"existing":true}""", "operator" },
        { "GET", "/v1/events", null, "operator" },
    };

    public async Task InitializeAsync() => _edge = await EdgeHost.Start(
        new()
        {
            ["Api:Keys:0:Name"] = "shop",
            ["Api:Keys:0:Sha256"] = Hash("key-shopper"),
            ["Api:Keys:0:Scopes:0"] = "shopper",
            ["Api:Keys:1:Name"] = "back-office",
            ["Api:Keys:1:Sha256"] = Hash("key-operator").ToUpperInvariant(),
            ["Api:Keys:1:Scopes:0"] = "operator",
            ["Api:Keys:2:Name"] = "till",
            ["Api:Keys:2:Sha256"] = Hash("key-payments"),
            ["Api:Keys:2:Scopes:0"] = "payments",
            ["Api:Jwt:Issuer"] = Tokens.Issuer,
            ["Api:Jwt:Audience"] = Tokens.Audience,
            ["Api:Jwt:SymmetricKey"] = Convert.ToBase64String(Tokens.Secret),
            ["Api:Jwt:Jwks"] = Tokens.Jwks(Tokens.Rsa, Tokens.Ec),
        },
        environment: "Production",
        time: _time);

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_asks_for_its_scope(string method, string path, string? body, string scopes)
    {
        foreach (var scope in (string[])["shopper", "operator", "payments"])
        {
            var answer = await _edge.Send(method, path, body, shopper: "bob", key: "key-" + scope);
            if (scopes == "any" || scopes.Contains(scope, StringComparison.Ordinal)) Assert.InRange(answer.Code, 200, 201);
            else answer.Problem(403, "forbidden");
        }

        (await _edge.Send(method, path, body, key: null)).Problem(401, "unauthenticated");
        (await _edge.Send(method, path, body, key: "key-shoppe")).Problem(401, "unauthenticated");
        var token = Tokens.Hs256(Tokens.Payload(_time.GetUtcNow()));
        var byToken = await _edge.Send(method, path, body, shopper: null, key: null, headers: ("Authorization", "Bearer " + token));
        if (scopes == "any" || scopes.Contains("shopper", StringComparison.Ordinal)) Assert.InRange(byToken.Code, 200, 201);
        else byToken.Problem(403, "forbidden");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Routes_of_shoppers_ask_a_key_for_whom_it_acts(string method, string path, string? body, string scopes)
    {
        if (scopes is not "shopper") return;
        (await _edge.Send(method, path, body, shopper: null, key: "key-shopper")).Malformed("X-User-Id");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_shopper_that_is_named_wrongly_is_so_on_every_route(string method, string path, string? body, string scopes)
    {
        var key = scopes is "operator" or "payments" ? "key-" + scopes : "key-shopper";
        (await _edge.Send(method, path, body, shopper: "b b", key: key)).Malformed("X-User-Id");
        Assert.Empty(_edge.Grains.Requests);
    }

    [Fact]
    public async Task The_key_dev_is_no_key_outside_of_development()
    {
        var answer = await _edge.Send("GET", "/v1/bargains/b-1", key: "dev");
        answer.Problem(401, "unauthenticated");
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8080", 200)]
    [InlineData("127.0.0.1:7800", 200)]
    [InlineData("[::1]:7800", 200)]
    [InlineData("evil.example", 401)]
    [InlineData("localhost.evil.example", 401)]
    [InlineData("127.0.0.2", 200)]
    [InlineData("x", 200)]
    public async Task The_key_dev_is_not_good_under_the_name_of_a_site(string host, int status)
    {
        await using var edge = await EdgeHost.Start();
        var answer = await edge.Raw($"GET /v1/me HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-Api-Key: dev\r\nX-User-Id: bob\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bob bob")]
    [InlineData("bob;drop table shoppers")]
    [InlineData("b\u007fb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123X")]
    public async Task A_shopper_that_no_shop_could_name_is_malformed(string shopper)
        => (await _edge.Send("GET", "/v1/bargains/b-1", shopper: shopper, key: "key-shopper")).Malformed("X-User-Id");

    [Theory]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("A-z.0_9:x")]
    public async Task A_shopper_of_64_allowed_characters_is_taken(string shopper)
    {
        var answer = await _edge.Send("GET", "/v1/me", shopper: shopper, key: "key-shopper");
        Assert.Equal((200, shopper), (answer.Code, answer.Json.GetProperty("shopperId").GetString()));
    }

    [Theory]
    [InlineData("X-Api-Key: key-shopper\r\nX-User-Id: bob\r\nX-User-Id: carol", 400)]
    [InlineData("X-Api-Key: key-shopper\r\nX-Api-Key: key-operator\r\nX-User-Id: bob", 401)]
    [InlineData("Authorization: Bearer x\r\nAuthorization: Bearer y", 401)]
    public async Task Two_shoppers_keys_or_tokens_are_none(string headers, int status)
        => Assert.StartsWith($"HTTP/1.1 {status} ", await _edge.Raw($"GET /v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Tokens_of_every_configured_key_name_their_shopper()
    {
        var payload = Tokens.Payload(_time.GetUtcNow(), sub: "carol");
        foreach (var token in (string[])[Tokens.Hs256(payload), Tokens.Rs256(payload, Tokens.Rsa), Tokens.Es256(payload, Tokens.Ec)])
        {
            var answer = await Me(token);
            Assert.Equal((200, "carol"), (answer.Code, answer.Json.GetProperty("shopperId").GetString()));
        }
    }

    [Fact]
    public async Task A_token_is_good_from_its_start_to_its_end()
    {
        var now = _time.GetUtcNow();
        var token = Tokens.Hs256(Tokens.Payload(now, lifeSeconds: 600, nbf: now.ToUnixTimeSeconds() + 60));
        (await Me(token)).Problem(401, "unauthenticated");
        _time.Advance(TimeSpan.FromSeconds(54));
        (await Me(token)).Problem(401, "unauthenticated");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await Me(token)).Code);
        _time.Advance(TimeSpan.FromSeconds(600 + 5 - 55) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, (await Me(token)).Code);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await Me(token)).Problem(401, "unauthenticated");
    }

    [Fact]
    public async Task A_bad_token_is_no_token()
    {
        var now = _time.GetUtcNow();
        var good = Tokens.Payload(now);
        using var strange = RSA.Create(2048);
        string[] bad =
        [
            "", "x", "a.b.c", "...", new string('a', 9_000),
            Tokens.Unsigned(good),
            Tokens.Hs256(good, header: """{"alg":"none"}"""),
            Tokens.Hs256(good, secret: SHA256.HashData("another"u8)),
            Tokens.Rs256(good, strange),

            // The public key of RSA taken for the secret of an HMAC.
            Tokens.Hs256(good, secret: Tokens.Rsa.ExportSubjectPublicKeyInfo(), header: """{"alg":"HS256","kid":"r1"}"""),
            Tokens.Hs256(good, secret: Tokens.Rsa.ExportParameters(false).Modulus, header: """{"alg":"HS256","kid":"r1"}"""),
            Tokens.Hs256(good, header: """{"alg":"HS256","crit":["exp"]}"""),
            Tokens.Hs256(Tokens.Payload(now, issuer: "https://elsewhere.example")),
            Tokens.Hs256(Tokens.Payload(now, issuer: null)),
            Tokens.Hs256(Tokens.Payload(now, audience: "another")),
            Tokens.Hs256(Tokens.Payload(now, audience: null)),
            Tokens.Hs256(Tokens.Payload(now, sub: "")),
            Tokens.Hs256(Tokens.Payload(now, sub: "bob'; drop table x")),
            Tokens.Hs256(Tokens.Payload(now, sub: new string('b', 65))),
            Tokens.Hs256(Tokens.Payload(now, lifeSeconds: -6)),
            Tokens.Hs256("""{"sub":"bob","iss":"https://shop.example","aud":"social-commerce"}"""),
            Tokens.Hs256("""{"sub":"bob","iss":"https://shop.example","aud":"social-commerce","exp":"soon"}"""),
            Tokens.Hs256("""{"sub":"bob","iss":"https://shop.example","aud":"social-commerce","exp":1e300}"""),
            Tokens.Hs256("""{"sub":"bob","iss":"https://shop.example","aud":"social-commerce","exp":9223372036854775807}"""),
            Tokens.Hs256("[]"),
            Tokens.Hs256(good)[..^2],
            Tokens.Hs256(good) + "x",
        ];
        foreach (var token in bad) (await Me(token)).Problem(401, "unauthenticated");
        Assert.Equal(200, (await Me(Tokens.Hs256(good))).Code);
    }

    [Theory]
    [InlineData(32, "HS256")]
    [InlineData(48, "HS256 HS384")]
    [InlineData(64, "HS256 HS384 HS512")]
    public async Task A_shared_key_signs_by_the_hashes_that_it_is_long_enough_for(int bytes, string taken)
    {
        var secret = Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray();
        await using var edge = await EdgeHost.Start(
            new() { ["Api:Jwt:Issuer"] = Tokens.Issuer, ["Api:Jwt:Audience"] = Tokens.Audience, ["Api:Jwt:SymmetricKey"] = Convert.ToBase64String(secret) }, time: _time);
        foreach (var algorithm in (string[])["HS256", "HS384", "HS512"])
        {
            var token = Tokens.Hmac(algorithm, Tokens.Payload(_time.GetUtcNow()), secret);
            var answer = await edge.Send("GET", "/v1/me", shopper: null, key: null, headers: ("Authorization", "Bearer " + token));
            Assert.Equal((algorithm, taken.Contains(algorithm, StringComparison.Ordinal) ? 200 : 401), (algorithm, answer.Code));
        }
    }

    [Fact]
    public async Task A_token_speaks_for_nobody_else()
    {
        var token = Tokens.Hs256(Tokens.Payload(_time.GetUtcNow()));
        (await _edge.Send("GET", "/v1/me", shopper: "carol", key: null, headers: ("Authorization", "Bearer " + token))).Problem(403, "forbidden");
        Assert.Equal(200, (await _edge.Send("GET", "/v1/me", shopper: "bob", key: null, headers: ("Authorization", "Bearer " + token))).Code);
    }

    [Theory]
    [InlineData("Basic Ym9iOmJvYg==")]
    [InlineData("Bearer")]
    [InlineData("dev")]
    public async Task Other_schemes_are_none(string authorization)
        => (await _edge.Send("GET", "/v1/me", key: null, headers: ("Authorization", authorization))).Problem(401, "unauthenticated");

    [Fact]
    public async Task An_operator_cancels_as_itself_and_a_shopper_as_the_owner()
    {
        Assert.Equal(200, (await _edge.Send("POST", "/v1/bargains/b-1/cancel", shopper: null, key: "key-operator")).Code);
        Assert.Equal(200, (await _edge.Send("POST", "/v1/bargains/b-1/cancel", shopper: "alice", key: "key-shopper")).Code);
        Assert.Equal(200, (await _edge.Send("POST", "/v1/bargains/b-1/cancel", shopper: "alice", key: "key-operator")).Code);
        Assert.Equal([null, "alice", null], _edge.Grains.Requests.OfType<CancelBargain>().Select(request => request.ShopperId));
        (await _edge.Send("POST", "/v1/bargains/b-1/cancel", shopper: null, key: "key-shopper")).Malformed("X-User-Id");
    }

    [Fact]
    public async Task Another_shoppers_purchase_is_not_there()
    {
        Assert.Equal(200, (await _edge.Send("GET", "/v1/purchases/p-1", shopper: "bob", key: "key-shopper")).Code);
        (await _edge.Send("GET", "/v1/purchases/p-1", shopper: "carol", key: "key-shopper")).Problem(404, "purchaseNotFound");
        Assert.Equal(200, (await _edge.Send("GET", "/v1/purchases/p-1", shopper: null, key: "key-payments")).Code);
    }

    [Fact]
    public async Task Drafts_are_for_operators()
    {
        _edge.Grains.GetCampaign = id => Task.FromResult<CampaignView?>(Samples.Campaign(id) with { Status = CampaignStatus.Draft });
        Assert.Equal(200, (await _edge.Send("GET", "/v1/campaigns/c-1", key: "key-operator")).Code);
        (await _edge.Send("GET", "/v1/campaigns/c-1", key: "key-shopper")).Problem(404, "campaignNotFound");
        await _edge.Send("GET", "/v1/campaigns", key: "key-operator");
        await _edge.Send("GET", "/v1/campaigns", key: "key-shopper");
        Assert.Equal([true, false], _edge.Grains.Requests.OfType<CampaignsQuery>().Select(query => query.Drafts));
    }

    private Task<Answer> Me(string token) => _edge.Send("GET", "/v1/me", shopper: null, key: null, headers: ("Authorization", "Bearer " + token));

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
