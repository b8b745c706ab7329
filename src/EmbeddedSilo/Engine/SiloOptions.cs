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
        if (Collection.CollectionAge <= quantum) throw Wrong($"CollectionAge is {Collection.CollectionAge}; it must be more than CollectionQuantum, {quantum}");
        foreach (var (name, age) in Collection.ClassSpecificCollectionAge)
        {
            if (age <= quantum) throw Wrong($"the age of {name} is {age}; it must be more than CollectionQuantum, {quantum}");
        }
    }

    public SiloMessagingOptions Messaging { get; }

    public GrainCollectionOptions Collection { get; }

    public EmbeddedSiloOptions Engine { get; }

    private static OrleansConfigurationException Wrong(string what) => new($"GrainCollectionOptions: {what}.");
}
