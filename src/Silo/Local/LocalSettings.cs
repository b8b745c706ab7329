using System.Globalization;

namespace SocialCommerce.Silo;

/// <summary>Where the single process listens and keeps its data.</summary>
/// <param name="Port">Loopback port; 0 takes a free one.</param>
/// <param name="DataFolder">Made if it is missing.</param>
/// <param name="Postgres">Where the journal is kept; null: in the data folder.</param>
/// <param name="Demo">Publish the demo campaigns.</param>
internal sealed record LocalSettings(int Port, string DataFolder, string? Postgres, bool Demo)
{
    private const int PortDefault = 8080;

    /// <summary>The command line comes before SOCIALCOMMERCE_PORT, SOCIALCOMMERCE_DATA and SOCIALCOMMERCE_POSTGRES, and these before the defaults.</summary>
    /// <exception cref="SiloFaultException">A value is no port, or no connection string.</exception>
    public static LocalSettings From(IConfiguration configuration, int? port, string? data, string? postgres, bool demo) => new(
        port ?? PortFrom(configuration["SOCIALCOMMERCE_PORT"]),
        Path.GetFullPath(data ?? NonEmpty(configuration["SOCIALCOMMERCE_DATA"]) ?? "data"),
        Connection(postgres ?? NonEmpty(configuration["SOCIALCOMMERCE_POSTGRES"])),
        demo);

    private static int PortFrom(string? text)
    {
        if (NonEmpty(text) is null) return PortDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535) return port;
        throw new SiloFaultException($"SOCIALCOMMERCE_PORT is '{text}'; it must be a port from 1 to 65535");
    }

    private static string? Connection(string? text) =>
        text is not null && ConnectionText.FaultOf(text) is { } fault ? throw new SiloFaultException($"--postgres or SOCIALCOMMERCE_POSTGRES {fault}") : text;

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
