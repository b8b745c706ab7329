using Orleans.Hosting;

namespace SocialCommerce.Silo;

/// <summary>In place of Orleans' own: the embedded engine is one process and looks nothing up.</summary>
internal static class SoleSilo
{
    public static void Configure(ISiloBuilder silo)
    {
    }
}
