using Orleans;
using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>Starts subscribers in rising stages, those of one stage together, and stops what was started in falling ones.</summary>
internal sealed class SiloLifecycle(SiloLog log) : ISiloLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private int? _started;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        if (_started is not null) throw new InvalidOperationException("The silo has already started.");
        var subscription = new Subscription(this, observerName, stage, observer);
        _subscriptions.Add(subscription);
        return subscription;
    }

    public async Task Start(CancellationToken cancellation)
    {
        foreach (var stage in _subscriptions.GroupBy(subscription => subscription.Stage).OrderBy(stage => stage.Key).ToArray())
        {
            _started = stage.Key;
            await Task.WhenAll(stage.Select(subscription => subscription.Observer.OnStart(cancellation)));
        }
    }

    /// <summary>A failure is logged and the rest goes on.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        var started = _subscriptions.Where(subscription => subscription.Stage <= _started).GroupBy(subscription => subscription.Stage);
        foreach (var stage in started.OrderByDescending(stage => stage.Key).ToArray())
        {
            await Task.WhenAll(stage.Select(subscription => StopOne(subscription, cancellation)));
        }
    }

    private async Task StopOne(Subscription subscription, CancellationToken cancellation)
    {
        try
        {
            await subscription.Observer.OnStop(cancellation);
        }
        catch (Exception exception)
        {
            log.StopFailed(exception, subscription.Name);
        }
    }

    private sealed record Subscription(SiloLifecycle Owner, string Name, int Stage, ILifecycleObserver Observer) : IDisposable
    {
        public void Dispose() => Owner._subscriptions.Remove(this);
    }
}
