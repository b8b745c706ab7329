using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using SocialCommerce.Engine.Tests.Conformance;

namespace SocialCommerce.Engine.Tests.EmbeddedOnly;

public sealed class VirtualTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void A_timer_follows_the_clock()
    {
        using var world = new Simulation(seed: 1);
        _ = world.Do(() => world.Grain<ITimerGrain>("one").StartTimer("it", interleave: false));

        world.Pass(TimeSpan.FromMilliseconds(200), step: TimeSpan.FromMilliseconds(1));

        // Due after 20 ms and then every 20.
        Assert.Equal(10, world.Trace.Count("tick:it"));
    }

    [Fact]
    public void A_daily_reminder_rings_every_day_of_a_month()
    {
        using var world = new Simulation(seed: 1, builder => builder.UseInMemoryReminderService());
        _ = world.Do(() => world.Grain<IAlarmGrain>("one").SetAlarm("daily", Day / 2, Day));

        world.Pass(30 * Day, step: Day / 4);

        Assert.Equal(30, world.Trace.Count("rang:daily"));
    }

    [Fact]
    public void A_reminder_that_is_due_in_fifty_days_rings_then_and_not_before()
    {
        using var world = new Simulation(seed: 1, builder => builder.UseInMemoryReminderService());
        _ = world.Do(() => world.Grain<IAlarmGrain>("one").SetAlarm("far", 50 * Day, 50 * Day));

        world.Pass(49.75 * Day, step: Day / 4);
        Assert.Equal(0, world.Trace.Count("rang:far"));

        world.Pass(Day / 4, step: Day / 4);
        Assert.Equal(1, world.Trace.Count("rang:far"));
    }

    [Fact]
    public void Reminders_that_were_missed_while_the_silo_was_down_are_skipped()
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var table = new StoredReminders();
        using (var before = new Simulation(seed: 1, builder => WithTable(builder, table), start))
        {
            _ = before.Do(() => before.Grain<IAlarmGrain>("one").SetAlarm("daily", TimeSpan.FromHours(1), Day));
        }

        using var after = new Simulation(seed: 1, builder => WithTable(builder, table), start + (3.5 * Day));
        after.Pass(Day / 2, step: Day / 48);
        Assert.Equal(0, after.Trace.Count("rang:daily"));

        after.Pass(TimeSpan.FromHours(1), step: Day / 48);
        Assert.Equal(1, after.Trace.Count("rang:daily"));
    }

    [Fact]
    public async Task A_call_times_out_by_the_clock()
    {
        using var world = new Simulation(seed: 1);
        var call = world.Do(() => world.Grain<ICallGrain>("one").Hold("gate"));

        world.Pass(TimeSpan.FromSeconds(29), Second);
        Assert.False(call.IsCompleted);

        world.Pass(TimeSpan.FromSeconds(4), Second);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        world.Trace.Open("gate");
    }

    [Fact]
    public void A_grain_that_nobody_has_used_for_fifteen_minutes_ends()
    {
        using var world = new Simulation(seed: 1);
        _ = world.Do(() => world.Grain<ILifeGrain>("one").Number());
        world.Pass(10 * Minute, Minute);
        _ = world.Do(() => world.Grain<ILifeGrain>("one").Number());

        world.Pass(14 * Minute, Minute);
        Assert.Equal(["activated 1"], world.Trace.Notes);

        world.Pass(3 * Minute, Minute);
        Assert.Equal(["activated 1", "ended 1: ActivationIdle"], world.Trace.Notes);
    }

    [Fact]
    public void A_class_may_have_an_age_of_its_own_by_attribute_or_by_option()
    {
        using var world = new Simulation(seed: 1, builder => builder.Configure<GrainCollectionOptions>(options =>
            options.ClassSpecificCollectionAge[typeof(LifeGrain).FullName!] = 5 * Minute));
        _ = world.Do(() => world.Grain<ILifeGrain>("by option").Number());
        _ = world.Do(() => world.Grain<IShortLivedGrain>("by attribute").Number());

        world.Pass(2 * Minute, Minute);
        Assert.Equal(0, world.Trace.Count("ended 1: ActivationIdle"));
        world.Pass(2 * Minute, Minute);
        Assert.Equal(1, world.Trace.Count("ended 1: ActivationIdle"));
        world.Pass(2 * Minute, Minute);
        Assert.Equal(2, world.Trace.Count("ended 1: ActivationIdle"));
    }

    [Fact]
    public void A_wish_to_stay_is_kept_for_its_time()
    {
        using var world = new Simulation(seed: 1);
        _ = world.Do(() => world.Grain<ILifeGrain>("one").Stay());

        world.Pass(59 * Minute, Minute);
        Assert.Equal(["activated 1"], world.Trace.Notes);

        world.Pass(3 * Minute, Minute);
        Assert.Equal(["activated 1", "ended 1: ActivationIdle"], world.Trace.Notes);
    }

    private static void WithTable(ISiloBuilder builder, IReminderTable table)
    {
        builder.AddReminders();
        builder.Services.AddSingleton(table);
    }
}
