using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>The options that the silo reads, looked over once.</summary>
internal sealed class SiloOptions
{
    public SiloOptions(IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection, IOptions<EmbeddedSiloOptions> engine)
    {
        Messaging = messaging.Value;
        Collection = collection.Value;
        Engine = engine.Value;
        var quantum = Collection.CollectionQuantum;
        if (quantum <= TimeSpan.Zero) throw Wrong($"CollectionQuantum is {quantum}; it must be more than 0");
        foreach (var (name, age) in Collection.ClassSpecificCollectionAge.Prepend(new("CollectionAge", Collection.CollectionAge)))
        {
            if (age <= quantum) throw Wrong($"{name} is {age}; it must be more than CollectionQuantum, {quantum}");
        }

        var (limit, target) = (Collection.MemoryUsageLimitPercentage, Collection.MemoryUsageTargetPercentage);
        if (Collection.MemoryUsagePollingPeriod <= TimeSpan.Zero) throw Wrong($"MemoryUsagePollingPeriod is {Collection.MemoryUsagePollingPeriod}; it must be more than 0");
        if (limit is not (> 0 and <= 100)) throw Wrong($"MemoryUsageLimitPercentage is {limit}; it must be more than 0 and at most 100");
        if (target <= 0 || target >= limit) throw Wrong($"MemoryUsageTargetPercentage is {target}; it must be more than 0 and less than MemoryUsageLimitPercentage, {limit}");
    }

    public SiloMessagingOptions Messaging { get; }

    public GrainCollectionOptions Collection { get; }

    public EmbeddedSiloOptions Engine { get; }

    private static OrleansConfigurationException Wrong(string what) => new($"GrainCollectionOptions: {what}.");
}
