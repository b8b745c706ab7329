using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What a silo must register for the grains, beside an <see cref="IJournal"/> and Orleans itself.</summary>
public static class GrainsRegistration
{
    /// <summary>The name of the storage that snapshots are kept in.</summary>
    public const string SnapshotStore = StockGrain.SnapshotStore;

    public static IServiceCollection AddSocialCommerceGrains(this IServiceCollection services)
    {
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(Clock.Domain, TimeProvider.System);
        services.TryAddSingleton<IChance, SecureChance>();
        services.TryAddSingleton<Ids>();
        services.TryAddSingleton<GrainReferences>();
        services.TryAddSingleton<Receipts>();
        services.TryAddSingleton<JournaledGrainServices>();
        services.TryAddSingleton<CampaignCatalog>();
        services.TryAddSingleton<SoldOutCampaigns>();
        services.TryAddSingleton<HelpParts>();
        services.TryAddSingleton<ShopperShelves>();
        services.TryAddSingleton<ShardsHere>();
        services.TryAddSingleton<IShardsHere>(provider => provider.GetRequiredService<ShardsHere>());
        services.TryAddSingleton<IShoppers, ShoppersByShard>();
        services.TryAddSingleton<ShoppersInDoubt>();
        services.TryAddSingleton<CampaignIndex>();
        services.TryAddSingleton<TeamBoard>();
        services.TryAddSingleton<CampaignFigures>();
        services.TryAddSingleton(provider => new DayCalendar(TimeZoneInfo.FindSystemTimeZoneById(Options(provider).TimeZone)));
        services.TryAddSingleton(provider => new HelpLimit(Options(provider).HelpsPerDay));
        services.TryAddSingleton(provider => new ShareTokens(Convert.FromBase64String(Options(provider).ShareKey)));
        return services;
    }

    /// <summary>
    /// For a process that shares its journal with no other: shoppers are found here and called straight, also by the API beside the grains
    /// (adr/0010), bargains at rest wake without a read (adr/0015), and those that somebody asked in vain are known (adr/0020). Where another
    /// process could act for the same shopper or bargain, all of them would show it as it was.
    /// </summary>
    public static IServiceCollection AddSoleProcess(this IServiceCollection services)
    {
        services.AddSingleton<RestingBargains>();
        services.AddSingleton<BargainsAtHand>();
        services.AddHostedService<BargainsReadAhead>();
        services.AddSingleton<AllShoppers>();
        services.Replace(ServiceDescriptor.Singleton<IShoppers>(provider => provider.GetRequiredService<AllShoppers>()));
        return services;
    }

    /// <summary>Wakes what works by itself. Call once the silo serves; may be repeated.</summary>
    public static Task StartSocialCommerce(IServiceProvider services) =>
        DeadlineStarter.WakeAll(services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<IJournal>());

    private static EngineOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<EngineOptions>>().Value;
}
