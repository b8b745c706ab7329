using SocialCommerce.Api;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Ready from the end of the start to the beginning of the stop, while the journal can be written.</summary>
internal sealed class SiloReadiness(IJournal journal) : IReadiness
{
    private volatile bool _started;
    private volatile string? _storeFault;
    private volatile bool _stopping;

    public void Ready() => _started = true;

    public void Stopping() => _stopping = true;

    /// <summary>What a look at the store found; null when it answered.</summary>
    public void StoreIs(string? fault) => _storeFault = fault;

    public bool IsReady(out string? reason)
    {
        reason = _stopping ? "stopping" : !_started ? "starting" : journal.Status is { Writable: false } status ? status.Fault : _storeFault;
        return reason is null;
    }
}
