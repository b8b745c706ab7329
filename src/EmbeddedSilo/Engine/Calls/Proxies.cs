using System.Collections.Concurrent;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>References of one grain interface.</summary>
internal sealed record Proxy(Type Interface, Func<GrainClass, IdSpan, GrainReference> Create);

/// <summary>The proxies of this process, made when first asked for and then kept; silos share them.</summary>
internal static class Proxies
{
    private static readonly ConcurrentDictionary<Type, Lazy<Proxy>> Made = new();

    public static Proxy Of(Type grainInterface) =>
        Made.TryGetValue(grainInterface, out var made) ? made.Value
            : Made.GetOrAdd(grainInterface, static type => new Lazy<Proxy>(() => new ProxyEmitter(type).Emit())).Value;
}
