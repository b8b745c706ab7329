namespace SocialCommerce.Journal;

/// <summary>How much of the memory that the process may take what only saves work may have.</summary>
internal static class MemoryShare
{
    /// <summary><paramref name="most"/> bytes, or one part in so many of the memory where that is less.</summary>
    public static long Of(long most, int parts) => Math.Min(most, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / parts);
}
