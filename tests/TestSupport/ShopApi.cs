using System.Net.Http.Json;
using System.Text.Json;

namespace SocialCommerce.TestSupport;

/// <summary>The engine's HTTP API as a caller sees it, over one address or several that take turns. Safe from any thread.</summary>
/// <param name="addresses">Asked in turn.</param>
/// <param name="patience">For how long to wait for an answer, with the connection that it takes; long unless given.</param>
public sealed class ShopApi(IReadOnlyList<Uri> addresses, TimeSpan? patience = null) : IDisposable
{
    /// <summary>Every scope, in the Development environment.</summary>
    public const string DevKey = "dev";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = patience ?? Waiting.Patience };

    private int _turn;

    public IReadOnlyList<Uri> Addresses => addresses;

    public Task<HttpReply> Get(string path, string? shopper = null, string? apiKey = DevKey) => Send(HttpMethod.Get, path, shopper, null, null, apiKey);

    public Task<HttpReply> Post(string path, string? shopper = null, object? body = null, string? key = null, string? apiKey = DevKey) =>
        Send(HttpMethod.Post, path, shopper, body, key, apiKey);

    public Task<HttpReply> Put(string path, object body, string? key = null, string? apiKey = DevKey) => Send(HttpMethod.Put, path, null, body, key, apiKey);

    public Task<HttpReply> Delete(string path, string? shopper) => Send(HttpMethod.Delete, path, shopper, null, null, DevKey);

    /// <summary>Asks the next address in turn.</summary>
    public Task<HttpReply> Send(HttpMethod method, string path, string? shopper, object? body, string? key, string? apiKey) => Send(Request(method, path, shopper, body, key, apiKey));

    /// <summary>A request to the next address in turn, for a caller who does something of its own with it.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, string? shopper = null, object? body = null, string? key = null, string? apiKey = DevKey)
    {
        var address = Addresses[(int)((uint)Interlocked.Increment(ref _turn) % (uint)Addresses.Count)];
        var request = new HttpRequestMessage(method, new Uri(address, path));
        if (apiKey is not null) request.Headers.Add("X-Api-Key", apiKey);
        if (shopper is not null) request.Headers.Add("X-User-Id", shopper);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType());
        return request;
    }

    public async Task<HttpReply> Send(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request);
            return await HttpReply.Of(response);
        }
    }

    /// <summary>Server-sent events, from the next address in turn.</summary>
    public async Task<LiveView> Watch(string path)
    {
        using var request = Request(HttpMethod.Get, path);
        return await LiveView.Of(await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer, read to its end.</summary>
/// <param name="Body">Undefined where it was no JSON.</param>
/// <param name="Repeated">The engine called it a repeat.</param>
public sealed record HttpReply(int Status, JsonElement Body, string Text, string? MediaType, bool Repeated, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The problem's code; empty where it is none.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() ?? "" : "";

    public JsonElement this[string name] => Body.TryGetProperty(name, out var value) ? value : throw new InvalidOperationException($"There is no {name} in {Text}.");

    public static async Task<HttpReply> Of(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        using var document = mediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0 ? JsonDocument.Parse(text) : null;
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new HttpReply((int)response.StatusCode, document?.RootElement.Clone() ?? default, text, mediaType, headers.GetValueOrDefault("Idempotency-Hit") == "true", headers);
    }
}

/// <summary>Server-sent events under way.</summary>
public sealed class LiveView : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private LiveView(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    public int Status => (int)_response.StatusCode;

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<LiveView> Of(HttpResponseMessage response) => new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));

    /// <summary>The next event's data, past signs of life; null at the end of the stream.</summary>
    public async Task<JsonElement?> Next()
    {
        using var patience = new CancellationTokenSource(Waiting.Patience);
        while (await _lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            using var document = JsonDocument.Parse(line[6..]);
            return document.RootElement.Clone();
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
