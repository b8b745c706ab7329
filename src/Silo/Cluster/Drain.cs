using SocialCommerce.Api;

namespace SocialCommerce.Silo;

/// <summary>
/// Between SIGTERM and the stop: the process says that it is not ready and serves on, until those who send requests have noticed. Then
/// live streams and what else waits are ended, requests under way end, and the grains hand over.
/// </summary>
/// <param name="notReady">Turns readiness off.</param>
internal sealed class Drain(Action notReady, TimeSpan duration, TimeProvider time) : IHostedLifecycleService, ILongAnswers, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    public CancellationToken End => _over.Token;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any service stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        notReady();
        await Task.Delay(duration, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over.CancelAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();
}
