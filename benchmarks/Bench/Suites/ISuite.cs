namespace SocialCommerce.Bench;

/// <summary>Measurements that belong together.</summary>
internal interface ISuite
{
    /// <summary>As it is asked for on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, audits, and cleans up after itself.</summary>
    /// <exception cref="BenchFaultException">It can't be measured, or what was measured was wrong.</exception>
    Task Run(Bench bench);
}

/// <summary>One run: what the suites need, and where they put what they found.</summary>
internal sealed class Bench(BenchOptions options, Workshop workshop, TextWriter progress)
{
    private readonly List<Row> _rows = [];
    private readonly List<string> _audits = [];

    public BenchOptions Options => options;
    public Workshop Workshop => workshop;
    public IReadOnlyList<Row> Rows => _rows;
    public IReadOnlyList<string> Audits => _audits;

    public void Add(params Row[] rows) => _rows.AddRange(rows);

    public void Audited(string what, string found)
    {
        _audits.Add($"{what}: {found}");
        Say($"  {what}: {found}");
    }

    public void Say(string line) => progress.WriteLine(line);
}
