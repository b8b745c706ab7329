using System.Diagnostics.Metrics;
using System.Numerics;

namespace SocialCommerce.Api;

/// <summary>One instrument with its series.</summary>
internal sealed class Metric(Instrument instrument, MetricKind kind, double[] bounds)
{
    // Beyond this a tag is not what tags are for; what comes later is counted together.
    private const int SeriesMax = 1_000;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly Lock _gate = new();
    private volatile Slot?[] _slots = new Slot?[1];
    private int _count;

    public Instrument Instrument => instrument;
    public MetricKind Kind => kind;

    public IEnumerable<MetricSeries> Series => _slots.OfType<Slot>().Select(slot => slot.Series);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = SeriesOf(tags);
        switch (kind)
        {
            case MetricKind.Histogram:
                series.Observe(value);
                break;
            case MetricKind.Gauge when instrument.IsObservable || instrument is Gauge<int> or Gauge<long> or Gauge<double>:
                series.Set(value);
                break;
            case MetricKind.Counter when instrument.IsObservable:
                // An observable counter tells its total.
                series.Set(value);
                break;
            default:
                series.Add(value);
                break;
        }
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        if (Find(_slots, hash, tags) is { } known) return known;
        lock (_gate)
        {
            if (Find(_slots, hash, tags) is { } other) return other;
            if (_count >= SeriesMax && !tags.SequenceEqual(Overflow)) return SeriesOf(Overflow);
            var made = new Slot(hash, tags.ToArray(), bounds);

            // Copied on write, so that the many who only count need no lock; half empty, so that they find soon.
            var slots = new Slot?[Math.Max(16, (int)BitOperations.RoundUpToPowerOf2((uint)(_count + 1) * 2))];
            foreach (var slot in _slots.OfType<Slot>().Append(made)) Put(slots, slot);
            _slots = slots;
            _count++;
            return made.Series;
        }
    }

    private static MetricSeries? Find(Slot?[] slots, int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        for (var i = hash & (slots.Length - 1); slots[i] is { } slot; i = (i + 1) & (slots.Length - 1))
            if (slot.Is(hash, tags)) return slot.Series;
        return null;
    }

    private static void Put(Slot?[] slots, Slot made)
    {
        var i = made.Hash & (slots.Length - 1);
        while (slots[i] is not null) i = (i + 1) & (slots.Length - 1);
        slots[i] = made;
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var (_, value) in tags) hash = (hash * 31) + (value?.GetHashCode() ?? 0);
        return hash & int.MaxValue;
    }

    private sealed class Slot(int hash, KeyValuePair<string, object?>[] tags, double[] bounds)
    {
        public MetricSeries Series { get; } = new(
            [.. tags.Select(tag => KeyValuePair.Create(tag.Key, Convert.ToString(tag.Value, System.Globalization.CultureInfo.InvariantCulture) ?? ""))], bounds);

        public int Hash => hash;

        public bool Is(int otherHash, ReadOnlySpan<KeyValuePair<string, object?>> other)
        {
            if (otherHash != hash || other.Length != tags.Length) return false;
            for (var i = 0; i < tags.Length; i++)
                if (tags[i].Key != other[i].Key || !Equals(tags[i].Value, other[i].Value)) return false;

            return true;
        }
    }
}
