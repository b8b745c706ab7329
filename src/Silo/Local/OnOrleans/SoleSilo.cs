using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.Placement;

namespace SocialCommerce.Silo;

/// <summary>A silo that is its whole cluster (adr/0009): whatever is called is here, so no grain is looked up, placed or registered.</summary>
internal static class SoleSilo
{
    /// <summary>Sets up a silo that nobody joins: a second one would have every grain a second time.</summary>
    public static void Configure(ISiloBuilder silo)
    {
        silo.Configure<GrainDirectoryOptions>(options => options.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.Custom);
        silo.Services.AddSingleton<IGrainDirectoryCache, EverythingIsHere>();
        silo.Services.AddSingleton<IPlacementStrategyResolver, UnregisteredWhereDefault>();
        silo.Services.AddPlacementDirector<UnregisteredPlacement, HerePlacementDirector>();
        silo.Services.AddSingleton<IActivationWorkingSet, NoWorkingSet>();
    }

    /// <summary>The silo keeps one activation for each grain by itself; the directory is for silos to agree with each other.</summary>
    private sealed class UnregisteredPlacement : PlacementStrategy
    {
        public override bool IsUsingGrainDirectory => false;
    }

    /// <summary>For who asks for a place by name, as a migration does.</summary>
    private sealed class HerePlacementDirector : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) => Task.FromResult(context.LocalSilo);
    }

    /// <summary>Grains that ask for a placement of their own get it.</summary>
    private sealed class UnregisteredWhereDefault : IPlacementStrategyResolver
    {
        private readonly UnregisteredPlacement _unregistered = new();

        public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result)
        {
            var asksForItsOwn = properties is null || properties.Properties.ContainsKey(WellKnownGrainTypeProperties.PlacementStrategy);
            result = asksForItsOwn ? null : _unregistered;
            return !asksForItsOwn;
        }
    }

    /// <summary>Answers for grains that nobody called yet, too: the silo makes them as their first message comes.</summary>
    private sealed class EverythingIsHere(ILocalSiloDetails local) : IGrainDirectoryCache
    {
        private readonly SiloAddress _here = local.SiloAddress;

        // No activation's: a message that one on its way out sends back has its word that the grain is not where it was, and would wait for a place.
        private readonly ActivationId _any = ActivationId.NewId();

        public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => [];

        public bool LookUp(GrainId key, out GrainAddress result, out int version)
        {
            result = new GrainAddress { GrainId = key, SiloAddress = _here, ActivationId = _any };
            version = 0;
            return true;
        }

        public void AddOrUpdate(GrainAddress value, int version)
        {
        }

        public bool Remove(GrainId key) => false;

        public bool Remove(GrainAddress key) => false;

        public void Clear()
        {
        }
    }

    /// <summary>
    /// Keeps no set of the grains that were called lately, nor visits all of them every few seconds: other silos place grains by its size. The
    /// collector of idle grains is told when one begins and ends, and looks for itself in between.
    /// </summary>
    private sealed class NoWorkingSet(IEnumerable<IActivationWorkingSetObserver> observers) : IActivationWorkingSet
    {
        private readonly IActivationWorkingSetObserver[] _observers = [.. observers];

        public int Count => 0;

        public void OnActivated(IActivationWorkingSetMember member)
        {
            foreach (var observer in _observers) observer.OnAdded(member);
        }

        // Who was never taken out is not put in again.
        public void OnActive(IActivationWorkingSetMember member)
        {
        }

        public void OnDeactivating(IActivationWorkingSetMember member)
        {
            foreach (var observer in _observers) observer.OnDeactivating(member);
        }

        public void OnDeactivated(IActivationWorkingSetMember member)
        {
            foreach (var observer in _observers) observer.OnDeactivated(member);
        }
    }
}
