using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans
{
    /// <summary>One call, as filters see it.</summary>
    public interface IGrainCallContext
    {
        IInvokable Request { get; }

        object Grain { get; }

        /// <summary>The calling grain; null when the call comes from outside of grains.</summary>
        GrainId? SourceId { get; }

        GrainId TargetId { get; }

        string InterfaceName { get; }

        string MethodName { get; }

        MethodInfo InterfaceMethod { get; }

        /// <summary>There after <see cref="Invoke"/>; a filter may replace it.</summary>
        object? Result { get; set; }

        /// <summary>Goes on to the next filter, and at last to the grain. Throws what the grain throws.</summary>
        Task Invoke();
    }

    /// <summary>A call on its way into a grain.</summary>
    public interface IIncomingGrainCallContext : IGrainCallContext
    {
        IGrainContext TargetContext { get; }

        MethodInfo ImplementationMethod { get; }
    }

    /// <summary>Runs around calls into grains, as part of the grain's turn. A grain class may implement it for its own calls.</summary>
    public interface IIncomingGrainCallFilter
    {
        Task Invoke(IIncomingGrainCallContext context);
    }

    /// <summary>A filter as a function.</summary>
    public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);
}

namespace Orleans.Serialization.Invocation
{
    /// <summary>A request: which method, with which arguments.</summary>
    public interface IInvokable
    {
        int GetArgumentCount();

        object? GetArgument(int index);

        void SetArgument(int index, object value);

        string GetMethodName();

        string GetInterfaceName();

        MethodInfo GetMethod();

        Type GetInterfaceType();
    }
}
