using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>The result as a table for people and as JSON for programs.</summary>
internal sealed record Report(
    string Command, DateTimeOffset StartedAt, double Seconds, string LoadAverageAtStart, string LoadAverageAtEnd, Machine Machine, IReadOnlyList<Row> Rows, IReadOnlyList<string> Audits, IReadOnlyList<string> Faults)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How fast a core was before and after (<see cref="Machine.CoreMilliseconds"/>): of two runs' milliseconds nothing can be said without it.</summary>
    public required double CoreMillisecondsAtStart { get; init; }
    public required double CoreMillisecondsAtEnd { get; init; }

    /// <summary>Share of all CPUs' time that the host gave to others meanwhile, where the machine is a virtual one that is told.</summary>
    public required double StolenPercent { get; init; }

    /// <summary>Every floor was kept, every audit held, everything asked for was measured.</summary>
    public bool Passed => Faults.Count == 0 && !Rows.Any(row => row.FloorMissed);

    /// <summary>Writes all forms into the folder; gives the path of the table.</summary>
    public string Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(this, Indented) + "\n");
        File.WriteAllText(Path.Combine(folder, name + ".md"), Markdown());
        var path = Path.Combine(folder, name + ".txt");
        File.WriteAllText(path, Text());
        return path;
    }

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, $"{Command}   {StartedAt:yyyy-MM-dd HH:mm} UTC, {Seconds:0} s, commit {Machine.Commit}, engine {Machine.Engine}, compiled {(Machine.CompiledAhead ? "ahead of time" : "as it runs")}");
        Line(text, $"{Machine.Cpus} CPUs ({Machine.CpuModel}), {Machine.Memory}, load average {LoadAverageAtStart} before, {LoadAverageAtEnd} after");
        Line(text, $"a core fills a dictionary of 500,000 in {CoreMillisecondsAtStart:0} ms before, {CoreMillisecondsAtEnd:0} after; {StolenPercent:0.0} % of the CPUs' time went to other machines on the host");
        Line(text, $"{Machine.Dotnet}, SQLite {Machine.Sqlite}, {Machine.Postgres}, {Machine.System}; data on {Machine.DataFolder}, 4 KiB write and fsync {Machine.FsyncMicroseconds:0} µs");
        text.Append('\n');
        Table(text);
        text.Append('\n');
        foreach (var audit in Audits) Line(text, $"audit: {audit}");
        foreach (var fault in Faults) Line(text, $"FAULT: {fault}");
        Line(text, $"{(Passed ? "passed" : "FAILED")}: {Rows.Count(row => row.Verdict == "goal reached")} goals reached, {Rows.Count(row => row.Verdict == "goal missed")} missed, {Rows.Count(row => row.FloorMissed)} floors missed");
        return text.ToString();
    }

    /// <summary>The rows that have a floor or a goal, as docs/performance.md shows them.</summary>
    private string Markdown()
    {
        var text = new StringBuilder("| row | what | median | floor | goal | |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in Rows.Where(row => row.Verdict.Length > 0))
        {
            Line(text, $"| `{row.Name}` | {row.What} | {Figure(row.Median)} {row.Unit} | {Figure(row.Floor)} | {Figure(row.Goal)} | {row.Verdict} |");
        }

        return text.ToString();
    }

    private void Table(StringBuilder text)
    {
        string[] heads = ["row", "what", "median", "least to most", "floor", "goal", ""];
        var lines = new List<string[]> { heads };
        foreach (var row in Rows)
        {
            lines.Add([row.Name, row.What, $"{Figure(row.Median)} {row.Unit}", $"{Figure(row.Least)} to {Figure(row.Most)}", Figure(row.Floor), Figure(row.Goal), row.Verdict]);
        }

        var widths = Enumerable.Range(0, heads.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines) text.Append(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
    }

    private static string Figure(double? value) => value is not { } figure ? "-" : figure switch
    {
        >= 1_000 or <= -1_000 => figure.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 100 => figure.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("0.0", CultureInfo.InvariantCulture),
        _ => figure.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
