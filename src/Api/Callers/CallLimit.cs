using System.Threading.RateLimiting;

namespace SocialCommerce.Api;

/// <summary>The technical rate limit: a token bucket for every caller and shopper.</summary>
internal sealed class CallLimit(CallRate rate) : IDisposable
{
    // Ten refills a second keep the flow even without a timer that is always awake.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<CallerAndShopper> _buckets = PartitionedRateLimiter.Create<CallerAndShopper, CallerAndShopper>(
        who => RateLimitPartition.GetTokenBucketLimiter(who, _ => Bucket(rate)));

    /// <summary>Takes one token; false when none is left, with the seconds to wait.</summary>
    public bool TryTake(string caller, string? shopperId, out int retryAfterSeconds)
    {
        using var lease = _buckets.AttemptAcquire(new CallerAndShopper(caller, shopperId ?? ""));
        retryAfterSeconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        return lease.IsAcquired;
    }

    public void Dispose() => _buckets.Dispose();

    private static TokenBucketRateLimiterOptions Bucket(CallRate rate)
    {
        var perPeriod = rate.PerSecond / 10;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = perPeriod > 0 ? perPeriod : rate.PerSecond,
            ReplenishmentPeriod = perPeriod > 0 ? Period : TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }

    private readonly record struct CallerAndShopper(string Caller, string ShopperId);
}
