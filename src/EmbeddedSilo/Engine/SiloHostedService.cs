using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>Starts and stops the silo with the host.</summary>
internal sealed class SiloHostedService(
    Silo silo, IdleCollector collector, MemoryShedder shedder, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants) : IHostedService
{
    private readonly SiloLifecycle _lifecycle = new(silo.Log);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lifecycle.Subscribe(nameof(Silo), ServiceLifecycleStage.BecomeActive, _ => BecomeActive(), BecomeEmpty);
        foreach (var participant in participants) participant.Participate(_lifecycle);
        try
        {
            await _lifecycle.Start(cancellationToken);
        }
        catch
        {
            // What has started must not run on behind a host that has not.
            await _lifecycle.Stop(cancellationToken);
            throw;
        }

        silo.Log.Ready(silo.Classes.Length);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _lifecycle.Stop(cancellationToken);

    private Task BecomeActive()
    {
        silo.TakeCalls();
        collector.Start();
        shedder.Start();
        return Task.CompletedTask;
    }

    private async Task BecomeEmpty(CancellationToken cancellation)
    {
        collector.Stop();
        shedder.Stop();
        await silo.Empty(cancellation);
    }
}
