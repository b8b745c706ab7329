namespace SocialCommerce.Api;

/// <summary>Maps routes whose calls pass the door. Each answers with its description, which the OpenAPI document is made of.</summary>
internal sealed class EdgeRoutes(IEndpointRouteBuilder routes, EdgeParts parts)
{
    private readonly Doorkeeper _door = new(parts);

    public RouteDoc Get(string pattern, Scopes needs, Handler handler) => Map(HttpMethods.Get, pattern, needs, handler);

    public RouteDoc Post(string pattern, Scopes needs, Handler handler) => Map(HttpMethods.Post, pattern, needs, handler);

    public RouteDoc Put(string pattern, Scopes needs, Handler handler) => Map(HttpMethods.Put, pattern, needs, handler);

    public RouteDoc Delete(string pattern, Scopes needs, Handler handler) => Map(HttpMethods.Delete, pattern, needs, handler);

    private RouteDoc Map(string method, string pattern, Scopes needs, Handler handler)
    {
        var door = _door;
        var doc = new RouteDoc(needs);
        routes.MapMethods(pattern, [method], http => door.Enter(http, needs, handler)).Add(endpoint => doc.Describe(endpoint, handler.Method));
        return doc;
    }
}
