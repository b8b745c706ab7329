using Xunit;

namespace SocialCommerce.TestSupport;

/// <summary>What a cluster needs: the engine that this build has is fixed, so is the answer.</summary>
public static class OrleansNeed
{
    /// <summary>Why there can be no cluster; null when there can.</summary>
    public static string? Missing =>
#if ORLEANS
        null;
#else
        "a cluster needs the engine Orleans, and this build has the embedded one, which is one process";
#endif

    /// <summary>Why there can be no cluster whose data is in PostgreSQL; null when there can.</summary>
    public static string? MissingWithPostgres => Missing ?? PostgresBinaries.Missing;
}

/// <summary>A fact about a cluster; on the embedded engine it is counted as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = OrleansNeed.Missing;
}

/// <summary>A fact about a cluster of processes on PostgreSQL; where one of the two is missing it is counted as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessFactAttribute : FactAttribute
{
    public ProcessFactAttribute() => Skip = OrleansNeed.MissingWithPostgres;
}
