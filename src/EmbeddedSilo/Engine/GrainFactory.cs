using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;
using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>Gives references, for grains and for code outside of them alike.</summary>
internal sealed class GrainFactory(Silo silo) : IClusterClient
{
    private readonly ConcurrentDictionary<Type, Binding> _bindings = new();

    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)(object)Reference(grainInterfaceType, grainPrimaryKey, null);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Proxies.Of(typeof(TGrainInterface)).Create(silo.ClassOf(grainId.Type), grainId.Key);

    private GrainReference Reference(Type grainInterface, string key, string? prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        var binding = prefix is not null ? Bind(grainInterface, prefix)
            : _bindings.TryGetValue(grainInterface, out var known) ? known
            : _bindings.GetOrAdd(grainInterface, type => Bind(type, null));
        return binding.Proxy.Create(binding.Class, IdSpan.Create(key));
    }

    private Binding Bind(Type grainInterface, string? prefix)
    {
        var classes = silo.Classes.Where(candidate => grainInterface.IsAssignableFrom(candidate.Type)
            && (prefix is null || candidate.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal))).ToArray();

        // As in Orleans: of several, the class that bears the interface's name is meant, or the one that bears the very prefix.
        var meant = classes.Where(candidate => prefix is null
            ? $"I{candidate.Type.Name}" == grainInterface.Name
            : candidate.Type.FullName == prefix).ToArray();
        if (meant.Length == 1) classes = meant;
        return classes switch
        {
            [var only] => new(only, Proxies.Of(grainInterface)),
            [] => throw new ArgumentException($"Could not find an implementation for interface {grainInterface}"),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {grainInterface}. "
                + $"Candidates: {string.Join(", ", classes.Select(candidate => candidate.Type))}"),
        };
    }

    private sealed record Binding(GrainClass Class, Proxy Proxy);
}
