namespace SocialCommerce.Api;

/// <summary>How the values of an instrument are put together.</summary>
internal enum MetricKind
{
    None = 0,
    Counter = 1,
    Gauge = 2,
    Histogram = 3,
}

/// <summary>The values of one instrument under one set of tags. Writers never wait.</summary>
internal sealed class MetricSeries(KeyValuePair<string, string>[] tags, double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _value;

    public IReadOnlyList<KeyValuePair<string, string>> Tags => tags;

    /// <summary>The sum of a counter or a histogram, or the last value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    public IReadOnlyList<double> Bounds => bounds;

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Add(value);
    }

    /// <summary>How many values fell into each bucket; the last is above every bound.</summary>
    public long[] Counts()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = Interlocked.Read(ref _counts[i]);
        return counts;
    }
}
