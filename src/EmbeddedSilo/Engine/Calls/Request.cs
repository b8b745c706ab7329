using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using SocialCommerce.EmbeddedSilo.Activations;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>
/// One call of one grain method: its arguments, which are fields of the emitted subclass, and its answer, which is kept by the base that
/// fits the return type. The arguments are passed as they are: contracts are immutable, and nothing leaves the process.
/// </summary>
internal abstract class Request : Message, IInvokable
{
    internal Request? LedgerNext;
    internal Request? LedgerPrevious;
    internal int LedgerStripe = -1;
    internal long Deadline;

    private Dictionary<string, object>? _context;
    private CallCancellation? _cancellation;

    public abstract RequestMethod Method { get; }

    public abstract bool IsAnswered { get; }

    public sealed override bool IsReadOnly => Method.IsReadOnly;

    public sealed override bool AlwaysInterleaves => Method.AlwaysInterleaves;

    public sealed override bool KeepsActive => true;

    [AllowNull]
    internal GrainReference Target { get; private set; }

    /// <summary>The calling activation; null for a caller outside of grains.</summary>
    internal Activation? Source { get; private set; }

    /// <summary>Where the request is; null while it is on its way.</summary>
    internal Activation? Location { get; private set; }

    /// <summary>Calls the grain's method.</summary>
    public abstract Task Start(object grain);

    public abstract object? ResultOf(Task ended);

    public abstract void AnswerFrom(Task ended);

    public abstract void AnswerWith(object? result);

    protected abstract bool TryFail(Exception exception);

    protected abstract bool TryCancel(CancellationToken token);

    public sealed override void Forward() => Target.Class.Deliver(this);

    public sealed override void Fail(Exception exception)
    {
        if (Method.IsOneWay) Target.Class.Silo.Log.OneWayFailed(exception, Method.Name, Target.GrainId);
        else if (TryFail(exception)) Settled();
    }

    public sealed override async Task Execute(Activation activation)
    {
        Location = activation;
        try
        {
            // The mark above must be seen by a cancellation that this look does not see.
            if (_cancellation is not null) Interlocked.MemoryBarrier();

            // Nobody waits any more: the call was cancelled, or its time ran out in the queue.
            if (IsAnswered) return;

            RequestContext.Values = _context;
            var grain = activation.GrainInstance!;
            if (activation.Silo.FiltersFor(grain) is { } filters)
            {
                var call = new FilteredCall(this, activation, grain, filters);
                await call.Invoke();
                AnswerWith(call.Result);
            }
            else
            {
                var work = Start(grain);
                if (!work.IsCompletedSuccessfully) await work;
                AnswerFrom(work);
            }

            Settled();
        }
        catch (Exception exception)
        {
            activation.NoteFault(exception);
            Fail(exception);
        }
        finally
        {
            activation.Ended(this);
        }
    }

    internal void TimeOut(TimeSpan timeout) => Fail(new TimeoutException(
        $"Response did not arrive on time in {timeout} for {Method.Name} on {Target.GrainId}."));

    internal void Cancel(CancellationToken token)
    {
        if (TryCancel(token)) Settled();
    }

    /// <summary>Sends the request on its way; the answer's task is made before.</summary>
    protected void Dispatch(GrainReference target)
    {
        Target = target;
        Source = Activation.Current;
        _context = RequestContext.Values;
        if (_cancellation is { IsCancelled: true })
        {
            _cancellation.LetGo(this);
            return;
        }

        target.Class.Silo.Dispatch(this);
        _cancellation?.Watch(this);
    }

    /// <summary>Called by emitted code for a CancellationToken argument: gives the token that the grain will see.</summary>
    protected CancellationToken Cancellable(CancellationToken token)
    {
        if (!token.CanBeCanceled) return token;
        _cancellation = new CallCancellation(token);
        return _cancellation.GrainsToken;
    }

    private void Settled()
    {
        Target.Class.Silo.Ledger.Remove(this);
        _cancellation?.Forget();
    }

    int IInvokable.GetArgumentCount() => Method.ArgumentCount;

    object? IInvokable.GetArgument(int index) => Method.GetArgument(this, index);

    void IInvokable.SetArgument(int index, object value) => Method.SetArgument(this, index, value);

    string IInvokable.GetMethodName() => Method.Method.Name;

    string IInvokable.GetInterfaceName() => Method.Method.DeclaringType!.FullName!;

    MethodInfo IInvokable.GetMethod() => Method.Method;

    Type IInvokable.GetInterfaceType() => Method.Method.DeclaringType!;
}
