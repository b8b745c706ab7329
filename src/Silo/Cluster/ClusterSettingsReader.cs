using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SocialCommerce.Silo;

/// <summary>Reads the section <c>Cluster</c> and collects every fault at once, a misspelt name among them.</summary>
internal sealed class ClusterSettingsReader
{
    public const int SiloPortDefault = 11_111;
    public const int GatewayPortDefault = 30_000;

    private const string NameDefault = "socialcommerce";
    private const int NameLengthMax = 100;

    private readonly IConfigurationSection _section;
    private readonly List<string> _faults = [];

    private ClusterSettingsReader(IConfigurationSection section) => _section = section;

    /// <summary>Names of the settings, as they are written in configuration.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ConnectionString", "ClusterId", "ServiceId", "SiloPort", "GatewayPort", "AdvertisedAddress", "ProbeSeconds", "DrainSeconds", "MemoryPercent", "Dashboard",
        "Tls:CertificateFile", "Tls:KeyFile", "Tls:AuthorityFile",
    ];

    /// <exception cref="SiloFaultException">Names every fault.</exception>
    public static ClusterSettings Read(IConfiguration configuration, bool development)
    {
        var reader = new ClusterSettingsReader(configuration.GetSection(ClusterSettings.Section));
        var settings = reader.Read(development);
        return reader._faults.Count == 0 ? settings : throw new SiloFaultException(string.Join(" ", reader._faults));
    }

    private ClusterSettings Read(bool development)
    {
        NameStrangers();
        var settings = new ClusterSettings
        {
            ConnectionString = Connection(),
            ClusterId = Name("ClusterId"),
            ServiceId = Name("ServiceId"),
            SiloPort = Whole("SiloPort", SiloPortDefault, 1, 65_535),
            GatewayPort = Whole("GatewayPort", GatewayPortDefault, 1, 65_535),
            AdvertisedAddress = Address(development),
            ProbeSeconds = Whole("ProbeSeconds", 2, 1, 60),
            DrainSeconds = Whole("DrainSeconds", 5, 0, 300),
            MemoryPercent = Whole("MemoryPercent", 80, 10, 95),
            Dashboard = Flag("Dashboard"),
            Tls = Tls(),
        };
        if (settings.SiloPort == settings.GatewayPort) Fault("SiloPort", $"and GatewayPort are both {settings.SiloPort}; they must differ");
        return settings;
    }

    private string Connection()
    {
        var text = _section["ConnectionString"];
        if (string.IsNullOrWhiteSpace(text))
        {
            Fault("ConnectionString", "is required: PostgreSQL, such as Host=db;Database=shop;Username=shop;Password=…");
            return "";
        }

        if (ConnectionText.FaultOf(text) is { } fault) Fault("ConnectionString", fault);
        return text;
    }

    private string Name(string name)
    {
        var text = _section[name] ?? NameDefault;
        if (text.Length is 0 or > NameLengthMax || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            Fault(name, $"must be 1 to {NameLengthMax} letters, digits, '-', '_' or '.', not '{text}'");
        return text;
    }

    private IPAddress Address(bool development)
    {
        var text = _section["AdvertisedAddress"];
        if (string.IsNullOrEmpty(text)) return development ? IPAddress.Loopback : OwnAddress();
        if (IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) return address;
        Fault("AdvertisedAddress", $"must be an IP address by which the others reach this process, not '{text}'");
        return IPAddress.None;
    }

    private IPAddress OwnAddress()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .ToArray();
        if (own is [var only]) return only;
        Fault("AdvertisedAddress", own.Length == 0
            ? "is required: this machine has no address but loopback"
            : $"is required: this machine has several ({string.Join(", ", own.AsEnumerable())})");
        return IPAddress.None;
    }

    private TlsSettings? Tls()
    {
        var tls = _section.GetSection("Tls");
        if (!tls.GetChildren().Any()) return null;
        return new TlsSettings(File("Tls:CertificateFile"), File("Tls:KeyFile"), File("Tls:AuthorityFile"));
    }

    private string File(string name)
    {
        var path = _section[name];
        if (string.IsNullOrEmpty(path)) Fault(name, "is required when one of the files for TLS is given");
        else if (!System.IO.File.Exists(path)) Fault(name, $"is {path}, which is not there");
        return path ?? "";
    }

    private bool Flag(string name)
    {
        if (_section[name] is not { Length: > 0 } text) return false;
        if (bool.TryParse(text, out var value)) return value;
        Fault(name, $"must be true or false, not '{text}'");
        return false;
    }

    private int Whole(string name, int otherwise, int min, int max)
    {
        if (_section[name] is not { Length: > 0 } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Fault(name, $"must be a whole number from {min} to {max}, not '{text}'");
        return otherwise;
    }

    private void NameStrangers()
    {
        foreach (var (path, value) in _section.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && path.Length > 0 && !Names.Contains(path, StringComparer.OrdinalIgnoreCase))
                _faults.Add($"{ClusterSettings.Section}:{path} is not a setting; there are {string.Join(", ", Names)}.");
        }
    }

    private void Fault(string name, string what) => _faults.Add($"{ClusterSettings.Section}:{name} {what}.");
}
