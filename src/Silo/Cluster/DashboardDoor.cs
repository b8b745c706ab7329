using SocialCommerce.Api;

namespace SocialCommerce.Silo;

/// <summary>Lets operators in to Orleans' dashboard: by <c>X-Api-Key</c>, or in a browser by HTTP Basic with the key as the password.</summary>
internal static class DashboardDoor
{
    public const string Path = "/dashboard";

    /// <param name="map">Maps the dashboard itself.</param>
    public static void Map(WebApplication app, Action map)
    {
        app.UseWhen(http => http.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase), branch => branch.Use(async (http, next) =>
        {
            if (OperatorAccess.Allows(http)) await next(http);
            else OperatorAccess.Challenge(http);
        }));
        map();
    }
}
