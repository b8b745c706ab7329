using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>One request to a route: reads its form, calls one grain, maps the reply.</summary>
internal delegate Task Handler(Call call);

/// <summary>
/// Lets calls in: credentials, rate, scope, and for whom they speak, in this order. In place of the framework's authentication stack,
/// whose claims and policies cost more for every request than the help that is asked for.
/// </summary>
internal sealed class Doorkeeper(EdgeParts parts)
{
    public const string ApiKeyHeader = "X-Api-Key";
    public const string ShopperHeader = "X-User-Id";

    private const string BearerScheme = "Bearer ";

    private static readonly StringValues Challenge = "Bearer realm=\"social-commerce\"";
    private static readonly StringValues BadTokenChallenge = "Bearer realm=\"social-commerce\", error=\"invalid_token\"";

    public Task Enter(HttpContext http, Scopes needs, Handler handler)
    {
        var headers = http.Request.Headers;
        if (headers.TryGetValue(ApiKeyHeader, out var key))
        {
            return parts.Keys.Find(key.Count == 1 ? key[0] : null, http) is { } caller
                ? EnterByKey(http, needs, handler, caller)
                : Unauthenticated(http, Challenge, "The API key is not known.");
        }

        var authorization = headers.Authorization;
        if (authorization.Count == 0) return Unauthenticated(http, Challenge, null);
        return parts.Tokens is not null && authorization.Count == 1 && authorization[0]!.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            ? EnterByToken(http, needs, handler, authorization[0]![BearerScheme.Length..].Trim())
            : Unauthenticated(http, Challenge, "The scheme is not taken here.");
    }

    private Task EnterByKey(HttpContext http, Scopes needs, Handler handler, Caller caller)
    {
        var header = http.Request.Headers[ShopperHeader];
        var shopperId = header.Count == 0 ? null : header[0];
        var isId = header.Count == 1 && Ids.IsId(shopperId);
        if (IsOverRate(http, caller, isId ? shopperId : null)) return Task.CompletedTask;
        if (!caller.May(needs)) return Refuse(http, Problems.Forbidden, null);
        if (isId || (header.Count == 0 && needs != Scopes.Shopper)) return handler(new Call(http, parts, caller, shopperId));
        var message = header.Count == 0 ? "is required with an API key: it names the shopper acted for." : $"must be given once, with {Ids.InWords}.";
        return handler(new Call(http, parts, caller, shopperId: null, new Fault { Field = ShopperHeader, Message = message }));
    }

    private async Task EnterByToken(HttpContext http, Scopes needs, Handler handler, string token)
    {
        if (await parts.Tokens!.FindShopper(token) is not (var shopperId, var goodUntil))
        {
            await Unauthenticated(http, BadTokenChallenge, "The token is not good: signature, issuer, audience, times and subject must all hold.");
            return;
        }

        if (IsOverRate(http, Caller.ByToken, shopperId)) return;
        var header = http.Request.Headers[ShopperHeader];
        if (!Caller.ByToken.May(needs)) await Refuse(http, Problems.Forbidden, null);
        else if (header.Count > 0 && (header.Count > 1 || header[0] != shopperId))
            await Refuse(http, Problems.Forbidden, new ProblemNotes { Detail = $"The token speaks for its own subject only, not for the shopper in {ShopperHeader}." });
        else await handler(new Call(http, parts, Caller.ByToken, shopperId) { GoodUntil = goodUntil });
    }

    private bool IsOverRate(HttpContext http, Caller caller, string? shopperId)
    {
        if (parts.Limit is null || parts.Limit.TryTake(caller.Name, shopperId, out var seconds)) return false;
        ProblemWriter.Write(http.Response, Problems.RateLimited, new ProblemNotes { RetryAfterSeconds = seconds });
        return true;
    }

    private static Task Unauthenticated(HttpContext http, StringValues challenge, string? detail)
    {
        http.Response.Headers.WWWAuthenticate = challenge;
        return Refuse(http, Problems.Unauthenticated, detail is null ? null : new ProblemNotes { Detail = detail });
    }

    private static Task Refuse(HttpContext http, Problem problem, ProblemNotes? notes)
    {
        ProblemWriter.Write(http.Response, problem, notes);
        return Task.CompletedTask;
    }
}
