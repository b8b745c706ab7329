using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Runtime;
using Orleans.Storage;
using SocialCommerce.EmbeddedSilo.Calls;
using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Activations;

// New → Activating → Active → Ending → Ended. Requests that arrive outside of Active wait; what still waits at the end goes to the
// grain's next activation.
internal sealed partial class Activation
{
    private volatile Stage _stage;
    private DeactivationReason _reason;
    private bool _wasActive;
    private long _lastUse;
    private long _keepUntil = long.MinValue;
    private AsyncServiceScope _scope;
    private List<GrainTimer>? _timers;
    private List<IStorage>? _states;
    private TaskCompletionSource? _deactivated;
    private int _load;

    private enum Stage : byte
    {
        New,
        Activating,
        Active,
        Ending,
        Deactivating,
        Ended,
    }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public Task Deactivated
    {
        get
        {
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var source = Interlocked.CompareExchange(ref _deactivated, created, null) ?? created;
            if (_stage == Stage.Ended) source.TrySetResult();
            return source.Task;
        }
    }

    /// <summary>Requests that a stateless worker has and has not ended; others don't count theirs.</summary>
    public ref int Load => ref _load;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (Current == this) End(deactivationReason);
        else Post(new EndNode(deactivationReason));
    }

    public void KeepAliveFor(TimeSpan span) =>
        _keepUntil = span <= TimeSpan.Zero ? long.MinValue
            : span.TotalDays > 36500 ? long.MaxValue
            : Silo.Heart.Ceiling + Silo.Heart.Ticks(span);

    public void AddState(IStorage state) => (_states ??= []).Add(state);

    public void AddTimer(GrainTimer timer) => (_timers ??= []).Add(timer);

    public void RemoveTimer(GrainTimer timer) => _timers?.Remove(timer);

    /// <summary>A stale grain must not go on with what it believes.</summary>
    public void NoteFault(Exception exception)
    {
        if (exception is not InconsistentStateException { HasEndedItsGrain: false } stale) return;
        stale.HasEndedItsGrain = true;
        End(new(DeactivationReasonCode.ApplicationError, exception, exception.Message));
    }

    /// <summary>A glance from outside; the activation looks again in its own turn.</summary>
    public bool LooksIdle(long now) => _stage == Stage.Active && _lastUse + Class.AgeLimitTicks <= now && _keepUntil <= now;

    /// <summary>When it was last used, in ticks of the silo's clock.</summary>
    public long LastUse => Volatile.Read(ref _lastUse);

    public void EndIfIdle(long now)
    {
        if (IsAtRest && LooksIdle(now)) End(new(DeactivationReasonCode.ActivationIdle, "Idle for its age limit."));
    }

    public void EndIfUnused()
    {
        if (IsAtRest && _stage == Stage.Active) End(new(DeactivationReasonCode.HighMemoryPressure, "The process is short of memory."));
    }

    private bool IsAtRest => _running == 0 && _waiting.Count == 0;

    private async Task Activate()
    {
        _stage = Stage.Activating;
        var deadline = Silo.ActivationDeadline.Token;
        try
        {
            _scope = Silo.Services.CreateAsyncScope();
            GrainInstance = Class.CreateInstance(this);
            foreach (var state in _states ?? []) await state.ReadStateAsync(deadline);
            if (GrainInstance is IGrainBase grain) await Within(grain.OnActivateAsync(deadline), deadline);
        }
        catch (Exception exception)
        {
            Silo.Log.ActivationFailed(exception, GrainId);
            await Finish();
            while (_waiting.TakeFirst() is { } message) message.Fail(exception);
            return;
        }

        if (_stage == Stage.Activating)
        {
            _stage = Stage.Active;
            _wasActive = true;
        }

        StartWaiting();
    }

    private void End(DeactivationReason reason)
    {
        switch (_stage)
        {
            case Stage.New:
                // Nobody has asked for anything yet; only a stop can come that early.
                _stage = Stage.Deactivating;
                _ = FinishAndForward();
                break;
            case Stage.Activating or Stage.Active:
                var activating = _stage == Stage.Activating;
                _stage = Stage.Ending;
                _reason = reason;
                if (!activating) StartWaiting();
                break;
        }
    }

    private async Task Deactivate()
    {
        _stage = Stage.Deactivating;
        DisposeTimers();
        if (_wasActive && GrainInstance is IGrainBase grain)
        {
            var deadline = Silo.DeactivationDeadline.Token;
            try
            {
                await Within(grain.OnDeactivateAsync(_reason, deadline), deadline);
            }
            catch (Exception exception)
            {
                // The activation ends all the same: a grain must not be able to live on by failing to die.
                Silo.Log.DeactivationFailed(exception, GrainId);
            }
        }

        await FinishAndForward();
    }

    private async Task FinishAndForward()
    {
        await Finish();
        while (_waiting.TakeFirst() is { } message) message.Forward();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a destructor throws is logged; the activation must end.")]
    private async Task Finish()
    {
        DisposeTimers();
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else if (GrainInstance is IDisposable disposable) disposable.Dispose();
            if (_scope.ServiceProvider is not null) await _scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        // Only now may the grain's next activation come to be.
        _stage = Stage.Ended;
        Class.Remove(this);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _deactivated)?.TrySetResult();
    }

    private void DisposeTimers()
    {
        var timers = Interlocked.Exchange(ref _timers, null);
        foreach (var timer in timers ?? []) timer.Dispose();
    }

    private static Task Within(Task work, CancellationToken deadline)
    {
        return work.IsCompleted ? work : Here(work).WaitAsync(deadline);

        // Awaited here, the end of the work comes back to this activation's turns, whatever kind of task it is.
        static async Task Here(Task work) => await work;
    }

    private sealed class EndNode(DeactivationReason reason) : TurnNode
    {
        public override void Run(TurnQueue queue) => ((Activation)queue).End(reason);
    }
}
