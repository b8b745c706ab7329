namespace SocialCommerce.Api;

/// <summary>Which problem an exception is to the caller.</summary>
internal static class Faults
{
    private const string EngineFault = "Orleans.Runtime.OrleansException";
    private const string EngineMisconfigured = "Orleans.Runtime.OrleansConfigurationException";

    public static (Problem Problem, ProblemNotes? Notes) ProblemOf(Exception fault, HttpContext http) => fault switch
    {
        BadHttpRequestException bad => (Problems.OfStatus(bad.StatusCode), null),
        StoreUnavailableException store => (Problems.StoreUnavailable, new ProblemNotes { Detail = DetailOf(store) }),
        OverloadedException => (Problems.Overloaded, null),
        TimeoutException => (Problems.Unavailable, null),
        _ when IsEngineAway(fault) => (Problems.Unavailable, null),
        _ => (Problems.InternalError, new ProblemNotes { TraceId = http.TraceIdentifier }),
    };

    private static string DetailOf(StoreUnavailableException fault) => fault.OutcomeUnknown
        ? "It is not known whether anything happened: repeat with the same key."
        : "Nothing happened: repeat with the same key.";

    /// <summary>
    /// A silo that is gone, a gateway that is busy, a message that was turned away. By name, since the types are spread over packages of
    /// which the edge needs no other part. Of a call that waits for a grain's place until it is too late, as while a silo stands still, Orleans
    /// says that it was cancelled, also to those that wait for the same place and had time left.
    /// </summary>
    public static bool IsEngineAway(Exception fault)
    {
        if (fault is OperationCanceledException) return true;
        for (var type = fault.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName == EngineMisconfigured) return false;
            if (type.FullName == EngineFault) return true;
        }

        return false;
    }
}
