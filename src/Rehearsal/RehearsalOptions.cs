using System.Globalization;

namespace SocialCommerce.Rehearsal;

/// <summary>Which plays a rehearsal puts on.</summary>
internal enum PlayKind
{
    None = 0,
    Bargain = 1,
    Group = 2,
    Both = 3,
}

/// <summary>What a rehearsal was asked to do, checked: every figure is within its bounds and every fault was named at once.</summary>
internal sealed record RehearsalOptions
{
    public const string Usage = """
        rehearse [options]            play a campaign over a friendship graph against a running engine, report, audit
        rehearse audit --record FILE  audit again what an earlier rehearsal recorded

          --url URL[,URL]      the engine, or the silos of a cluster in turn (http://localhost:8080)
          --key KEY            X-Api-Key (dev)
          --kind KIND          bargain, group or both (both; bargain alone where the engine has no group-buy)
          --graph FILE         friendships, one "a b" a line, # for comments (else a graph is generated)
          --shoppers N         people in the generated graph, 10 to 1000000 (400)
          --owners N           shoppers who start by themselves (a twelfth of the graph)
          --seconds N          length of the play, 1 to 86400 (30)
          --concurrency N      requests in flight at most, 1 to 4096 (64)
          --seed N             every choice of the play follows from it (1)
          --run ID             name of the run, part of every id (else made from the time)
          --record FILE        append what was acknowledged to FILE, a JSON line each
          --json FILE          write report and audit as JSON
          --patience N         seconds to wait for an engine that went away, 1 to 3600 (60)
          --daily-helps N      the deployment's limit of helps a shopper and day (3)
          --sample N           shoppers whose own page the audit reads, at most (2000)

        exit code: 0 the audit holds, 1 a rule is broken, 2 usage or connection
        """;

    public IReadOnlyList<Uri> Urls { get; private set; } = [new("http://localhost:8080")];
    public string Key { get; private set; } = "dev";
    public PlayKind Kind { get; private set; } = PlayKind.Both;
    public string? GraphFile { get; private set; }
    public int Shoppers { get; private set; } = 400;
    public int? Owners { get; private set; }
    public int Seconds { get; private set; } = 30;
    public int Concurrency { get; private set; } = 64;
    public int Seed { get; private set; } = 1;
    public string? RunId { get; private set; }
    public string? RecordFile { get; private set; }
    public string? JsonFile { get; private set; }
    public int PatienceSeconds { get; private set; } = 60;
    public int DailyHelps { get; private set; } = 3;
    public int Sample { get; private set; } = 2000;
    public bool AuditOnly { get; private set; }
    public bool Help { get; private set; }

    /// <exception cref="UsageException">One line that names every unknown option and every bad value.</exception>
    public static RehearsalOptions Parse(IReadOnlyList<string> args)
    {
        var options = new RehearsalOptions();
        var faults = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            if (name is "--help" or "-h")
            {
                options.Help = true;
            }
            else if (name == "audit" && i == 0)
            {
                options.AuditOnly = true;
            }
            else if (!options.Knows(name))
            {
                faults.Add($"unknown option {name}");

                // Its value goes with it, so that one slip is named once.
                if (inline is null && i + 1 < args.Count && !args[i + 1].StartsWith('-')) i++;
            }
            else if ((inline ?? (i + 1 < args.Count ? args[++i] : null)) is not { Length: > 0 } value)
            {
                faults.Add($"{name} needs a value");
            }
            else if (options.Set(name, value) is { } fault)
            {
                faults.Add(fault);
            }
        }

        if (options.AuditOnly && options.RecordFile is null && !options.Help) faults.Add("audit needs --record FILE");
        if (faults.Count > 0) throw new UsageException(string.Join("; ", faults) + " (rehearse --help lists the options)");
        return options;
    }

    private static (string Name, string? Value) Split(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) && arg.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? (arg[..at], arg[(at + 1)..])
            : (arg, null);

    private bool Knows(string name) => name is "--url" or "--key" or "--kind" or "--graph" or "--shoppers" or "--owners" or "--seconds"
        or "--concurrency" or "--seed" or "--run" or "--record" or "--json" or "--patience" or "--daily-helps" or "--sample";

    private string? Set(string name, string value)
    {
        switch (name)
        {
            case "--url":
                Urls = [.. value.Split(',').Select(part => Uri.TryCreate(part, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null).OfType<Uri>()];
                return Urls.Count == value.Split(',').Length ? null : $"--url {value} is no http address";
            case "--key": Key = value; return null;
            case "--kind":
                Kind = value switch { "bargain" => PlayKind.Bargain, "group" => PlayKind.Group, "both" => PlayKind.Both, _ => PlayKind.None };
                return Kind == PlayKind.None ? $"--kind {value} is none of bargain, group, both" : null;
            case "--graph": GraphFile = value; return null;
            case "--record": RecordFile = value; return null;
            case "--json": JsonFile = value; return null;
            case "--run":
                RunId = value;
                return value.Length <= 20 && value.All(c => char.IsAsciiLetterOrDigit(c)) ? null : $"--run {value} is not 1 to 20 letters and digits";
            case "--shoppers": return Number(name, value, 10, 1_000_000, n => Shoppers = n);
            case "--owners": return Number(name, value, 1, 1_000_000, n => Owners = n);
            case "--seconds": return Number(name, value, 1, 86_400, n => Seconds = n);
            case "--concurrency": return Number(name, value, 1, 4096, n => Concurrency = n);
            case "--seed": return Number(name, value, int.MinValue, int.MaxValue, n => Seed = n);
            case "--patience": return Number(name, value, 1, 3600, n => PatienceSeconds = n);
            case "--daily-helps": return Number(name, value, 1, 1_000_000, n => DailyHelps = n);
            case "--sample": return Number(name, value, 1, 10_000_000, n => Sample = n);
            default: throw new ArgumentOutOfRangeException(nameof(name), name, "Knows and Set list the same options.");
        }
    }

    private static string? Number(string name, string value, int least, int most, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            return $"{name} {value} is not a whole number from {least} to {most}";
        }

        set(number);
        return null;
    }
}
