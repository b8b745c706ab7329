using SocialCommerce.Api;

namespace SocialCommerce.Silo;

/// <summary>A process without grains is ready while it is connected to a silo and does not stop.</summary>
internal sealed class ClientReadiness : IReadiness
{
    // Connected before the first question: the process listens only then.
    private volatile int _gateways = 1;
    private volatile bool _stopping;

    public void Gateways(int count) => _gateways = count;

    public void Stopping() => _stopping = true;

    public bool IsReady(out string? reason)
    {
        reason = _stopping ? "stopping" : _gateways == 0 ? "no silo can be reached" : null;
        return reason is null;
    }
}
