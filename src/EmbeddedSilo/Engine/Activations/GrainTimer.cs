using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>A grain's timer, which is also the message that its ticks are: only one is ever on its way.</summary>
internal sealed class GrainTimer : Message, IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _clock;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _changed;
    private bool _ticking;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;

        _clock = Quiet.CreateTimer(activation.Silo.Time, static self => ((GrainTimer)self!).Due(), this);
    }

    public override bool IsReadOnly => false;

    public override bool AlwaysInterleaves => _options.Interleave;

    public override bool KeepsActive => _options.KeepAlive;

    public static IGrainTimer Start(IGrainContext context, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var activation = context as Activation
            ?? throw new InvalidOperationException("A timer can only be registered by a grain that the silo made.");
        if (Activation.Current != activation) throw new InvalidOperationException("A grain's timer can only be registered in a turn of that grain.");
        var timer = new GrainTimer(activation, callback, options);
        activation.AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        _changed = true;
        _dueTime = dueTime;
        _period = period;
        if (!Volatile.Read(ref _ticking)) _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested) return;
        _disposed.Cancel();
        _clock.Dispose();
        if (Activation.Current == _activation) _activation.RemoveTimer(this);
    }

    public override async Task Execute(Activation activation)
    {
        try
        {
            RequestContext.Values = null;
            _changed = false;
            if (!_disposed.IsCancellationRequested) await _callback(_disposed.Token);
        }
        catch (Exception exception)
        {
            activation.Silo.Log.TimerFailed(exception, activation.GrainId);
        }
        finally
        {
            Volatile.Write(ref _ticking, false);
            if (!_disposed.IsCancellationRequested) _clock.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            activation.Ended(this);
        }
    }

    // A tick that outlives its activation vanishes.
    public override void Forward()
    {
    }

    public override void Fail(Exception exception)
    {
    }

    private void Due()
    {
        Volatile.Write(ref _ticking, true);
        if (_activation.Class.IsStatelessWorker) Interlocked.Increment(ref _activation.Load);
        _activation.Post(this);
    }
}
