namespace Orleans.Runtime;

/// <summary>One activation: a grain's life in memory, from its first request to its deactivation.</summary>
public interface IGrainContext
{
    GrainReference GrainReference { get; }

    GrainId GrainId { get; }

    object? GrainInstance { get; }

    /// <summary>A container scope that lives as long as the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended and OnDeactivateAsync is over. Awaiting it inside the grain itself would deadlock.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation as soon as nothing runs on it. May be called from anywhere and more than once.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
