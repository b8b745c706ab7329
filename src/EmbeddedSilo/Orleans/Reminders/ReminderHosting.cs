using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Reminders;

namespace Orleans.Hosting;

/// <summary>Bounds of reminders.</summary>
public sealed class ReminderOptions
{
    /// <summary>Registering a shorter period fails.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Turns reminders on.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Reminders work, kept in the <see cref="IReminderTable"/> that is registered as a service.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        builder.Services.AddReminders();
        return builder;
    }

    /// <inheritdoc cref="AddReminders(ISiloBuilder)"/>
    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ReminderService))) return;
        services.AddSingleton<ReminderService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ReminderService>());
    }
}

/// <summary>Reminders for tests and laptops.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Reminders work and last as long as the process.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.AddReminders();
        builder.Services.AddSingleton<IReminderTable, InMemoryReminderTable>();
        return builder;
    }
}
