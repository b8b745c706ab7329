using System.Globalization;
using Microsoft.Extensions.Options;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>Names every fault of the engine's settings at start.</summary>
internal sealed class EngineOptionsCheck(bool cluster) : IValidateOptions<EngineOptions>
{
    /// <summary>Looks for what the configuration binder stops at or passes over in silence: numbers that are none, and misspelt names.</summary>
    /// <exception cref="SiloFaultException">Names every fault.</exception>
    public static void ThrowIfUnreadable(IConfiguration configuration)
    {
        var settings = typeof(EngineOptions).GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (var given in configuration.GetSection(EngineOptions.Section).GetChildren())
        {
            if (!settings.TryGetValue(given.Key, out var setting)) faults.Add($"{given.Path} is not a setting; there are {string.Join(", ", settings.Keys)}.");
            else if (setting.PropertyType == typeof(int) && !int.TryParse(given.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                faults.Add($"{given.Path} must be a whole number, not '{given.Value}'.");
        }

        if (faults.Count > 0) throw new SiloFaultException(string.Join(" ", faults));
    }

    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        List<string> faults = [.. options.Faults()];
        if (cluster && options.CampaignCacheMilliseconds == 0)
            faults.Add("Engine:CampaignCacheMilliseconds is 0; in a cluster it must be at least 1, or a silo would never hear of another's pause.");
        if (cluster && options.ConfirmMilliseconds == 0)
            faults.Add("Engine:ConfirmMilliseconds is 0; in a cluster it must be at least 1, or what a silo shows might stay old when another has taken over.");
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
