using System.Net.Http.Headers;
using System.Text;

namespace SocialCommerce.Api;

/// <summary>For what an operator opens in a browser, beside the API proper: the same keys, also as the password of HTTP Basic.</summary>
public static class OperatorAccess
{
    /// <summary>Whether the request brings the key of an operator.</summary>
    public static bool Allows(HttpContext http)
    {
        var keys = http.RequestServices.GetRequiredService<ApiKeys>();
        var key = http.Request.Headers.TryGetValue(Doorkeeper.ApiKeyHeader, out var given) ? given.ToString() : Password(http.Request.Headers.Authorization.ToString());
        return keys.Find(key, http) is { } caller && caller.May(Scopes.Operator);
    }

    /// <summary>Asks for credentials.</summary>
    public static void Challenge(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"social-commerce operators: the API key is the password\", charset=\"UTF-8\"";
        ProblemWriter.Write(http.Response, Problems.Unauthenticated);
    }

    private static string? Password(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var count)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, count);
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : null;
    }
}
