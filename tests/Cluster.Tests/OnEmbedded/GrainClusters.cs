namespace SocialCommerce.Cluster.Tests;

/// <summary>In place of clusters: the embedded engine is one process, and the facts that ask for more are skipped.</summary>
internal static class GrainClusters
{
    public static Task<GrainCluster> Open(int silos, bool reminders = true) => throw new InvalidOperationException(OrleansNeed.Missing);
}
