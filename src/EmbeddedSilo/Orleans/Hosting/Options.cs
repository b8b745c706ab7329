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
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often requests that take long are looked for. This engine looks for none.</summary>
    public TimeSpan GrainWorkloadAnalysisPeriod { get; set; } = TimeSpan.FromSeconds(5);
}

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
}

/// <summary>How the silos of a cluster remember where grains are. This engine has one process and looks nothing up.</summary>
public class GrainDirectoryOptions
{
    public enum CachingStrategyType
    {
        None,
        LRU,
    }

    public CachingStrategyType CachingStrategy { get; set; } = CachingStrategyType.LRU;
}
