using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Api.Tests;

/// <summary>The idempotency key on its way to the grains, and their outcomes on the way back.</summary>
public sealed class IdempotencyTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start(new()
    {
        ["Api:Keys:0:Name"] = "other",
        ["Api:Keys:0:Sha256"] = Convert.ToHexString(SHA256.HashData("other"u8)),
        ["Api:Keys:0:Scopes:0"] = "shopper",
    });

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task What_came_into_being_is_201_and_its_repeat_200_with_a_hit()
    {
        var first = await _edge.Send("POST", "/v1/bargains/b-1/cuts");
        Assert.Equal((201, false), (first.Code, first.Headers.ContainsKey("Idempotency-Hit")));
        _edge.Grains.Help = (helper, request) => Task.FromResult(new CutReply { Outcome = Outcome.Repeated, Cut = Samples.Cut(request.BargainId, helper) });
        var second = await _edge.Send("POST", "/v1/bargains/b-1/cuts");
        Assert.Equal((200, "true", first.Body), (second.Code, second.Headers["Idempotency-Hit"], second.Body));
    }

    [Fact]
    public async Task A_shopper_that_was_existing_before_is_a_hit()
    {
        const string Body = """{"existing":true}""";
        var first = await _edge.Send("PUT", "/v1/shoppers/carol", Body);
        _edge.Grains.Declare = (_, _) => Task.FromResult(new DeclareReply { Outcome = Outcome.Repeated });
        var second = await _edge.Send("PUT", "/v1/shoppers/carol", Body);
        Assert.Equal((200, false, 200, "true", first.Body), (first.Code, first.Headers.ContainsKey("Idempotency-Hit"), second.Code, second.Headers["Idempotency-Hit"], second.Body));
    }

    [Fact]
    public async Task Another_content_under_the_same_key_is_422()
    {
        _edge.Grains.Help = (_, _) => Task.FromResult(new CutReply { Outcome = Outcome.KeyReused });
        _edge.Grains.Share = (_, _) => Task.FromResult(new ShareReply { Outcome = Outcome.KeyReused });
        _edge.Grains.Declare = (_, _) => Task.FromResult(new DeclareReply { Outcome = Outcome.KeyReused });
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", headers: ("Idempotency-Key", "k"))).Problem(422, "idempotencyKeyReused");
        (await _edge.Send("POST", "/v1/bargains/b-1/share", headers: ("Idempotency-Key", "k"))).Problem(422, "idempotencyKeyReused");
        (await _edge.Send("POST", "/v1/teams/t-1/share", headers: ("Idempotency-Key", "k"))).Problem(422, "idempotencyKeyReused");
        (await _edge.Send("PUT", "/v1/shoppers/carol", """{"existing":true}""", headers: ("Idempotency-Key", "k"))).Problem(422, "idempotencyKeyReused");
        Assert.Equal([true, true], _edge.Grains.Requests.OfType<ShareRequest>().Select(request => request.RequestKey is not null));
        Assert.NotNull(_edge.Grains.Only<DeclareShopper>().RequestKey);
    }

    [Fact]
    public async Task Only_a_campaign_that_came_into_being_is_201()
    {
        const string Body = """{"kind":"bargain"}""";
        Assert.Equal(201, (await _edge.Send("PUT", "/v1/campaigns/c-1", Body)).Code);
        _edge.Grains.Publish = (id, _) => Task.FromResult(new CampaignReply { Outcome = Outcome.Done, Campaign = Samples.Campaign(id) });
        Assert.Equal(200, (await _edge.Send("PUT", "/v1/campaigns/c-1", Body)).Code);
        _edge.Grains.Publish = (id, _) => Task.FromResult(new CampaignReply { Outcome = Outcome.Repeated, Created = true, Campaign = Samples.Campaign(id) });
        var repeat = await _edge.Send("PUT", "/v1/campaigns/c-1", Body);
        Assert.Equal((200, "true"), (repeat.Code, repeat.Headers["Idempotency-Hit"]));
    }

    [Theory]
    [InlineData("/v1/campaigns/c-1/pause", 200)]
    [InlineData("/v1/campaigns/c-1/bargains", 201)]
    [InlineData("/v1/bargains/b-1/claim", 201)]
    [InlineData("/v1/bargains/b-1/cancel", 200)]
    [InlineData("/v1/campaigns/c-1/teams", 201)]
    [InlineData("/v1/teams/t-1/seats", 201)]
    [InlineData("/v1/campaigns/c-1/purchases", 201)]
    public async Task Creating_is_201_and_changing_200(string path, int status) => Assert.Equal(status, (await _edge.Send("POST", path)).Code);

    [Theory]
    [InlineData("/v1/teams/t-1/seats/s-1/payment")]
    [InlineData("/v1/purchases/p-1/payment")]
    public async Task A_payment_changes_what_is_there(string path)
        => Assert.Equal(200, (await _edge.Send("POST", path, """{"paymentId":"pay/1#ü","amountFen":6900}""")).Code);

    [Fact]
    public async Task The_same_request_has_the_same_key_and_fingerprint()
    {
        await Help("key-1", """{"via":"x"}""");
        await Help("key-1", """{"via":"x"}""");
        var keys = Keys();
        Assert.Equal(keys[0], keys[1]);
        Assert.InRange(keys[0]!.Key.Length, 16, 200);
    }

    [Fact]
    public async Task Without_the_header_there_is_no_key()
    {
        await _edge.Send("POST", "/v1/bargains/b-1/cuts");
        Assert.Null(_edge.Grains.Only<HelpBargain>().RequestKey);
    }

    [Fact]
    public async Task Another_body_path_or_method_is_another_content_under_the_same_key()
    {
        await Help("key-1", """{"via":"x"}""");
        await Help("key-1", """{"via":"y"}""");
        await Help("key-1", null);
        await Help("key-1", """{"via":"x"}""", path: "/v1/bargains/b-2/cuts");
        var keys = Keys();
        Assert.Single(keys.Select(key => key!.Key).Distinct());
        Assert.Distinct(keys.Select(key => key!.Fingerprint));
    }

    [Fact]
    public async Task The_last_byte_of_a_large_body_counts()
    {
        foreach (var last in "xyx") await Help("key-1", $$"""{"padding":"{{new string('p', 50_000)}}","via":"{{last}}"}""");
        var prints = Keys().Select(key => key!.Fingerprint).ToArray();
        Assert.Equal(prints[0], prints[2]);
        Assert.NotEqual(prints[0], prints[1]);
    }

    /// <summary>Receipts outlive a version of the program: what was made of a key must not change.</summary>
    [Fact]
    public async Task Key_and_fingerprint_are_what_they_always_were()
    {
        await Help("key-1", """{"via":"x"}""");
        Assert.Equal(new RequestKey { Key = Digest("dev\nbob\nkey-1"), Fingerprint = Digest("POST\n/v1/bargains/b-1/cuts\n{\"via\":\"x\"}") }, Keys().Single());

        static string Digest(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    [Fact]
    public async Task Another_caller_shopper_or_text_is_another_key()
    {
        await Help("key-1", null);
        await Help("key-2", null);
        await Help("key-1", null, shopper: "carol");
        await Help("key-1", null, apiKey: "other");
        Assert.Distinct(Keys().Select(key => key!.Key));
    }

    [Theory]
    [InlineData("k")]
    [InlineData("~ !\"#:/{}")]
    [InlineData("255")]
    public async Task A_key_of_printable_ASCII_is_taken(string key)
        => Assert.Equal(201, (await Help(key == "255" ? new string('k', 255) : key, null)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("a\u0001b")]
    [InlineData("a\tb")]
    [InlineData("256")]
    public async Task Another_key_is_malformed(string key)
    {
        var answer = await Help(key == "256" ? new string('k', 256) : key, null);
        if (key.Contains('\u0001', StringComparison.Ordinal)) Assert.Equal(400, answer.Code);
        else answer.Malformed("Idempotency-Key");
    }

    [Fact]
    public async Task Two_keys_are_malformed()
    {
        var answer = await _edge.Raw(
            "POST /v1/bargains/b-1/cuts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Api-Key: dev\r\nX-User-Id: bob\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"errors\":{\"Idempotency-Key\":", answer, StringComparison.Ordinal);
    }

    private Task<Answer> Help(string key, string? body, string path = "/v1/bargains/b-1/cuts", string shopper = "bob", string apiKey = "dev")
        => _edge.Send("POST", path, body, shopper, apiKey, ("Idempotency-Key", key));

    private List<RequestKey?> Keys() => [.. _edge.Grains.Requests.OfType<HelpBargain>().Select(request => request.RequestKey)];
}
