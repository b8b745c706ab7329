using Orleans;

namespace SocialCommerce.Engine.Tests.Conformance;

public interface ILife : IGrainWithStringKey
{
    /// <summary>Which activation of this key this is, from 1.</summary>
    Task<int> Number();

    Task Hold(string gate);

    Task End();

    Task Stay();
}

public interface ILifeGrain : ILife;

public interface IEternalGrain : ILife;

public interface IShortLivedGrain : ILife;

public interface ISlowToEndGrain : ILife;

/// <summary>Fails to activate as long as a gate named after its key is shut.</summary>
public interface IBrokenGrain : IGrainWithStringKey
{
    Task<string> Work();
}

public class Life(Trace trace) : Grain
{
    private int _number;

    protected Trace Trace { get; } = trace;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = Trace.Add($"life of {this.GetPrimaryKeyString()}", 1);
        Trace.Note($"activated {_number}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Trace.Note($"ended {_number}: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Number() => Task.FromResult(_number);

    public async Task Hold(string gate)
    {
        Trace.Note($"in:{gate}");
        await Trace.Gate(gate);
        Trace.Note($"out:{gate}");
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stay()
    {
        DelayDeactivation(TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }
}

public sealed class LifeGrain(Trace trace) : Life(trace), ILifeGrain;

[KeepAlive]
public sealed class EternalGrain(Trace trace) : Life(trace), IEternalGrain;

[CollectionAgeLimit(Minutes = 3)]
public sealed class ShortLivedGrain(Trace trace) : Life(trace), IShortLivedGrain;

public sealed class SlowToEndGrain(Trace trace) : Life(trace), ISlowToEndGrain
{
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Trace.Note("ending");
        await Trace.Gate("end");
        await base.OnDeactivateAsync(reason, cancellationToken);
    }
}

public sealed class BrokenGrain(Trace trace) : Grain, IBrokenGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (!trace.IsOpen("mended")) throw new RefusedException("out of order");
    }

    public Task<string> Work() => Task.FromResult("works");
}
