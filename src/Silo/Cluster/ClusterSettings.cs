using System.Net;

namespace SocialCommerce.Silo;

/// <summary>One silo's or client's place in a cluster; configuration section <c>Cluster</c>.</summary>
internal sealed record ClusterSettings
{
    public const string Section = "Cluster";

    /// <summary>PostgreSQL, as Npgsql knows it: journal, membership, reminders and grain state.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Silos and clients with the same id make one cluster. Change it and the old silos are strangers.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Whose reminders and grain state these are. Outlives every cluster id.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Between silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>For Orleans clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Where the other silos and the clients reach this one.</summary>
    public required IPAddress AdvertisedAddress { get; init; }

    /// <summary>After so many seconds without an answer a probe counts as missed; after three, the silo that others agree on is declared dead.</summary>
    public required int ProbeSeconds { get; init; }

    /// <summary>
    /// Of a call to a grain: longer than it takes to find out that a silo is dead, when those that wait for it are told, and than the feed and live
    /// pages wait for news. Only what went into the gateway of a silo that stands still waits for all of it.
    /// </summary>
    public TimeSpan ResponseTimeout => TimeSpan.FromSeconds(Math.Max(12, 6 * ProbeSeconds));

    /// <summary>For so many seconds after SIGTERM the silo goes on serving while it already says that it is not ready.</summary>
    public required int DrainSeconds { get; init; }

    /// <summary>Above this share of the memory that the process may use, idle grains are put away.</summary>
    public required int MemoryPercent { get; init; }

    /// <summary>Serve Orleans' dashboard at <c>/dashboard</c> to operators.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>Null: silos and clients talk in the clear, on a network that nobody else is on.</summary>
    public required TlsSettings? Tls { get; init; }
}

/// <summary>What proves that a silo or client belongs to the cluster, in PEM files.</summary>
/// <param name="CertificateFile">Its certificate, with the chain up to the authority if there is one between.</param>
/// <param name="KeyFile">The certificate's private key.</param>
/// <param name="AuthorityFile">Who signed the certificates of all: others are turned away.</param>
internal sealed record TlsSettings(string CertificateFile, string KeyFile, string AuthorityFile);
