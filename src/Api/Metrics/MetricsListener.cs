using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SocialCommerce.Api;

/// <summary>Listens to the meters of the process that are worth reading, and keeps their values for <c>/metrics</c>.</summary>
internal sealed class MetricsListener : IDisposable
{
    private const string OwnMeters = "SocialCommerce.";

    private static readonly string[] FrameworkMeters =
        ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans"];

    // Seconds, from half a millisecond: what a histogram gets that brings no bounds of its own.
    private static readonly double[] BoundsDefault = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;

    public MetricsListener(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Every metric as it is now.</summary>
    public IReadOnlyList<Metric> Read()
    {
        _listener.RecordObservableInstruments();
        return [.. _metrics.Values.OrderBy(metric => metric.Instrument.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) && !FrameworkMeters.Contains(instrument.Meter.Name)) return;

        // A meter of another host in this process (a factory is its meters' scope) has the same names and other values.
        if (instrument.Meter.Scope is IMeterFactory other && !ReferenceEquals(other, _meters)) return;
        listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument, static made => new Metric(made, KindOf(made), BoundsOf(made))));
    }

    // Without its metric a value comes from a meter that is being disposed right now.
    private static void Record(object? metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => (metric as Metric)?.Record(value, tags);

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Histogram<>)) return MetricKind.Histogram;
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ when KindOf(instrument) == MetricKind.Histogram => BoundsDefault,
        _ => [],
    };
}
