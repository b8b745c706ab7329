using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>What the silo logs: faults that no caller gets to see.</summary>
internal sealed partial class SiloLog(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("SocialCommerce.EmbeddedSilo");

    [LoggerMessage(1, LogLevel.Error, "Activating {GrainId} failed; its callers get the exception.")]
    public partial void ActivationFailed(Exception exception, GrainId grainId);

    [LoggerMessage(2, LogLevel.Error, "Deactivating {GrainId} failed; it has ended all the same.")]
    public partial void DeactivationFailed(Exception exception, GrainId grainId);

    [LoggerMessage(3, LogLevel.Warning, "One-way call {Method} on {GrainId} failed.")]
    public partial void OneWayFailed(Exception exception, string method, GrainId grainId);

    [LoggerMessage(4, LogLevel.Warning, "A timer of {GrainId} failed; it goes on.")]
    public partial void TimerFailed(Exception exception, GrainId grainId);

    [LoggerMessage(5, LogLevel.Warning, "A callback that a grain registered on a call's cancellation failed.")]
    public partial void CancellationCallbackFailed(Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The silo stops while calls are still under way.")]
    public partial void CallsLeftBehind();

    [LoggerMessage(7, LogLevel.Warning, "The silo has stopped and left {Count} activations behind that would not end.")]
    public partial void ActivationsLeftBehind(int count);

    [LoggerMessage(8, LogLevel.Error, "{Observer} failed while the silo was stopping.")]
    public partial void StopFailed(Exception exception, string observer);

    [LoggerMessage(9, LogLevel.Warning, "Reminder {Reminder} of {GrainId} failed; its next tick comes as planned.")]
    public partial void ReminderFailed(Exception exception, string reminder, GrainId grainId);

    [LoggerMessage(10, LogLevel.Information, "Embedded silo is ready: {Count} grain classes.")]
    public partial void Ready(int count);
}
