using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Reminders;

namespace Orleans;

/// <summary>A grain's own reminders. To be called from the grain itself.</summary>
public static class GrainReminderExtensions
{
    /// <summary>
    /// Afterwards the reminder is stored and ticks at now + <paramref name="dueTime"/> and every <paramref name="period"/> from there, whether
    /// the grain is active or not. May be repeated; the last wins.
    /// </summary>
    /// <exception cref="ArgumentException">The period is below ReminderOptions.MinimumReminderPeriod.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        if (grain is not IRemindable) throw new InvalidOperationException($"Grain {grain.GrainContext.GrainId} is not '{nameof(IRemindable)}'.");
        return Service(grain).Register(grain.GrainContext.GrainId, reminderName, dueTime, period);
    }

    /// <inheritdoc cref="RegisterOrUpdateReminder(IGrainBase, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        RegisterOrUpdateReminder((IGrainBase)grain, reminderName, dueTime, period);

    /// <summary>Afterwards the reminder is gone.</summary>
    /// <exception cref="ReminderException">It was changed since, or is gone already.</exception>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) => Service(grain).Unregister(reminder);

    /// <inheritdoc cref="UnregisterReminder(IGrainBase, IGrainReminder)"/>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => UnregisterReminder((IGrainBase)grain, reminder);

    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        Service(grain).Find(grain.GrainContext.GrainId, reminderName);

    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => GetReminder((IGrainBase)grain, reminderName);

    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => Service(grain).List(grain.GrainContext.GrainId);

    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => GetReminders((IGrainBase)grain);

    private static ReminderService Service(IGrainBase grain) =>
        grain.GrainContext.ActivationServices.GetService<ReminderService>()
        ?? throw new OrleansConfigurationException(
            "Reminders are not set up: call AddReminders() and register an IReminderTable, or UseInMemoryReminderService().");
}
