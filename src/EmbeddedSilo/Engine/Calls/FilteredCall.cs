using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>A call on its way through the filters: each <see cref="Invoke"/> goes one further, the last to the grain.</summary>
internal sealed class FilteredCall(Request request, Activation activation, object grain, IIncomingGrainCallFilter[] filters)
    : IIncomingGrainCallContext
{
    private static readonly ConcurrentDictionary<(Type Class, MethodInfo Method), MethodInfo> Implementations = new();

    private int _next;

    public IInvokable Request => request;

    public object Grain => grain;

    public GrainId? SourceId => request.Source?.GrainId;

    public GrainId TargetId => activation.GrainId;

    public IGrainContext TargetContext => activation;

    public string InterfaceName => InterfaceMethod.DeclaringType!.FullName!;

    public string MethodName => InterfaceMethod.Name;

    public MethodInfo InterfaceMethod => request.Method.Method;

    public MethodInfo ImplementationMethod => Implementations.GetOrAdd((grain.GetType(), InterfaceMethod), static call =>
    {
        var map = call.Class.GetInterfaceMap(call.Method.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, call.Method)];
    });

    public object? Result { get; set; }

    public async Task Invoke()
    {
        var stage = _next++;
        if (stage < filters.Length)
        {
            await filters[stage].Invoke(this);
        }
        else
        {
            var work = request.Start(grain);
            await work;
            Result = request.ResultOf(work);
        }
    }
}
