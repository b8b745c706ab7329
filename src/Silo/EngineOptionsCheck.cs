using Microsoft.Extensions.Options;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>Names every fault of the engine's settings at start.</summary>
internal sealed class EngineOptionsCheck(bool cluster) : IValidateOptions<EngineOptions>
{
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
