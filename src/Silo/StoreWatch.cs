using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>
/// Looks every few seconds whether the store answers, so that a process that nobody writes to says in time that it is not ready, and sees to it
/// that the process goes on meanwhile.
/// </summary>
internal sealed class StoreWatch(IJournal journal, SiloReadiness readiness, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // Of a PostgreSQL that stands still every command times out after half a minute, and Npgsql then cancels it over a new connection, blocking a
    // thread of the pool for as long as that is tried. The pool makes up for blocked threads at one or two a second: for a quarter of a minute
    // nobody was answered, nor a probe of another silo. A dozen were seen blocked at once in one silo's stacks.
    private const int BlockedMost = 64;

    private bool _hasRoom;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // Of all reads this one is never answered from memory.
                await journal.Due(shard: 0, time.GetUtcNow(), limit: 0).WaitAsync(Period, time, stoppingToken);
                Say(null);
            }
            catch (JournalUnavailableException fault)
            {
                Say(fault.Message);
            }
            catch (TimeoutException)
            {
                Say($"the store has not answered for {Period.TotalSeconds:0} s");
            }
        }
    }

    private void Say(string? away)
    {
        readiness.StoreIs(away);
        if (away is not null == _hasRoom) return;
        _hasRoom = !_hasRoom;
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(_hasRoom ? workers + BlockedMost : workers - BlockedMost, completions);
    }
}
