using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>Ends activations while the process is short of memory, those first that have been idle longest.</summary>
internal sealed class MemoryShedder(Silo silo, SiloOptions options) : IDisposable
{
    private ITimer? _timer;
    private int _collections = GC.CollectionCount(GC.MaxGeneration);

    public void Start()
    {
        if (!options.Collection.EnableActivationSheddingOnMemoryPressure) return;
        _timer = Quiet.CreateTimer(silo.Time, static self => ((MemoryShedder)self!).Look(), this);
        LookAgain();
    }

    public void Stop() => _timer?.Dispose();

    public void Dispose() => Stop();

    private void Look()
    {
        Shed();
        LookAgain();
    }

    private void LookAgain() => _timer!.Change(options.Collection.MemoryUsagePollingPeriod, Timeout.InfiniteTimeSpan);

    private void Shed()
    {
        // Nothing else tells what is in use, nor what the last ones have freed.
        var collections = GC.CollectionCount(GC.MaxGeneration);
        if (collections == _collections) return;
        var memory = GC.GetGCMemoryInfo();
        var usage = 100.0 * (memory.TotalCommittedBytes - memory.FragmentedBytes) / memory.TotalAvailableMemoryBytes;
        if (usage <= options.Collection.MemoryUsageLimitPercentage) return;
        _collections = collections;

        var activations = silo.Classes.Where(grainClass => grainClass.AgeLimitTicks is not null).SelectMany(grainClass => grainClass.Activations()).OrderBy(activation => activation.LastUse).ToArray();
        var surplus = (int)Math.Ceiling(activations.Length * (1 - (options.Collection.MemoryUsageTargetPercentage / usage)));
        foreach (var activation in activations.Take(surplus)) activation.Post(new EndIfUnused());
    }

    private sealed class EndIfUnused : TurnNode
    {
        public override void Run(TurnQueue queue) => ((Activation)queue).EndIfUnused();
    }
}
