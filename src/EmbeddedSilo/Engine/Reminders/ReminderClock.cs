using Orleans;
using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo.Reminders;

/// <summary>
/// Ticks one reminder at StartAt + n × Period. Ticks that were missed, because the process was down or the grain slow, are skipped.
/// </summary>
internal sealed class ReminderClock : IDisposable
{
    // Timers can't be set further ahead than 49 days; what is due later is looked at again.
    private static readonly TimeSpan FarthestWait = TimeSpan.FromDays(40);
    private readonly Silo _silo;
    private readonly ReminderTurns _turns;
    private readonly ReminderEntry _entry;
    private readonly IRemindable _grain;
    private readonly ITimer _timer;
    private DateTime _due;
    private volatile bool _disposed;

    public ReminderClock(Silo silo, ReminderTurns turns, ReminderEntry entry)
    {
        _silo = silo;
        _turns = turns;
        _entry = entry;
        _grain = silo.GrainFactory.GetGrain<IRemindable>(entry.GrainId);
        _timer = Quiet.CreateTimer(silo.Time, static self => ((ReminderClock)self!).Ring(), this);
    }

    private DateTime Now => _silo.Time.GetUtcNow().UtcDateTime;

    public void Start()
    {
        _due = Next(Now);
        Wait();
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Ring() => _turns.Run(async () =>
    {
        if (_disposed) return;
        if (_due <= Now)
        {
            await Tick();
            _due = Next(Now);
        }

        if (!_disposed) Wait();
    });

    private async Task Tick()
    {
        try
        {
            await _grain.ReceiveReminder(_entry.ReminderName, new TickStatus(_entry.StartAt, _entry.Period, Now));
        }
        catch (Exception exception)
        {
            _silo.Log.ReminderFailed(exception, _entry.ReminderName, _entry.GrainId);
        }
    }

    private DateTime Next(DateTime now)
    {
        if (now < _entry.StartAt || (now == _entry.StartAt && _due == default)) return _entry.StartAt;
        if (_entry.Period == TimeSpan.Zero) return now;
        var sinceLast = (now - _entry.StartAt).Ticks % _entry.Period.Ticks;
        return now.AddTicks(_entry.Period.Ticks - sinceLast);
    }

    private void Wait()
    {
        var wait = _due - Now;
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > FarthestWait ? FarthestWait : wait, Timeout.InfiniteTimeSpan);
    }
}
