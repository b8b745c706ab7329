using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>What is known of a grain method once and for all: its attributes, and where its requests keep their arguments.</summary>
internal sealed class RequestMethod
{
    private readonly FieldInfo[] _arguments;

    public RequestMethod(MethodInfo method, FieldInfo[] arguments)
    {
        Method = method;
        _arguments = arguments;
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
    }

    public MethodInfo Method { get; }

    public string Name { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsOneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    public int ArgumentCount => _arguments.Length;

    public object? GetArgument(Request request, int index) => _arguments[index].GetValue(request);

    public void SetArgument(Request request, int index, object? value) => _arguments[index].SetValue(request, value);
}
