namespace Orleans.Configuration;

/// <summary>Names of the cluster. One process has nobody to tell them to; they are read by code that labels things.</summary>
public class ClusterOptions
{
    public const string DefaultClusterId = "default";

    public const string DefaultServiceId = "default";

    internal const string DevelopmentClusterId = "dev";

    internal const string DevelopmentServiceId = "dev";

    public string ClusterId { get; set; } = DefaultClusterId;

    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>What silo and client share.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits before TimeoutException. The request itself is not stopped.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Calls inside of the silo's process, those of the co-hosted client among them.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>Calls of a client in a process of its own, which this engine does not have.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>When activations end.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often idle activations are looked for.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an activation may be idle; longer than <see cref="CollectionQuantum"/>.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same by the full name of the grain class.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    /// <summary>How long OnActivateAsync may take.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long OnDeactivateAsync may take.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether activations end while the process is short of memory, those first that have been idle longest.</summary>
    public bool EnableActivationSheddingOnMemoryPressure { get; set; }

    /// <summary>How often the memory is looked at.</summary>
    public TimeSpan MemoryUsagePollingPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Above this part of the memory that the process may take activations end, in percent.</summary>
    public double MemoryUsageLimitPercentage { get; set; } = 80;

    /// <summary>As many end as it takes to come down to this part, in percent, if each takes as much; less than <see cref="MemoryUsageLimitPercentage"/>.</summary>
    public double MemoryUsageTargetPercentage { get; set; } = 75;
}
