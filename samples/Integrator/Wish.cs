using System.Globalization;

namespace SocialCommerce.Integrator;

internal enum Play
{
    Usage,
    All,
    Bargain,
    Team,
    Events,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Run">Part of every id and key of this run: the same again is the same run.</param>
/// <param name="After">The cursor from which events are read; empty for the start.</param>
internal sealed record Wish(Play Play, string Run, string After)
{
    /// <exception cref="SampleException">Something in it is wrong.</exception>
    public static Wish From(string[] args, DateTimeOffset now)
    {
        var wish = new Wish(Play.All, "run-" + now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture), "");
        for (var i = 0; i < args.Length; i++)
        {
            wish = args[i] switch
            {
                "--help" or "-h" or "help" => wish with { Play = Play.Usage },
                "all" => wish with { Play = Play.All },
                "bargain" => wish with { Play = Play.Bargain },
                "team" => wish with { Play = Play.Team },
                "events" => wish with { Play = Play.Events },
                "--run" when i + 1 < args.Length => wish with { Run = args[++i] },
                "--after" when i + 1 < args.Length => wish with { After = args[++i] },
                // Settings: the host's configuration reads them.
                var setting when setting.StartsWith("--Cluster:", StringComparison.OrdinalIgnoreCase) && setting.Contains('=', StringComparison.Ordinal) => wish,
                var stranger => throw new SampleException($"'{stranger}' is not understood; see --help", exitCode: 2),
            };
        }

        // With a role behind it, it must still be a shopper's id: 1 to 64 characters A-Z a-z 0-9 . _ : -
        if (wish.Run.Length is 0 or > 48 || !wish.Run.All(letter => char.IsAsciiLetterOrDigit(letter) || "._:-".Contains(letter, StringComparison.Ordinal)))
            throw new SampleException("--run must have 1 to 48 letters, digits, dots, underscores, colons or hyphens", exitCode: 2);
        return wish;
    }
}
