namespace SocialCommerce.Api;

/// <summary>Health and metrics, for whoever runs the process: on loopback, or on the ops port.</summary>
internal static class HealthEndpoints
{
    private const string Tag = "Operations";
    private const string MetricsType = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapHealth(this IEndpointRouteBuilder routes, ApiOptions options, IReadiness readiness, MetricsListener metrics)
    {
        MapOps(routes, options, "/health/live", Live)
            .Says("getLive", Tag, "Whether the process lives", "On loopback or the ops port only.").Gives<HealthAnswer>(200);
        MapOps(routes, options, "/health/ready", http => Ready(http, readiness))
            .Says("getReady", Tag, "Whether the process can serve", "On loopback or the ops port only.").Gives<HealthAnswer>(200).Refuses(Problems.NotReady);
        MapOps(routes, options, "/metrics", http => Metrics(http, metrics))
            .Says("getMetrics", Tag, "Metrics in the Prometheus text format", "On loopback or the ops port only.").GivesText(MetricsType);
    }

    private static RouteDoc MapOps(IEndpointRouteBuilder routes, ApiOptions options, string pattern, Action<HttpContext> handler)
    {
        var doc = new RouteDoc(Scopes.None);
        routes.MapMethods(pattern, [HttpMethods.Get], Answer).Add(endpoint => doc.Describe(endpoint, handler.Method));

        // Some probes ask for the head alone; the server leaves the body out.
        routes.MapMethods(pattern, [HttpMethods.Head], Answer).ExcludeFromDescription();
        return doc;

        Task Answer(HttpContext http)
        {
            if (IsForOperations(http, options.OpsPort)) handler(http);
            else ProblemWriter.Write(http.Response, Problems.NotFound);
            return Task.CompletedTask;
        }
    }

    /// <summary>What a proxy on the same machine passes on comes from loopback too, but not from the machine's operator.</summary>
    private static bool IsForOperations(HttpContext http, int? opsPort)
    {
        if (http.Connection.LocalPort == opsPort) return true;
        var headers = http.Request.Headers;
        return ApiKeys.IsLoopback(http.Connection.RemoteIpAddress) && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded");
    }

    private static void Live(HttpContext http)
        => JsonAnswer.Write(http.Response, StatusCodes.Status200OK, new HealthAnswer("live"), ApiJson.Default.HealthAnswer);

    private static void Ready(HttpContext http, IReadiness readiness)
    {
        if (readiness.IsReady(out var reason)) JsonAnswer.Write(http.Response, StatusCodes.Status200OK, new HealthAnswer("ready"), ApiJson.Default.HealthAnswer);
        else ProblemWriter.Write(http.Response, Problems.NotReady, new ProblemNotes { Detail = reason });
    }

    private static void Metrics(HttpContext http, MetricsListener metrics)
    {
        http.Response.ContentType = MetricsType;
        JsonAnswer.WriteBytes(http.Response, MetricsText.Write(metrics.Read()));
    }
}
