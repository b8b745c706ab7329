using System.Net;
using Microsoft.Extensions.Configuration;

namespace SocialCommerce.Silo.Tests.Settings;

public sealed class ClusterSettingsTests
{
    private const string Database = "Host=db;Database=shop;Username=shop";

    [Fact]
    public void A_database_is_enough_in_development()
    {
        var settings = Read(("ConnectionString", Database));
        Assert.Equal((Database, "socialcommerce", "socialcommerce"), (settings.ConnectionString, settings.ClusterId, settings.ServiceId));
        Assert.Equal((11_111, 30_000, IPAddress.Loopback), (settings.SiloPort, settings.GatewayPort, settings.AdvertisedAddress));
        Assert.Equal((2, 5, 80, false), (settings.ProbeSeconds, settings.DrainSeconds, settings.MemoryPercent, settings.Dashboard));
        Assert.Null(settings.Tls);
    }

    [Fact]
    public void Every_setting_is_taken_as_it_is_given()
    {
        using var files = new TlsFiles();
        var settings = Read(
            ("ConnectionString", Database), ("ClusterId", "blue"), ("ServiceId", "shop.cn"), ("SiloPort", "1"), ("GatewayPort", "65535"), ("AdvertisedAddress", "10.0.0.7"),
            ("ProbeSeconds", "60"), ("DrainSeconds", "0"), ("MemoryPercent", "10"), ("Dashboard", "true"),
            ("Tls:CertificateFile", files.Certificate), ("Tls:KeyFile", files.Key), ("Tls:AuthorityFile", files.Authority));
        Assert.Equal(("blue", "shop.cn", 1, 65_535, IPAddress.Parse("10.0.0.7")), (settings.ClusterId, settings.ServiceId, settings.SiloPort, settings.GatewayPort, settings.AdvertisedAddress));
        Assert.Equal((60, 0, 10, true), (settings.ProbeSeconds, settings.DrainSeconds, settings.MemoryPercent, settings.Dashboard));
        Assert.Equal(new TlsSettings(files.Certificate, files.Key, files.Authority), settings.Tls);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = FaultsOf(
            ("ClusterId", "blue green"), ("ServiceId", ""), ("SiloPort", "0"), ("GatewayPort", "many"), ("AdvertisedAddress", "0.0.0.0"), ("ProbeSeconds", "61"),
            ("DrainSeconds", "-1"), ("MemoryPercent", "9"), ("Dashboard", "yes"), ("SiloPorts", "7"), ("Tls:CertificateFile", "/no/such.pem"));
        string[] named =
        [
            "Cluster:ConnectionString is required", "Cluster:ClusterId must", "Cluster:ServiceId must", "Cluster:SiloPort must", "Cluster:GatewayPort must",
            "Cluster:AdvertisedAddress must", "Cluster:ProbeSeconds must", "Cluster:DrainSeconds must", "Cluster:MemoryPercent must", "Cluster:Dashboard must",
            "Cluster:SiloPorts is not a setting", "Cluster:Tls:CertificateFile is /no/such.pem, which is not there", "Cluster:Tls:KeyFile is required", "Cluster:Tls:AuthorityFile is required",
        ];
        Assert.All(named, fault => Assert.Contains(fault, faults, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Database=shop;Username=shop", "names no Host")]
    [InlineData("Host=db;Flavour=sweet", "is no good")]
    [InlineData("   ", "is required")]
    public void A_connection_string_that_leads_nowhere_is_refused(string text, string fault) =>
        Assert.Contains($"Cluster:ConnectionString {fault}", FaultsOf(("ConnectionString", text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("postgres://shop:s3cret@db/shop", "is a URL; it must be of Npgsql's form")]
    [InlineData("postgresql://shop:s3cret@db/shop?sslmode=require", "is a URL; it must be of Npgsql's form")]
    [InlineData("Host=db;Password=s3cret;s3cret=s3cret", "is no good; it must be of Npgsql's form")]
    [InlineData("Host=db;Username=shop;Password=\"s3cret", "is no good; it must be of Npgsql's form")]
    [InlineData("Host=db;Port=s3cret", "is no good; it must be of Npgsql's form")]
    [InlineData("Username=shop;Password=s3cret", "names no Host")]
    public void No_word_of_a_bad_connection_string_is_repeated(string text, string fault)
    {
        var told = FaultsOf(("ConnectionString", text));
        Assert.Contains($"Cluster:ConnectionString {fault}", told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=one,two;Database=shop;Username=shop;Password=a=b://c;Target Session Attributes=primary")]
    [InlineData("Host=/var/run/postgresql;Database=shop;Maximum Pool Size=30")]
    public void What_Npgsql_takes_is_taken(string text) => Assert.Equal(text, Read(("ConnectionString", text)).ConnectionString);

    [Fact]
    public void Both_ports_must_differ() =>
        Assert.Equal("Cluster:SiloPort and GatewayPort are both 30000; they must differ.", FaultsOf(("ConnectionString", Database), ("SiloPort", "30000")));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_name_has_1_to_100_characters(int length) =>
        Assert.Contains("Cluster:ClusterId must be 1 to 100", FaultsOf(("ConnectionString", Database), ("ClusterId", new string('x', length))), StringComparison.Ordinal);

    [Theory]
    [InlineData("CertificateFile")]
    [InlineData("KeyFile")]
    [InlineData("AuthorityFile")]
    public void Files_for_tls_are_given_all_or_none(string missing)
    {
        using var files = new TlsFiles();
        (string, string?)[] all = [("Tls:CertificateFile", files.Certificate), ("Tls:KeyFile", files.Key), ("Tls:AuthorityFile", files.Authority)];
        var given = all.Where(file => file.Item1 != "Tls:" + missing).Append(("ConnectionString", Database)).ToArray();
        Assert.Equal($"Cluster:Tls:{missing} is required when one of the files for TLS is given.", FaultsOf(given));
    }

    [Fact]
    public void Outside_of_development_the_machine_says_its_address_or_the_setting_is_asked_for()
    {
        // What this machine has is not the test's to choose; either way it is no loopback and no silence.
        try
        {
            var settings = ClusterSettingsReader.Read(Configuration([("ConnectionString", Database)]), development: false);
            Assert.False(IPAddress.IsLoopback(settings.AdvertisedAddress));
        }
        catch (SiloFaultException fault)
        {
            Assert.StartsWith("Cluster:AdvertisedAddress is required: this machine has", fault.Message, StringComparison.Ordinal);
        }
    }

    private static ClusterSettings Read(params (string Name, string? Value)[] settings) => ClusterSettingsReader.Read(Configuration(settings), development: true);

    private static string FaultsOf(params (string Name, string? Value)[] settings) => Assert.Throws<SiloFaultException>(() => Read(settings)).Message;

    private static IConfiguration Configuration((string Name, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Cluster:" + setting.Name, setting.Value)))
        .Build();

    /// <summary>Files that are there; what is in them is looked at later.</summary>
    private sealed class TlsFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls-");

        public string Certificate => File("silo.pem");

        public string Key => File("silo.key");

        public string Authority => File("authority.pem");

        public void Dispose() => _folder.Delete(recursive: true);

        private string File(string name)
        {
            var path = Path.Combine(_folder.FullName, name);
            System.IO.File.WriteAllText(path, "");
            return path;
        }
    }
}
