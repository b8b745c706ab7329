using System.Text.Json.Serialization;

namespace SocialCommerce.Bench;

/// <summary>One line of the result: the median of the rounds, and how far they lay apart.</summary>
internal sealed record Row
{
    public required string Name { get; init; }

    /// <summary>What was measured, in words, with the engine's name where the engine was.</summary>
    public required string What { get; init; }

    public required string Unit { get; init; }
    public required double Median { get; init; }
    public required double Least { get; init; }
    public required double Most { get; init; }
    public IReadOnlyList<double> Rounds { get; init; } = [];

    /// <summary>A run that misses it fails; null for rows that only inform.</summary>
    public double? Floor { get; init; }

    /// <summary>What we are after.</summary>
    public double? Goal { get; init; }

    /// <summary>False for latencies and sizes, whose floor is a ceiling.</summary>
    public bool MoreIsBetter { get; init; } = true;

    public string Verdict => Floor is null && Goal is null ? "" : !Meets(Floor) ? "FLOOR MISSED" : Meets(Goal) ? "goal reached" : "goal missed";

    [JsonIgnore]
    public bool FloorMissed => !Meets(Floor);

    public static Row Of(string name, string what, string unit, IEnumerable<double> rounds, double? floor = null, double? goal = null, bool moreIsBetter = true)
    {
        var values = rounds.ToList();
        if (values.Count == 0) throw new BenchFaultException($"{name} was not measured");
        var sorted = values.Order().ToList();
        return new Row
        {
            Name = name,
            What = what,
            Unit = unit,
            Median = MedianOf(sorted),
            Least = sorted[0],
            Most = sorted[^1],
            Rounds = values,
            Floor = floor,
            Goal = goal,
            MoreIsBetter = moreIsBetter,
        };
    }

    /// <summary>The ratio round by round, so that both sides had the same neighbours.</summary>
    public static Row Ratio(string name, string what, IReadOnlyList<double> measured, IReadOnlyList<double> baseline, double? floor = null, double? goal = null) =>
        Of(name, what, "x", measured.Zip(baseline, (one, other) => one / other), floor, goal);

    private static double MedianOf(List<double> sorted) =>
        sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;

    private bool Meets(double? bound) => bound is null || (MoreIsBetter ? Median >= bound : Median <= bound);
}
