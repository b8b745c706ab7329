using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using SocialCommerce.EmbeddedSilo;
using SocialCommerce.Engine.Tests.Conformance;
using SocialCommerce.Grains;

namespace SocialCommerce.Simulation.Tests;

/// <summary>One machine: the engine on it, which is killed and started anew, and its reminders, which outlive it.</summary>
internal sealed class Silo(World world, int number)
{
    private static readonly string ShareKey = Convert.ToBase64String(new byte[32]);
    private static readonly IConfiguration NoConfiguration = new ConfigurationBuilder().Build();

    private readonly StoredReminders _reminders = new();
    private StoreLink? _link;

    public int Number => number;

    /// <summary>Its present life; null while it is down.</summary>
    public Life? Life { get; private set; }

    /// <summary>Null until it serves.</summary>
    public IGrainFactory? Grains { get; private set; }

    /// <summary>As the edge reaches them: a silo alone has every shopper itself. Null until it serves.</summary>
    private IShoppers? Shoppers { get; set; }

    /// <summary>What the edge beside the silo asks of a shopper.</summary>
    public Task<T> Ask<T>(string shopperId, Func<IShopper, Task<T>> ask) => Life!.Run(() => ask(Shoppers!.Of(shopperId)));

    public void Start()
    {
        var life = new Life(world.Turns);
        var dice = world.Dice.Split();
        var skew = TimeSpan.FromTicks(dice.Between(-world.Setting.SkewMost.Ticks, world.Setting.SkewMost.Ticks));
        world.Trace.Note($"silo {number} starts, its clock off by {skew}");
        Life = life;
        _link = new StoreLink(world, life, number, dice);
        var services = Services(life, _link, skew, dice);
        world.Turns.Start(() => Serve(life, services)).ContinueWith(
            start =>
            {
                if (!life.IsOver) world.Auditor.Broken($"silo {number} did not start: {start.Exception!.InnerException}");
            },
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Everything in its memory is gone, in the middle of whatever ran.</summary>
    public void Kill()
    {
        if (Life is not { } life) return;
        world.Faults.Count(Fault.SiloKilled);
        world.Trace.Note($"silo {number} is killed");
        Grains = null;
        Life = null;
        life.End();
        _link!.Die();
    }

    private async Task Serve(Life life, ServiceProvider services)
    {
        foreach (var hosted in services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        if (life.IsOver) return;
        Shoppers = services.GetRequiredService<IShoppers>();
        Grains = services.GetRequiredService<IGrainFactory>();
        while (!life.IsOver)
        {
            try
            {
                await GrainsRegistration.StartSocialCommerce(services);
                return;
            }
            catch (TimeoutException)
            {
                // Time leapt meanwhile. It may be repeated.
            }
        }
    }

    private ServiceProvider Services(Life life, StoreLink link, TimeSpan skew, Dice dice)
    {
        var setting = world.Setting;
        var services = new ServiceCollection();
        services.AddSingleton(NoConfiguration);
        services.AddSingleton<TimeProvider>(new SiloTime(world.Timeline, life));
        services.AddKeyedSingleton<TimeProvider>(Clock.Domain, new SiloClock(world.Timeline, skew, world.Defect));
        services.AddSingleton<IJournal>(link);
        services.AddSingleton<IChance>(new SeededChance(dice.Split()));
        services.AddSocialCommerceGrains();
        if (setting.Silos == 1) services.AddSoleProcess();
        services.Configure<EngineOptions>(options =>
        {
            options.ShareKey = ShareKey;
            options.SweepMilliseconds = setting.SweepMilliseconds;
            options.CampaignCacheMilliseconds = setting.CampaignCacheMilliseconds;
            options.ConfirmMilliseconds = setting.ConfirmMilliseconds;
        });
        services.AddOrleans(silo =>
        {
            silo.AddReminders().AddMemoryGrainStorage(GrainsRegistration.SnapshotStore);
            silo.Services.AddSingleton<IReminderTable>(_reminders);
            silo.Configure<EmbeddedSiloOptions>(options => options.Scheduler = life);
            silo.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = setting.IdleAge;
                options.CollectionQuantum = setting.IdleAge / 3;
            });
        });
        return services.BuildServiceProvider();
    }
}
