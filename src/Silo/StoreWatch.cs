using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Looks every few seconds whether the store answers, so that a process that nobody writes to says in time that it is not ready.</summary>
internal sealed class StoreWatch(IJournal journal, SiloReadiness readiness, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // Of all reads this one is never answered from memory.
                await journal.Due(shard: 0, time.GetUtcNow(), limit: 0).WaitAsync(Period, time, stoppingToken);
                readiness.StoreIs(null);
            }
            catch (JournalUnavailableException fault)
            {
                readiness.StoreIs(fault.Message);
            }
            catch (TimeoutException)
            {
                readiness.StoreIs($"the store has not answered for {Period.TotalSeconds:0} s");
            }
        }
    }
}
