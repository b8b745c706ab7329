using SocialCommerce.Journal;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Several silos in this process over one journal, each with what a silo of the program has. How depends on the engine.</summary>
internal abstract class GrainCluster : IAsyncDisposable
{
    /// <summary>By a client that knows every silo.</summary>
    public abstract IGrainFactory Grains { get; }

    /// <summary>A journal of the test's own over the same store.</summary>
    public abstract IJournal Journal { get; }

    /// <summary>The silos that run, by number.</summary>
    public abstract IReadOnlyList<int> Silos { get; }

    /// <summary>Where a grain is active; null: nowhere.</summary>
    public abstract int? SiloOf(IAddressable grain);

    /// <summary>Ends a grain's activation; the next call makes another, here or elsewhere.</summary>
    public abstract Task Deactivate(IAddressable grain);

    /// <summary>Moves a grain's activation to another silo, where the engine answers in time: under load it may stay.</summary>
    public abstract Task Migrate(IAddressable grain, int silo);

    /// <summary>Ends a silo without a word to the others.</summary>
    public abstract Task Kill(int silo);

    /// <summary>Stops a silo in good order.</summary>
    public abstract Task Stop(int silo);

    /// <summary>Starts one more silo.</summary>
    public abstract Task Start();

    public abstract ValueTask DisposeAsync();
}
