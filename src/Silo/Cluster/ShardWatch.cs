using SocialCommerce.Grains;

namespace SocialCommerce.Silo;

/// <summary>
/// Sees to it that every shard of the deadlines has an owner soon after its silo died: the reminders would bring it back within their
/// minute, each silo asks every few seconds.
/// </summary>
internal sealed partial class ShardWatch(IServiceProvider services, TimeProvider time, ILogger<ShardWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every shard has been woken once.</summary>
    public Task First => _first.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await GrainsRegistration.StartSocialCommerce(services);
                _first.TrySetResult();
            }
            // Whatever it was (the database away, a silo just gone, a call that Orleans cancelled): the next round comes soon.
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(1, LogLevel.Warning, "The deadlines' shards could not all be woken: {Fault}")]
    private partial void LogFailed(string fault);
}
