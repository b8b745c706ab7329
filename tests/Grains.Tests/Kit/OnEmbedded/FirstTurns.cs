namespace SocialCommerce.Grains.Tests;

/// <summary>The embedded engine holds no lock while a grain runs.</summary>
internal static class FirstTurns
{
    /// <summary>Nothing to watch.</summary>
    public static void Watch(ISiloBuilder silo) => ArgumentNullException.ThrowIfNull(silo);
}
