namespace SocialCommerce.Simulation.Tests;

/// <summary>Something that happens at its time. Set anew, it forgets the time before.</summary>
internal abstract class Alarm
{
    /// <summary>Which setting is the valid one; an older one in the queue means nothing any more.</summary>
    public int Setting { get; set; }

    public abstract void Ring();
}

/// <summary>The one true time of a simulation, which goes on only when nothing is left to be done at an instant.</summary>
internal sealed class Timeline(DateTimeOffset start)
{
    private readonly PriorityQueue<(Alarm Alarm, int Setting), (long At, long Order)> _alarms = new();
    private long _order;

    public long Ticks { get; private set; } = start.UtcTicks;

    public DateTimeOffset Now => new(Ticks, TimeSpan.Zero);

    public void Set(Alarm alarm, TimeSpan after) => _alarms.Enqueue((alarm, ++alarm.Setting), (Ticks + Math.Max(0, after.Ticks), ++_order));

    public void After(TimeSpan span, Action action) => Set(new ActionAlarm(action), span);

    public Task Delay(TimeSpan span)
    {
        var pause = new Pause();
        Set(pause, span);
        return pause.Task;
    }

    /// <summary>Goes on to the next alarm and rings it; false if there is none until <paramref name="until"/>.</summary>
    public bool RingNext(long until = long.MaxValue)
    {
        while (_alarms.TryPeek(out var next, out var due))
        {
            if (due.At > until) return false;
            _alarms.Dequeue();
            if (next.Alarm.Setting != next.Setting) continue;
            if (due.At > Ticks) Ticks = due.At;
            next.Alarm.Ring();
            return true;
        }

        return false;
    }

    /// <summary>Time passes while nobody runs, as on a machine that slept: what was due meanwhile rings late, all at once.</summary>
    public void Leap(TimeSpan by)
    {
        Ticks += by.Ticks;
        while (RingNext(Ticks))
        {
        }
    }

    private sealed class ActionAlarm(Action action) : Alarm
    {
        public override void Ring() => action();
    }

    private sealed class Pause : Alarm
    {
        private readonly TaskCompletionSource _over = new();

        public Task Task => _over.Task;

        public override void Ring() => _over.SetResult();
    }
}
