using Orleans.Runtime;

namespace SocialCommerce.Silo;

/// <summary>Says in the log which silos come and go, each in one line; what Orleans itself logs of it is pages long.</summary>
internal sealed partial class MembershipLog(IClusterMembershipService membership, ILogger<MembershipLog> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ClusterMembershipSnapshot? before = null;
        await foreach (var now in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            foreach (var silo in now.Members.Values.OrderBy(silo => silo.SiloAddress))
            {
                var was = before?.GetSiloStatus(silo.SiloAddress) ?? SiloStatus.None;
                if (silo.Status == was) continue;
                if (silo.Status == SiloStatus.Active) LogJoined(silo.Name, silo.SiloAddress);
                else if (silo.Status == SiloStatus.Dead && was == SiloStatus.Active) LogDead(silo.Name, silo.SiloAddress);
                else if (silo.Status == SiloStatus.Dead && was is SiloStatus.ShuttingDown or SiloStatus.Stopping) LogLeft(silo.Name, silo.SiloAddress);
            }

            before = now;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Silo {Name} ({Address}) has joined")]
    private partial void LogJoined(string name, SiloAddress address);

    [LoggerMessage(2, LogLevel.Information, "Silo {Name} ({Address}) has left")]
    private partial void LogLeft(string name, SiloAddress address);

    [LoggerMessage(3, LogLevel.Warning, "Silo {Name} ({Address}) is declared dead: killed, cut off, or it stands still; its grains come up on the others")]
    private partial void LogDead(string name, SiloAddress address);
}
