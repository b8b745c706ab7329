using System.Globalization;
using System.Text;

namespace SocialCommerce.Api;

/// <summary>Writes metrics in the text format that Prometheus reads.</summary>
internal static class MetricsText
{
    public static byte[] Write(IReadOnlyList<Metric> metrics)
    {
        var text = new StringBuilder(16 * 1024);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in metrics.GroupBy(NameOf))
        {
            // Two meters may have instruments of one name; a name may be described only once.
            var first = group.First();
            if (first.Instrument.Description is { Length: > 0 } description)
                text.Append("# HELP ").Append(group.Key).Append(' ').Append(Escape(description)).Append('\n');
            text.Append("# TYPE ").Append(group.Key).Append(' ').Append(TypeOf(first.Kind)).Append('\n');
            written.Clear();
            foreach (var metric in group.Where(metric => metric.Kind == first.Kind))
                foreach (var series in metric.Series)
                    if (written.Add(Labels(series, null))) Write(text, group.Key, metric.Kind, series);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, string name, MetricKind kind, MetricSeries series)
    {
        if (kind != MetricKind.Histogram)
        {
            Line(text, name, Labels(series, null), series.Value);
            return;
        }

        var counts = series.Counts();
        long total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            var bound = i < series.Bounds.Count ? Number(series.Bounds[i]) : "+Inf";
            Line(text, name + "_bucket", Labels(series, bound), total);
        }

        Line(text, name + "_sum", Labels(series, null), series.Value);
        Line(text, name + "_count", Labels(series, null), total);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
        => text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static string NameOf(Metric metric)
    {
        var name = new StringBuilder(Sanitize(metric.Instrument.Name));
        var unit = metric.Instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => "",
        };
        if (unit.Length > 0 && !name.ToString().EndsWith(unit, StringComparison.Ordinal)) name.Append(unit);
        if (metric.Kind == MetricKind.Counter && !name.ToString().EndsWith("_total", StringComparison.Ordinal)) name.Append("_total");
        return name.ToString();
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Labels(MetricSeries series, string? bound)
    {
        if (series.Tags.Count == 0 && bound is null) return "";
        var text = new StringBuilder("{");
        foreach (var (key, value) in series.Tags)
            text.Append(text.Length > 1 ? "," : "").Append(Sanitize(key)).Append("=\"").Append(Escape(value).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        if (bound is not null) text.Append(text.Length > 1 ? "," : "").Append("le=\"").Append(bound).Append('"');
        return text.Append('}').ToString();
    }

    private static string Sanitize(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string Escape(string text)
        => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value)
        => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
