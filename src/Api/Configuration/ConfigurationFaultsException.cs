namespace SocialCommerce.Api;

/// <summary>The configuration can't be used. The message names every fault, one a line, fit to be printed without a stack trace.</summary>
public sealed class ConfigurationFaultsException : Exception
{
    public ConfigurationFaultsException(IReadOnlyList<string> faults)
        : base("The configuration can't be used:" + string.Concat(faults.Select(fault => Environment.NewLine + "  - " + fault)))
        => Faults = faults;

    public ConfigurationFaultsException(string fault)
        : this([fault])
    {
    }

    public ConfigurationFaultsException(string fault, Exception innerException)
        : base("The configuration can't be used:" + Environment.NewLine + "  - " + fault, innerException)
        => Faults = [fault];

    public ConfigurationFaultsException()
        : this([])
    {
    }

    /// <summary>One sentence each, beginning with the setting's name.</summary>
    public IReadOnlyList<string> Faults { get; }
}
