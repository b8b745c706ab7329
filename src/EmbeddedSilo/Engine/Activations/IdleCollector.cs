using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>Ends activations that have been idle for their age limit. Looks at all of them once per quantum.</summary>
internal sealed class IdleCollector(Silo silo, SiloOptions options) : IDisposable
{
    private ITimer? _timer;

    public void Start()
    {
        _timer = Quiet.CreateTimer(silo.Time, static self => ((IdleCollector)self!).Collect(), this);
        _timer.Change(options.Collection.CollectionQuantum, options.Collection.CollectionQuantum);
    }

    public void Stop() => _timer?.Dispose();

    public void Dispose() => Stop();

    private void Collect()
    {
        var now = silo.Time.GetTimestamp();
        foreach (var grainClass in silo.Classes.Where(grainClass => grainClass.AgeLimitTicks is not null))
        {
            foreach (var activation in InOrder(grainClass.Activations().Where(activation => activation.LooksIdle(now)))) activation.Post(new EndIfIdle(now));
        }
    }

    // The table that they are kept in has another order on another machine; a supplied scheduler must get them in the same.
    private IEnumerable<Activation> InOrder(IEnumerable<Activation> activations) =>
        silo.Scheduler is null ? activations : activations.OrderBy(activation => activation.Key).ToArray();

    private sealed class EndIfIdle(long now) : TurnNode
    {
        public override void Run(TurnQueue queue) => ((Activation)queue).EndIfIdle(now);
    }
}
