using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine asks of a grain class; <see cref="Grain"/> is the usual way to have it.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first request. A failure goes to every waiting caller and ends the activation.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last request, and before any newer activation of the same grain is made. Failures are logged.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
