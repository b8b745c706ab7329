using System.Numerics;

namespace SocialCommerce.Bench;

/// <summary>Latencies in buckets 3 % apart. For one thread at a time.</summary>
internal sealed class Latencies
{
    private const int StepsPerDoubling = 32;
    private const int StepBits = 5;

    private readonly int[] _counts = new int[40 * StepsPerDoubling];
    private long _total;

    public void Add(TimeSpan latency)
    {
        _counts[BucketOf((ulong)Math.Max(1, latency.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        _total++;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += others._counts[i];
        _total += others._total;
    }

    /// <summary>In milliseconds; the upper edge of the bucket, so never too good.</summary>
    public double Percentile(double percent)
    {
        var wanted = (long)Math.Ceiling(_total * percent / 100);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0) return UpperEdge(i) / 1_000.0;
        }

        return double.NaN;
    }

    // Below 32 µs one bucket each; above, 32 buckets for each doubling.
    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < StepsPerDoubling) return (int)microseconds;
        var shift = BitOperations.Log2(microseconds) - StepBits;
        return (shift * StepsPerDoubling) + (int)(microseconds >> shift);
    }

    private static ulong UpperEdge(int bucket)
    {
        if (bucket < StepsPerDoubling) return (ulong)bucket + 1;
        var shift = (bucket / StepsPerDoubling) - 1;
        return ((ulong)(bucket - (shift * StepsPerDoubling)) + 1) << shift;
    }
}
