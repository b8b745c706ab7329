namespace SocialCommerce.Api.Tests;

/// <summary>How large a body may be, and what it may call itself.</summary>
public sealed class BodyTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Bodies_of_64_KiB_are_taken_and_larger_ones_not()
    {
        static string Body(int bytes) => "{\"x\":\"" + new string('a', bytes - 8) + "\"}";
        Assert.Equal(201, (await _edge.Send("POST", "/v1/bargains/b-1/cuts", Body(64 * 1024))).Code);
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", Body((64 * 1024) + 1))).Problem(413, "bodyTooLarge");
        Assert.Single(_edge.Grains.Requests);
    }

    [Fact]
    public async Task The_limit_holds_for_chunks_too()
    {
        async Task<Answer> Send(int bytes)
        {
            using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
            request.Headers.TransferEncodingChunked = true;
            request.Content = new StringContent("{\"x\":\"" + new string('a', bytes - 8) + "\"}", Encoding.UTF8, "application/json");
            return await _edge.Send(request);
        }

        Assert.Equal(201, (await Send(64 * 1024)).Code);
        (await Send(66 * 1024)).Problem(413, "bodyTooLarge");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    [InlineData("json")]
    [InlineData(null)]
    public async Task A_body_that_is_not_JSON_by_its_own_word_is_not_looked_at(string? contentType)
    {
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
            request.Headers.TransferEncodingChunked = chunked;
            request.Content = new ByteArrayContent("{}"u8.ToArray());
            if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            (await _edge.Send(request)).Problem(415, "notJson");
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/vnd.shop+json")]
    public async Task JSON_goes_by_many_names(string contentType)
    {
        using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
        request.Content = new ByteArrayContent("{}"u8.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        Assert.Equal(201, (await _edge.Send(request)).Code);
    }

    [Fact]
    public async Task An_empty_body_needs_no_type_where_nothing_is_required()
    {
        using var request = _edge.Request("POST", "/v1/bargains/b-1/cuts", null, "bob", "dev");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent([]);
        Assert.Equal(201, (await _edge.Send(request)).Code);
        Assert.Equal(201, (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Code);
        (await _edge.Send("POST", "/v1/purchases/p-1/payment")).Malformed("paymentId", "amountFen");
    }
}
