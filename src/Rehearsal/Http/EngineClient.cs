using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Http;

/// <summary>
/// Sends requests and keeps sending them, with the same keys, while the engine is away; counts, measures, and tells what is known
/// of each afterwards. Safe from any thread.
/// </summary>
internal sealed class EngineClient(HttpClient http, string apiKey, TimeSpan patience, TimeProvider clock)
{
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMost = TimeSpan.FromSeconds(5);

    // A fault of the engine itself (500) is worth a repeat, but one that repeats itself is an answer.
    private const int FaultTriesMax = 3;

    // Each is one too many.
    private const int FaultsKept = 20;

    private readonly ConcurrentQueue<(string Asked, string Answer)> _faults = new();
    private long _requests;
    private int _inFlight;

    public Latencies Latencies { get; } = new();
    public Outages Outages { get; } = new();
    public Uri Url => http.BaseAddress!;
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Answers that were a fault of the engine itself (500), whatever a repeat brought: what was asked, and the answer and its time. The first of many.</summary>
    public IReadOnlyCollection<(string Asked, string Answer)> Faults => _faults;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Sends <paramref name="ask"/> until it is answered for good or patience runs out.</summary>
    /// <exception cref="EngineAwayException">Nobody answered for as long as patience lasts; the outcome is unknown.</exception>
    /// <exception cref="OperationCanceledException">Stopped from outside; the outcome is unknown.</exception>
    public async Task<Answer<T>> Send<T>(Ask ask, CancellationToken ct)
        where T : class
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            var began = clock.GetTimestamp();
            var faults = 0;
            while (true)
            {
                var (response, fault) = await Try<T>(ask, ct);
                if (response is { } given)
                {
                    if (!MayChange(given.Answer.Status)) return given.Answer;
                    if (given.Answer.Status == 500 && ++faults >= FaultTriesMax) return given.Answer;
                    if (clock.GetElapsedTime(began) > patience) return given.Answer;
                    await Task.Delay(given.RetryAfter ?? Pause, clock, ct);
                }
                else
                {
                    if (clock.GetElapsedTime(began) > patience) throw new EngineAwayException(Url, (int)patience.TotalSeconds, fault);
                    await Task.Delay(Pause, clock, ct);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static bool MayChange(int status) => status is 429 or >= 500;

    private async Task<((Answer<T> Answer, TimeSpan? RetryAfter)? Given, Exception? Fault)> Try<T>(Ask ask, CancellationToken ct)
        where T : class
    {
        var at = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TryTimeout);
        try
        {
            using var request = Request(ask);
            using var response = await http.SendAsync(request, timeout.Token);
            var body = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            Interlocked.Increment(ref _requests);
            Latencies.Add(ask.Name, clock.GetElapsedTime(started));
            Outages.Answered(clock.GetUtcNow());
            var wait = response.Headers.RetryAfter?.Delta;
            var answer = Read<T>(response, body);
            if (answer.Status == 500 && _faults.Count < FaultsKept)
                _faults.Enqueue(($"{ask.Method} {ask.Path}", string.Create(CultureInfo.InvariantCulture, $"{answer.Code} {answer.Detail} ({at:O})")));
            return ((answer, wait > PauseMost ? PauseMost : wait), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Outages.Failed(at);
            return (null, e);
        }
    }

    private HttpRequestMessage Request(Ask ask)
    {
        var request = new HttpRequestMessage(ask.Method, new Uri(http.BaseAddress!, ask.Path))
        {
            Content = ask.Body is null ? null : JsonContent.Create(ask.Body, ask.Body.GetType(), options: Json.Web),
        };
        request.Headers.Add("X-Api-Key", apiKey);
        if (ask.ShopperId is not null) request.Headers.Add("X-User-Id", ask.ShopperId);
        if (ask.IdempotencyKey is not null) request.Headers.Add("Idempotency-Key", ask.IdempotencyKey);
        return request;
    }

    private static Answer<T> Read<T>(HttpResponseMessage response, byte[] body)
        where T : class
    {
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            var outcome = MayChange(status) && status != 429 ? Outcome.Unknown : Outcome.Refused;
            var (code, detail) = Problem(status, body);
            return new Answer<T>(outcome, status, code, detail, false, null);
        }

        var repeated = response.Headers.TryGetValues("Idempotency-Hit", out var hit)
            && string.Equals(hit.FirstOrDefault(), "true", StringComparison.OrdinalIgnoreCase);
        if (response.StatusCode == HttpStatusCode.NoContent || body.Length == 0)
        {
            return new Answer<T>(Outcome.Done, status, "", "", repeated, null);
        }

        try
        {
            return new Answer<T>(Outcome.Done, status, "", "", repeated, JsonSerializer.Deserialize<T>(body, Json.Web));
        }
        catch (JsonException e)
        {
            // A success that can't be read may well have happened.
            return new Answer<T>(Outcome.Unknown, status, "unreadableAnswer", e.Message, repeated, null);
        }
    }

    private static (string Code, string Detail) Problem(int status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                var code = Member("code");
                var errors = root.TryGetProperty("errors", out var e) ? " " + e.GetRawText().ReplaceLineEndings(" ") : "";
                return (code.Length > 0 ? code : $"http{status}", $"{status} {Member("title")} {Member("detail")}{errors}".Trim());

                string Member(string name) =>
                    root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            }
        }
        catch (JsonException)
        {
            // Not every server in between speaks problem+json; the status says enough.
        }

        return ($"http{status}", $"{status}");
    }
}
