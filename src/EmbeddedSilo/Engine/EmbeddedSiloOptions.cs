using System.Reflection;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>What only this engine knows.</summary>
public sealed class EmbeddedSiloOptions
{
    /// <summary>Owns the order of all turns; null for the thread pool. See <see cref="SeededTurns"/>.</summary>
    public ITurnScheduler? Scheduler { get; set; }

    /// <summary>Assemblies with grains that nothing which is loaded at the start refers to.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>How long a stop waits for calls that are under way before it ends the activations.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
