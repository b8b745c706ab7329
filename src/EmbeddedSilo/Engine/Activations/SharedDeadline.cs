namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>
/// A token that is cancelled when a time is up, shared by all who ask within the same second: a timer for every activation would cost more
/// than the activation. Nobody's time is cut short; it may last a second longer.
/// </summary>
internal sealed class SharedDeadline(TimeProvider time, TimeSpan span) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;
    private long _since;

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                if (_current is null || time.GetElapsedTime(_since) >= Slice)
                {
                    _since = time.GetTimestamp();
                    _current = new CancellationTokenSource(span + Slice, time);
                }

                return _current.Token;
            }
        }
    }

    public void Dispose() => _current?.Dispose();
}
