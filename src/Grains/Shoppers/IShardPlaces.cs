using Orleans.Runtime;

namespace SocialCommerce.Grains;

/// <summary>Which silo each shard of the shoppers belongs to, in the cluster as it is now. Thread-safe.</summary>
public interface IShardPlaces
{
    /// <summary>Another number after each change of the cluster.</summary>
    int Changes { get; }

    /// <summary>Whether the shard belongs to this silo.</summary>
    bool IsHere(GrainId shard);
}
