using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace SocialCommerce.Engine.Tests.Conformance;

public interface IAlarmGrain : IGrainWithStringKey
{
    /// <summary>Notes "rang:name" each time.</summary>
    Task SetAlarm(string name, TimeSpan dueTime, TimeSpan period);

    Task Clear(string name);

    Task<List<string>> Names();

    Task End();
}

public sealed class AlarmGrain(Trace trace) : Grain, IAlarmGrain, IRemindable
{
    public Task SetAlarm(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task Clear(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<List<string>> Names() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order()];

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        trace.Note("ended");
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        trace.Note($"rang:{reminderName}");
        return reminderName == "failing" ? throw new InvalidOperationException("The alarm failed.") : Task.CompletedTask;
    }
}

public sealed class ReminderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_reminder_rings_and_goes_on_ringing()
    {
        await using var silo = await TestSilo.Start(WithReminders);

        await silo.Grain<IAlarmGrain>("one").SetAlarm("it", Soon, Soon);

        await silo.Trace.Noted("rang:it", times: 3);
    }

    [Fact]
    public async Task A_reminder_wakes_a_grain_that_is_not_active()
    {
        await using var silo = await TestSilo.Start(WithReminders);
        var grain = silo.Grain<IAlarmGrain>("one");
        await grain.SetAlarm("it", Soon, Soon);
        await grain.End();
        await silo.Trace.Noted("ended");

        // On a slow machine it has rung before that as well.
        var rung = silo.Trace.Count("rang:it");
        await silo.Trace.Noted("rang:it", times: rung + 1);
    }

    [Fact]
    public async Task A_reminder_goes_on_when_the_grain_fails()
    {
        await using var silo = await TestSilo.Start(WithReminders);

        await silo.Grain<IAlarmGrain>("one").SetAlarm("failing", Soon, Soon);

        await silo.Trace.Noted("rang:failing", times: 2);
    }

    [Fact]
    public async Task Reminders_are_listed_and_registering_again_replaces()
    {
        await using var silo = await TestSilo.Start(WithReminders);
        var grain = silo.Grain<IAlarmGrain>("one");

        await grain.SetAlarm("a", Never, Never);
        await grain.SetAlarm("b", Never, Never);
        await grain.SetAlarm("a", Soon, Never);

        Assert.Equal(["a", "b"], await grain.Names());
        Assert.Empty(await silo.Grain<IAlarmGrain>("two").Names());
        await silo.Trace.Noted("rang:a");
    }

    [Fact]
    public async Task An_unregistered_reminder_is_silent()
    {
        await using var silo = await TestSilo.Start(WithReminders);
        var grain = silo.Grain<IAlarmGrain>("one");
        await grain.SetAlarm("it", Soon, Soon);
        await silo.Trace.Noted("rang:it");

        await grain.Clear("it");

        Assert.Empty(await grain.Names());
        var rung = silo.Trace.Count("rang:it");
        await grain.SetAlarm("yardstick", Soon, Soon);
        await silo.Trace.Noted("rang:yardstick", times: 5);
        // One that was on its way may still come.
        Assert.InRange(silo.Trace.Count("rang:it"), rung, rung + 1);
    }

    [Fact]
    public async Task A_period_below_the_minimum_is_refused()
    {
        await using var silo = await TestSilo.Start(builder => builder.UseInMemoryReminderService());

        await Assert.ThrowsAsync<ArgumentException>(() =>
            silo.Grain<IAlarmGrain>("one").SetAlarm("it", Soon, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public async Task Reminders_outlive_the_silo_when_their_table_does()
    {
        var table = new StoredReminders();
        await using (var first = await TestSilo.Start(builder => WithTable(builder, table)))
        {
            await first.Grain<IAlarmGrain>("one").SetAlarm("it", TimeSpan.Zero, Soon);
            await first.Trace.Noted("rang:it");
        }

        await using var second = await TestSilo.Start(builder => WithTable(builder, table));

        await second.Trace.Noted("rang:it", times: 2);
        Assert.Equal(["it"], await second.Grain<IAlarmGrain>("one").Names());
    }

    private static void WithReminders(ISiloBuilder builder)
    {
        builder.UseInMemoryReminderService();
        builder.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = Soon);
    }

    private static void WithTable(ISiloBuilder builder, IReminderTable table)
    {
        builder.AddReminders();
        builder.Services.AddSingleton(table);
        builder.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = Soon);
    }
}
