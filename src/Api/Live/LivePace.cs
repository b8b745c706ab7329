namespace SocialCommerce.Api;

/// <summary>
/// Spreads what this process sends to viewers: a hot bargain changes hundreds of times a second, and telling each of some thousand viewers
/// of each change would leave no CPU for the helps that change it.
/// </summary>
/// <param name="perSecond">Events that all viewers together are sent in a second.</param>
internal sealed class LivePace(int perSecond, TimeProvider time)
{
    // What timers can keep.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private long _free;

    /// <summary>Done when so many more may be sent; in the order of the asking.</summary>
    public Task Turn(int events)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var begin = Math.Max(now, _free);
            _free = begin + (events * time.TimestampFrequency / perSecond);
            wait = time.GetElapsedTime(now, begin);
        }

        return wait < Least ? Task.CompletedTask : Task.Delay(wait, time);
    }
}
