using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.State;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>Makes instances of a grain class: persistent states are made here, every other argument comes from the container.</summary>
internal sealed class GrainMaker
{
    private static readonly ConcurrentDictionary<Type, GrainMaker> Made = new();
    private readonly ObjectFactory _factory;
    private readonly Func<Activation, object>[] _states;

    private GrainMaker(Type type)
    {
        var constructors = type.GetConstructors();
        var chosen = constructors.FirstOrDefault(constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute), inherit: false))
            ?? constructors.MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"Grain class {type} has no public constructor.");
        var states = chosen.GetParameters().Where(parameter => parameter.IsDefined(typeof(PersistentStateAttribute), inherit: false)).ToArray();
        _states = [.. states.Select(PersistentStates.FactoryFor)];
        _factory = ActivatorUtilities.CreateFactory(type, [.. states.Select(parameter => parameter.ParameterType)]);
    }

    /// <summary>The maker of a class, made when first asked for; silos share it, since what it costs is compiling.</summary>
    public static GrainMaker Of(Type type) => Made.GetOrAdd(type, static type => new GrainMaker(type));

    public object Make(Activation activation) =>
        _factory(activation.ActivationServices, _states.Length == 0 ? null : [.. _states.Select(make => make(activation))]);
}
