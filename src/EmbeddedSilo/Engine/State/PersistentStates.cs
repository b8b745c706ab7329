using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo.State;

/// <summary>Makes the states that constructor parameters ask for.</summary>
internal static class PersistentStates
{
    public static Func<Activation, object> FactoryFor(ParameterInfo parameter)
    {
        var asked = parameter.GetCustomAttribute<PersistentStateAttribute>()!;
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException($"Parameter {parameter.Name} of {parameter.Member.DeclaringType} must be an IPersistentState<T>.");
        }

        var make = typeof(PersistentStates).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.GenericTypeArguments)
            .CreateDelegate<Func<Activation, PersistentStateAttribute, object>>();
        return activation => make(activation, asked);
    }

    private static PersistentState<TState> Make<TState>(Activation activation, PersistentStateAttribute asked)
    {
        var services = activation.ActivationServices;
        var storage = asked.StorageName is { Length: > 0 } name
            ? services.GetKeyedService<IGrainStorage>(name)
            : services.GetService<IGrainStorage>();
        if (storage is null)
        {
            throw new OrleansConfigurationException(
                $"No storage named \"{asked.StorageName ?? "Default"}\" is registered; "
                + $"state \"{asked.StateName}\" of {activation.GrainId.Type} asks for it.");
        }

        var state = new PersistentState<TState>(asked.StateName, activation.GrainId, storage);
        activation.AddState(state);
        return state;
    }
}
