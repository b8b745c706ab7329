using SocialCommerce.Api;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Ready from the end of the start to the beginning of the stop, while the journal can be written.</summary>
internal sealed class SiloReadiness : IReadiness
{
    private readonly IJournal _journal;
    private volatile bool _started;
    private volatile bool _stopping;

    public SiloReadiness(IJournal journal, IHostApplicationLifetime lifetime)
    {
        _journal = journal;
        lifetime.ApplicationStopping.Register(() => _stopping = true);
    }

    public void Ready() => _started = true;

    public bool IsReady(out string? reason)
    {
        reason = !_started ? "starting" : _stopping ? "stopping" : _journal.Status is { Writable: false } status ? status.Fault : null;
        return reason is null;
    }
}
