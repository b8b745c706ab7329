using Orleans;

namespace SocialCommerce.Engine.Tests.Conformance;

/// <summary>A grain that works as it is told, and can be held at a gate in the middle of it.</summary>
public interface IWorkGrain : IGrainWithStringKey
{
    Task CountSlowly();

    Task<int> Counted();
}

public sealed class WorkGrain(Trace trace) : Grain, IWorkGrain
{
    private int _count;

    public async Task CountSlowly()
    {
        var seen = _count;
        await Task.Yield();
        _count = seen + 1;
        trace.Note("counted");
    }

    public Task<int> Counted() => Task.FromResult(_count);
}
