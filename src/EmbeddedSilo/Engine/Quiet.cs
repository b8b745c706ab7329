namespace SocialCommerce.EmbeddedSilo;

/// <summary>Makes timers that carry nothing of the call in which they happen to be made.</summary>
internal static class Quiet
{
    /// <summary>A timer that is not set yet.</summary>
    public static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Create();
        using (ExecutionContext.SuppressFlow()) return Create();

        ITimer Create() => time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
