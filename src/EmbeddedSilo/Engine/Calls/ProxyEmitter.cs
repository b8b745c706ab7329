using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>
/// Writes, for one grain interface, what Orleans' source generator would: a reference class that implements it, and a request class for
/// each method with the arguments as fields. A call then costs a few allocations and no reflection.
/// </summary>
internal sealed class ProxyEmitter
{
    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;
    private const TypeAttributes PublicSealed = TypeAttributes.Public | TypeAttributes.Sealed;
    private const BindingFlags Anywhere = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly Type[] ReferenceArguments = [typeof(GrainClass), typeof(IdSpan)];
    private readonly Type _interface;
    private readonly ModuleBuilder _module;

    public ProxyEmitter(Type grainInterface)
    {
        if (!grainInterface.IsInterface || grainInterface.ContainsGenericParameters)
        {
            throw Unsupported(grainInterface.Name, "not a closed interface");
        }

        _interface = grainInterface;
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new($"Proxies.{grainInterface.FullName}"), AssemblyBuilderAccess.Run);
        foreach (var seen in Methods().SelectMany(TypesOf).SelectMany(Parts).Select(type => type.Assembly.GetName().Name!)
            .Append(typeof(ProxyEmitter).Assembly.GetName().Name!).Append(grainInterface.Assembly.GetName().Name!).Distinct())
        {
            // Grain interfaces and their contracts may be internal.
            assembly.SetCustomAttribute(new(typeof(IgnoresAccessChecksToAttribute).GetConstructors()[0], [seen]));
        }

        _module = assembly.DefineDynamicModule("Proxies");
    }

    public Proxy Emit()
    {
        var proxy = _module.DefineType($"{_interface.Name}Reference", PublicSealed, typeof(GrainReference), [_interface]);
        var construct = EmitConstructor(proxy);
        foreach (var method in Methods()) EmitMethod(proxy, method, EmitRequest(method));

        var create = proxy.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), ReferenceArguments);
        var body = create.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Newobj, construct);
        body.Emit(OpCodes.Ret);
        return new(_interface, proxy.CreateType().GetMethod("Create")!.CreateDelegate<Func<GrainClass, IdSpan, GrainReference>>());
    }

    private static ConstructorBuilder EmitConstructor(TypeBuilder proxy)
    {
        var constructor = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, ReferenceArguments);
        var body = constructor.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Ldarg_2);
        body.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Anywhere, ReferenceArguments)!);
        body.Emit(OpCodes.Ret);
        return constructor;
    }

    // class TRequest : VoidRequest | ValueRequest<T> { fields; static RequestMethod Method; Start(grain) => ((I)grain).M(fields) }
    private Type EmitRequest(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var request = _module.DefineType(
            $"{method.DeclaringType!.Name}.{method.Name}#{method.MetadataToken}", PublicSealed, BaseOf(method));
        var described = request.DefineField("Described", typeof(RequestMethod), FieldAttributes.Public | FieldAttributes.Static);
        var fields = parameters.Select((parameter, index) =>
            request.DefineField($"Argument{index}", parameter.ParameterType, FieldAttributes.Public)).ToArray();
        request.DefineDefaultConstructor(MethodAttributes.Public);

        var getMethod = request.DefineMethod("get_Method", Override, typeof(RequestMethod), []);
        var body = getMethod.GetILGenerator();
        body.Emit(OpCodes.Ldsfld, described);
        body.Emit(OpCodes.Ret);

        var start = request.DefineMethod(nameof(Request.Start), Override, typeof(Task), [typeof(object)]);
        body = start.GetILGenerator();
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            body.Emit(OpCodes.Ldarg_0);
            body.Emit(OpCodes.Ldfld, field);
        }

        body.Emit(OpCodes.Callvirt, method);
        if (AsTask(method.ReturnType) is { } asTask) body.Emit(OpCodes.Call, asTask);
        body.Emit(OpCodes.Ret);

        var type = request.CreateType();
        type.GetField("Described")!.SetValue(null, new RequestMethod(method, [.. fields.Select(field => type.GetField(field.Name)!)]));
        return type;
    }

    // M(arguments) => new TRequest { fields = arguments }.Send(this)
    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, Type request)
    {
        var parameters = method.GetParameters();
        var implementation = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)]);
        var body = implementation.GetILGenerator();
        body.Emit(OpCodes.Newobj, request.GetConstructor([])!);
        for (var index = 0; index < parameters.Length; index++)
        {
            body.Emit(OpCodes.Dup);
            if (parameters[index].ParameterType == typeof(CancellationToken))
            {
                body.Emit(OpCodes.Dup);
                body.Emit(OpCodes.Ldarg, index + 1);
                body.Emit(OpCodes.Call, request.GetMethod("Cancellable", Anywhere)!);
            }
            else
            {
                body.Emit(OpCodes.Ldarg, index + 1);
            }

            body.Emit(OpCodes.Stfld, request.GetField($"Argument{index}")!);
        }

        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Call, request.GetMethod(method.ReturnType.IsValueType ? nameof(VoidRequest.SendValue) : nameof(VoidRequest.Send))!);
        body.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(implementation, method);
    }

    private static MethodInfo? AsTask(Type returned) =>
        returned == typeof(ValueTask) ? typeof(Started).GetMethod(nameof(Started.ValueTask))
            : returned.IsValueType ? typeof(Started).GetMethod(nameof(Started.ValueTaskOf))!.MakeGenericMethod(returned.GenericTypeArguments)
            : null;

    private static Type BaseOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (method.IsGenericMethodDefinition) throw Unsupported(method.Name, "generic");
        if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef)) throw Unsupported(method.Name, "ref or out");
        if (type == typeof(Task) || type == typeof(ValueTask)) return typeof(VoidRequest);
        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            return typeof(ValueRequest<>).MakeGenericType(type.GenericTypeArguments);
        }

        throw Unsupported(method.Name, $"returns {type.Name}, not Task, Task<T>, ValueTask or ValueTask<T>");
    }

    private static IEnumerable<Type> TypesOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).Append(method.DeclaringType!);

    private static IEnumerable<Type> Parts(Type type) =>
        (type.HasElementType ? Parts(type.GetElementType()!) : type.GenericTypeArguments.SelectMany(Parts)).Append(type);

    private static NotSupportedException Unsupported(string what, string why) => new($"Grain interfaces can't have this: {what} is {why}.");

    private IEnumerable<MethodInfo> Methods() =>
        _interface.GetInterfaces().Prepend(_interface)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.IsAbstract);
}
