using System.Threading.RateLimiting;

namespace SocialCommerce.Api;

/// <summary>The technical rate limit: a token bucket for every caller and shopper.</summary>
internal sealed class CallLimit(CallRate rate, TimeProvider time) : IDisposable
{
    // Forgets by itself who has not called for a while.
    private readonly PartitionedRateLimiter<CallerAndShopper> _buckets = PartitionedRateLimiter.Create<CallerAndShopper, CallerAndShopper>(
        who => RateLimitPartition.Get(who, _ => new Bucket(rate, time)));

    /// <summary>Takes one token; false when none is left, with the seconds to wait.</summary>
    public bool TryTake(string caller, string? shopperId, out int retryAfterSeconds)
    {
        using var lease = _buckets.AttemptAcquire(new CallerAndShopper(caller, shopperId ?? ""));
        retryAfterSeconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        return lease.IsAcquired;
    }

    public void Dispose() => _buckets.Dispose();

    private readonly record struct CallerAndShopper(string Caller, string ShopperId);

    /// <summary>
    /// Told by when it will be full again, so that it is exact at every rate. The library's own is filled ten times a second, and loses what does
    /// not fit in it by then.
    /// </summary>
    private sealed class Bucket(CallRate rate, TimeProvider time) : RateLimiter
    {
        private readonly Lock _gate = new();

        // A tick of the clock has PerSecond of its units, and a token TimestampFrequency of them: both are whole. Full only now: the library, which looks
        // ten times a second, would forget one that seems to have been idle for ever, and with it the token that is just being taken.
        private Int128 _full = (Int128)time.GetTimestamp() * rate.PerSecond;

        private Int128 Now => (Int128)time.GetTimestamp() * rate.PerSecond;

        public override TimeSpan? IdleDuration
        {
            get
            {
                lock (_gate) return Now > _full ? TimeOf(Now - _full) : null;
            }
        }

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount)
        {
            lock (_gate)
            {
                var now = Now;
                var full = Int128.Max(now, _full) + ((Int128)permitCount * time.TimestampFrequency);
                var tooLate = full - now - ((Int128)rate.Burst * time.TimestampFrequency);
                if (tooLate > 0) return new Lease(TimeOf(tooLate));
                _full = full;
                return Lease.Taken;
            }
        }

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

        private TimeSpan TimeOf(Int128 units) => TimeSpan.FromSeconds((double)units / rate.PerSecond / time.TimestampFrequency);
    }

    /// <param name="wait">Null: a token was taken.</param>
    private sealed class Lease(TimeSpan? wait) : RateLimitLease
    {
        public static readonly Lease Taken = new(null);

        public override bool IsAcquired => wait is null;

        public override IEnumerable<string> MetadataNames => wait is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? wait : null;
            return metadata is not null;
        }
    }
}
