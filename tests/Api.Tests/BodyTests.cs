using Microsoft.AspNetCore.Http;

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

    [Fact]
    public async Task What_is_there_twice_is_named_by_its_place_and_not_at_any_length()
    {
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", """{"a":[{},{"b":{"c":1,"c":2}}],"d":1,"d":2}""")).Malformed("a[1].b.c", "d");
        var name = new string('n', 300);
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts", $"{{\"{name}\":1,\"{name}\":2}}")).Malformed(name[..200]);
    }

    [Fact]
    public async Task A_body_made_to_be_searched_through_costs_little()
    {
        // As many places as a body has room for below a name as long as one may be, with a double at the very end.
        var body = $"{{\"{new string('n', 20_000)}\":[{string.Join(',', Enumerable.Repeat("[]", 14_000))}],\"x\":1,\"x\":2}}";
        var bytes = Encoding.UTF8.GetBytes(body);
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(bytes);
        (http.Request.ContentLength, http.Request.ContentType) = (bytes.Length, "application/json");
        var faults = new FormFaults(null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = BodyReader.Read(http, faults);
        Assert.True(reading.IsCompleted);
        (await reading).Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Equal("x", Assert.Single(faults.List).Field);
    }
}
