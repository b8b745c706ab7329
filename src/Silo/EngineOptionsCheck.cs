using Microsoft.Extensions.Options;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>Names every fault of the engine's settings at start.</summary>
internal sealed class EngineOptionsCheck : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options) =>
        options.Faults() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
