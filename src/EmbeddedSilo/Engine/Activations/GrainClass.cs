using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>A grain class in one silo: its rules, and its activations by key.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<IdSpan, IMessageTarget> _targets = new();
    private readonly GrainMaker _maker;

    public GrainClass(Silo silo, Type type, GrainCollectionOptions ages)
    {
        Silo = silo;
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? NameByConvention(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        var workers = type.GetCustomAttribute<StatelessWorkerAttribute>();
        IsStatelessWorker = workers is not null;
        WorkersMax = workers?.WorkersMax ?? 1;
        AgeLimitTicks = AgeLimit(type, ages) is { } age ? silo.Heart.Ticks(age) : null;
        _maker = GrainMaker.Of(type);
    }

    public Silo Silo { get; }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    public bool IsStatelessWorker { get; }

    public int WorkersMax { get; }

    /// <summary>How long an activation may be idle, in ticks of the silo's clock; null for ever.</summary>
    public long? AgeLimitTicks { get; }

    public object CreateInstance(Activation activation) => _maker.Make(activation);

    public Activation NewActivation(IdSpan key)
    {
        Silo.ActivationBegins();
        return new(this, key);
    }

    public void Deliver(Request request)
    {
        var key = request.Target.Key;
        while (true)
        {
            if (!_targets.TryGetValue(key, out var target))
            {
                if (!Silo.MayActivate)
                {
                    request.Fail(new SiloUnavailableException(
                        $"The silo is not running; {request.Method.Name} on {request.Target.GrainId} was not started."));
                    return;
                }

                var created = IsStatelessWorker ? (IMessageTarget)new StatelessWorkers(this, key) : NewActivation(key);
                target = _targets.GetOrAdd(key, created);

                // Another thread was faster; its activation is the grain.
                if (target != created && created is Activation) Silo.ActivationEnds();
            }

            if (target.TryDeliver(request)) return;
        }
    }

    public void Remove(Activation activation)
    {
        if (!IsStatelessWorker)
        {
            _targets.TryRemove(new(activation.Key, activation));
        }
        else if (_targets.TryGetValue(activation.Key, out var group) && ((StatelessWorkers)group).Remove(activation))
        {
            _targets.TryRemove(new(activation.Key, group));
        }

        Silo.ActivationEnds();
    }

    public IEnumerable<Activation> Activations() => IsStatelessWorker
        ? _targets.Values.Cast<StatelessWorkers>().SelectMany(group => group.Workers)
        : _targets.Select(target => (Activation)target.Value);

    private static string NameByConvention(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }

    private static TimeSpan? AgeLimit(Type type, GrainCollectionOptions ages)
    {
        if (type.IsDefined(typeof(KeepAliveAttribute), inherit: true)) return null;
        if (type.FullName is { } name && ages.ClassSpecificCollectionAge.TryGetValue(name, out var given)) return given;
        return type.GetCustomAttribute<CollectionAgeLimitAttribute>() switch
        {
            null => ages.CollectionAge,
            { AlwaysActive: true } => null,
            var limit => limit.AgeLimit,
        };
    }
}
