using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>The outermost layer: security headers, limits of headers, and a problem for every fault and every bare status.</summary>
internal sealed partial class EdgeMiddleware(RequestDelegate next, TimeProvider time, ILogger<EdgeMiddleware> log)
{
    private const int HeaderBytesMax = 16 * 1024;
    private const int HeadersMax = 64;

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoStore = "no-store";

    private readonly OncePerSecond _unavailable = new(time);

    public async Task Invoke(HttpContext http)
    {
        var response = http.Response;
        SetHeaders(response);
        try
        {
            if (AreHeadersTooLarge(http.Request.Headers)) ProblemWriter.Write(response, Problems.HeadersTooLarge);
            else await next(http);
        }
        catch (Exception fault)
        {
            // Whatever fails when the client has gone away fails by its going, and nobody reads an answer.
            var isGone = http.RequestAborted.IsCancellationRequested;
            if (isGone || response.HasStarted || !TryAnswer(http, fault))
            {
                if (!isGone) LogFaultAfterStart(fault);
                http.Abort();
                return;
            }
        }

        // Routing and server answer with a bare status for what no handler saw.
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null && response.ContentType is null)
            ProblemWriter.Write(response, Problems.OfStatus(response.StatusCode));
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = NoStore;
        response.Headers.XContentTypeOptions = NoSniff;
    }

    private static bool AreHeadersTooLarge(IHeaderDictionary headers)
    {
        if (headers.Count > HeadersMax) return true;
        var bytes = 0;
        foreach (var (name, values) in headers)
        {
            bytes += name.Length;
            foreach (var value in values) bytes += value?.Length ?? 0;
        }

        return bytes > HeaderBytesMax;
    }

    /// <summary>False when the server takes no answer any more, as when a part of another one waits to be sent.</summary>
    private bool TryAnswer(HttpContext http, Exception fault)
    {
        try
        {
            Answer(http, fault);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void Answer(HttpContext http, Exception fault)
    {
        var response = http.Response;
        var allow = response.Headers.Allow;
        response.Clear();
        SetHeaders(response);
        response.Headers.Allow = allow;
        var (problem, notes) = Faults.ProblemOf(fault, http);
        if (problem.Status >= 500)
        {
            if (problem == Problems.InternalError) LogFault(fault, http.Request.Method, RouteOf(http), http.TraceIdentifier);
            else if (_unavailable.IsDue(problem.Code, out var count)) LogUnavailable(problem.Code, RouteOf(http), fault.GetType().Name, FirstLine(fault.Message), count);
        }

        ProblemWriter.Write(response, problem, notes);
    }

    // The engine's rejections bring whole stack traces along.
    private static string FirstLine(string message) => message.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end ? message[..end].TrimEnd() : message;

    // The pattern, not the address: ids are enough to find a request again by its trace, and addresses may carry tokens.
    private static string RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";

    [LoggerMessage(1, LogLevel.Error, "Unhandled fault in {Method} {Route}, trace {TraceId}")]
    private partial void LogFault(Exception fault, string method, string route, string traceId);

    [LoggerMessage(2, LogLevel.Error, "Fault after the answer had begun")]
    private partial void LogFaultAfterStart(Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "Answered {Code} in {Route}: {Fault}: {Message} ({Count} of this code since the last such line)")]
    private partial void LogUnavailable(string code, string route, string fault, string message, int count);
}
