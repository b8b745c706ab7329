namespace Orleans.Runtime
{
    /// <summary>Anything that calls can be sent to.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>The root of grain interfaces. Their methods return Task, Task&lt;T&gt;, ValueTask or ValueTask&lt;T&gt;.</summary>
    public interface IGrain : Runtime.IAddressable;

    /// <summary>A grain that is known by a text.</summary>
    public interface IGrainWithStringKey : IGrain;
}
