namespace SocialCommerce.Bench;

/// <summary>How much is measured.</summary>
/// <param name="Quick">Three short rounds in place of five; some two minutes.</param>
/// <param name="Suites">The names of the suites to run, in their order.</param>
internal sealed record BenchOptions(bool Quick, IReadOnlyList<string> Suites)
{
    public const string Usage = "./bench [quick] [journal|http|restart|postgres|memory|deadlines|million|cluster ...], ./bench [quick] compare REV";

    // The full run has a million of the one, and compares with nothing.
    private static readonly string[] OnlyByName = ["deadlines", "compare"];

    // A quick run takes them only by name.
    private static readonly string[] OnlyInFull = ["restart", "memory", "deadlines", "million", "cluster", "compare"];

    /// <summary>Every figure is the median of so many rounds.</summary>
    public int Rounds => Math.Max(Quick ? 3 : 5, Quick ? 0 : RoundsAtLeast);

    /// <summary>More of them, for what differs by little.</summary>
    public int RoundsAtLeast { get; init; }

    /// <summary>The executable of another build of the engine, to compare with; null where none was asked for.</summary>
    public string? OtherBuild { get; init; }

    public TimeSpan Window => TimeSpan.FromSeconds(Quick ? 1 : 3);

    /// <summary>A measurement that only tells a ratio to a much slower one needs less.</summary>
    public TimeSpan ShortWindow => TimeSpan.FromSeconds(Quick ? 0.7 : 1.5);

    /// <summary>Before the first round code is compiled, caches and pools are filled: at least for so long, ...</summary>
    public TimeSpan WarmUpLeast => TimeSpan.FromSeconds(Quick ? 3 : 12);

    /// <summary>... and at most for so long.</summary>
    public TimeSpan WarmUpMost => TimeSpan.FromSeconds(Quick ? 5 : 20);

    /// <summary>Open bargains that cuts are spread over.</summary>
    public int Bargains => Quick ? 1_000 : 10_000;

    /// <summary>Open bargains of a large campaign.</summary>
    public int Million => Quick ? 100_000 : 1_000_000;

    /// <summary>In words, for the result.</summary>
    public string Name => Quick ? "quick" : "full";

    /// <exception cref="BenchFaultException">There is no suite of that name.</exception>
    public static BenchOptions Parse(string[] args, IReadOnlyList<string> known)
    {
        var quick = args.Contains("quick");
        var named = args.Where(arg => arg != "quick").ToList();
        // What is compared with is the script's to build; here it only names the result.
        if (named.IndexOf("compare") is >= 0 and var compare && compare + 1 < named.Count) named.RemoveAt(compare + 1);
        var unknown = named.Except(known).ToList();
        if (unknown.Count > 0) throw new BenchFaultException($"there is no '{string.Join("', '", unknown)}'. Usage: {Usage}");
        var otherBuild = Environment.GetEnvironmentVariable("BENCH_OTHER_BUILD") is { Length: > 0 } given ? given : null;
        return new BenchOptions(quick, [.. known.Where(name => named.Contains(name) || (named.Count == 0 && !(quick ? OnlyInFull : OnlyByName).Contains(name)))]) { OtherBuild = otherBuild };
    }
}
