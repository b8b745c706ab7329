namespace SocialCommerce.Silo;

/// <summary>In place of the cluster: the embedded engine is one process.</summary>
internal static class Clusters
{
    public static void AddSilo(WebApplicationBuilder builder, ClusterSettings settings) => throw Impossible();

    public static void AddClient(WebApplicationBuilder builder, ClusterSettings settings) => throw Impossible();

    public static void MapDashboard(WebApplication app, string path) => throw Impossible();

    private static SiloFaultException Impossible() => new(
        "a cluster needs the engine Orleans, and this build has the embedded one, which is one process. Build with -p:Engine=Orleans, or use serve (with --postgres for PostgreSQL)");
}
