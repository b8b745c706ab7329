namespace SocialCommerce.Bench;

/// <summary>Baseline O needs Orleans' own storage, and so Orleans.</summary>
internal static class OrleansBaseline
{
    public static bool IsHere => false;

    public static Task<Server> Launch(string database) => throw new BenchFaultException($"there is no baseline O without Orleans (nothing for {database})");

    public static Task<int> Run(Dictionary<string, string> options) => throw new BenchFaultException($"there is no baseline O without Orleans ({options.Count} options)");
}
