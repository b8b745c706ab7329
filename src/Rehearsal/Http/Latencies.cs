using System.Collections.Concurrent;

namespace SocialCommerce.Rehearsal.Http;

/// <summary>How long answers took, by kind of request. Every answered try counts, refusals too; tries without an answer do not.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentDictionary<string, List<float>> _ms = new(StringComparer.Ordinal);

    public void Add(string name, TimeSpan took)
    {
        var list = _ms.GetOrAdd(name, static _ => []);
        lock (list) list.Add((float)took.TotalMilliseconds);
    }

    public IReadOnlyList<LatencyRow> Rows() =>
        [.. _ms.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Row(p.Key, p.Value))];

    private static LatencyRow Row(string name, List<float> list)
    {
        float[] sorted;
        lock (list) sorted = [.. list];
        Array.Sort(sorted);
        return new LatencyRow(name, sorted.Length, At(0.50), At(0.95), At(0.99), sorted[^1]);

        // Nearest rank: the smallest answer time that this share of all answers did not exceed.
        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}

/// <summary>One row of the latency table, milliseconds.</summary>
internal sealed record LatencyRow(string Name, int Count, double P50Ms, double P95Ms, double P99Ms, double MaxMs);
