namespace SocialCommerce.Api.Tests;

/// <summary>Reads server-sent events line by line.</summary>
internal sealed class Viewer(HttpResponseMessage response, StreamReader lines) : IAsyncDisposable
{
    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    /// <param name="token">In place of the key.</param>
    public static async Task<Viewer> Open(EdgeHost edge, string path = "/v1/bargains/b-1/live", string? token = null)
    {
        using var request = token is null ? edge.Request("GET", path, null, "bob", "dev") : edge.Request("GET", path, null, null, null, ("Authorization", "Bearer " + token));
        var response = await edge.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new Viewer(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next line that is not empty; null at the end.</summary>
    public async Task<string?> Line()
    {
        using var patience = new CancellationTokenSource(LiveTests.Patience);
        string? line;
        do line = await lines.ReadLineAsync(patience.Token);
        while (line is { Length: 0 });
        return line;
    }

    /// <summary>The next event, past signs of life.</summary>
    public async Task<Received> Event()
    {
        string? line;
        do line = await Line();
        while (line is not null && (line.StartsWith(':') || line.StartsWith("retry", StringComparison.Ordinal)));
        Assert.StartsWith("event: ", line, StringComparison.Ordinal);
        var id = await Line();
        var data = await Line();
        return new Received(line![7..], id![4..], JsonDocument.Parse(data![6..]).RootElement);
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    public sealed record Received(string Name, string Id, JsonElement Data)
    {
        public int Version => Data.GetProperty("version").GetInt32();
    }
}
