using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SocialCommerce.Api.Tests;

/// <summary>The edge on a free loopback port, over fake grains. A real server, since many refusals are the server's.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EdgeHost(WebApplication app, FakeGrains grains)
    {
        _app = app;
        Grains = grains;
        Address = new Uri(app.Urls.Single());
        // Whoever expects to be told whether to go on is told: it waits for that, and not only for the second of the standard.
        Http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = Address };
    }

    public FakeGrains Grains { get; }
    public Uri Address { get; }

    /// <summary>Without credentials.</summary>
    public HttpClient Http { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<EdgeHost> Start(
        Dictionary<string, string?>? settings = null, string environment = "Development", TimeProvider? time = null, Action<IServiceCollection>? services = null,
        Action<WebApplication>? routes = null)
    {
        var grains = new FakeGrains();
        var builder = Builder(settings, environment);
        builder.Services.AddSingleton(grains.ToFactory());
        if (time is not null) builder.Services.AddSingleton(time);
        services?.Invoke(builder.Services);
        builder.AddSocialCommerceApi();
        var app = builder.Build();
        app.MapSocialCommerceApi();
        routes?.Invoke(app);
        await app.StartAsync();
        return new EdgeHost(app, grains);
    }

    public static WebApplicationBuilder Builder(Dictionary<string, string?>? settings, string environment)
    {
        // No file of settings is watched: each builder would hold one of the 128 watchers that Linux gives a user, for all processes of the tests together.
        string[] args = ["--urls", "http://127.0.0.1:0", "--hostBuilder:reloadConfigOnChange", "false"];
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, Args = args });
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = LiveTests.Patience);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        return builder;
    }

    /// <summary>Sends with the key <c>dev</c>, for the shopper given.</summary>
    public Task<Answer> Send(string method, string path, string? body = null, string? shopper = "bob", string? key = "dev", params (string Name, string Value)[] headers)
        => Send(Request(method, path, body, shopper, key, headers));

    public async Task<Answer> Send(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return await Answer.Of(response);
    }

    public HttpRequestMessage Request(string method, string path, string? body, string? shopper, string? key, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path));
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        if (shopper is not null) request.Headers.TryAddWithoutValidation("X-User-Id", shopper);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>Sends bytes as they are, one a character, and reads one answer. The sending side stays open: a server may take its end for the client's leaving.</summary>
    public async Task<string> Raw(string request)
    {
        using var socket = new TcpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, patience.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!IsWhole(answer.ToString()))
        {
            var count = await stream.ReadAsync(buffer, patience.Token);
            if (count == 0) break;
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = Regex.Match(answer, "Content-Length: ([0-9]+)");
        return end >= 0 && length.Success && answer.Length >= end + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public async Task Stop() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What came back, with its JSON.</summary>
internal sealed record Answer(HttpStatusCode Status, string MediaType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public int Code => (int)Status;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.MediaType ?? "",
        await response.Content.ReadAsStringAsync(),
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>Asserts a whole problem, and gives it for a closer look.</summary>
    public JsonElement Problem(int status, string code)
    {
        Assert.Equal((status, "application/problem+json"), (Code, MediaType));
        var problem = Json;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("urn:social-commerce:problem:" + code, problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    /// <summary>Asserts a malformed request that is told exactly these fields.</summary>
    public void Malformed(params string[] fields)
    {
        var errors = Problem(400, "malformed").GetProperty("errors");
        Assert.Equal(fields.Order(StringComparer.Ordinal), errors.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }
}
