using System.Diagnostics.CodeAnalysis;
using SocialCommerce.EmbeddedSilo.Activations;
using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>
/// Carries a caller's cancellation into the grain. The caller is let go at once; the grain's own token is cancelled in a turn of the
/// grain, so that what it registered there runs like all of its code.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, so there is nothing to dispose of.")]
internal sealed class CallCancellation(CancellationToken callersToken) : TurnNode
{
    private readonly CancellationTokenSource _grains = new();
    private CancellationTokenRegistration _registration;
    private Request? _request;

    public CancellationToken GrainsToken => _grains.Token;

    public bool IsCancelled => callersToken.IsCancellationRequested;

    public void LetGo(Request request) => request.Cancel(callersToken);

    public void Watch(Request request)
    {
        _request = request;
        _registration = callersToken.UnsafeRegister(static self => ((CallCancellation)self!).OnCancelled(), this);
        if (request.IsAnswered) Forget();
    }

    public void Forget() => _registration.Unregister();

    public override void Run(TurnQueue queue)
    {
        try
        {
            _grains.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback that the grain registered has failed; that is the grain's fault, and no caller is left to tell.
            ((Activation)queue).Silo.Log.CancellationCallbackFailed(exception);
        }
    }

    private void OnCancelled()
    {
        LetGo(_request!);

        // A request that is still on its way or waiting finds itself answered when its turn comes, and is dropped.
        _request!.Location?.Post(this);
    }
}
