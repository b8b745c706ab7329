using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo.Reminders;

/// <summary>
/// Keeps reminders in the table and ticks those that it has read or registered. This process is the table's only writer, so what is in
/// memory stays true.
/// </summary>
internal sealed class ReminderService(Silo silo, IServiceProvider services, IOptions<ReminderOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderClock> _clocks = new();
    private readonly ReminderTurns _turns = new(silo);

    private IReminderTable Table => services.GetService<IReminderTable>()
        ?? throw new OrleansConfigurationException("No IReminderTable is registered: register one, or call UseInMemoryReminderService().");

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ReminderService), ServiceLifecycleStage.Active, Start, Stop);

    public async Task<IGrainReminder> Register(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        var shortest = options.Value.MinimumReminderPeriod;
        if (period < shortest) throw new ArgumentException($"Reminder {name} may not have a period of {period}; the shortest allowed is {shortest}.");
        var entry = new ReminderEntry
        {
            GrainId = grainId,
            ReminderName = name,
            StartAt = silo.Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        entry.ETag = await Table.UpsertRow(entry);
        Set(entry);
        return new Reminder(entry);
    }

    public async Task Unregister(IGrainReminder reminder)
    {
        if (reminder is not Reminder { Entry: var entry }) throw new ArgumentException("Not a reminder of this silo.", nameof(reminder));
        if (!await Table.RemoveRow(entry.GrainId, entry.ReminderName, entry.ETag!))
        {
            throw new ReminderException(
                $"Could not unregister reminder {entry.ReminderName} of {entry.GrainId}: it was changed since, or is gone. Get it again and retry.");
        }

        if (_clocks.TryRemove((entry.GrainId, entry.ReminderName), out var clock)) clock.Dispose();
    }

    public async Task<IGrainReminder?> Find(GrainId grainId, string name) =>
        await Table.ReadRow(grainId, name) is { } entry ? new Reminder(entry) : null;

    public async Task<List<IGrainReminder>> List(GrainId grainId) =>
        [.. (await Table.ReadRows(grainId)).Reminders.Select(entry => new Reminder(entry))];

    private async Task Start(CancellationToken cancellation)
    {
        await Table.StartAsync(cancellation);
        foreach (var entry in (await Table.ReadRows(0, 0)).Reminders) Set(entry);
    }

    private async Task Stop(CancellationToken cancellation)
    {
        foreach (var clock in _clocks.Values) clock.Dispose();
        _clocks.Clear();
        await Table.StopAsync(cancellation);
    }

    private void Set(ReminderEntry entry)
    {
        var clock = new ReminderClock(silo, _turns, entry);
        _clocks.AddOrUpdate((entry.GrainId, entry.ReminderName), clock, (_, old) =>
        {
            old.Dispose();
            return clock;
        });
        clock.Start();
    }

    private sealed record Reminder(ReminderEntry Entry) : IGrainReminder
    {
        public string ReminderName => Entry.ReminderName;
    }
}
