using System.Diagnostics;

namespace SocialCommerce.TestSupport;

/// <summary>Where this machine keeps the programs of a PostgreSQL server.</summary>
public static class PostgresBinaries
{
    private static readonly Lazy<string?> Found = new(Search);

    /// <summary>Why no server can be started here; null when one can.</summary>
    public static string? Missing => Found.Value is null ? "no PostgreSQL server (initdb, pg_ctl) on this machine" : null;

    /// <summary>The folder with initdb, pg_ctl and postgres.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Folder => Found.Value ?? throw new InvalidOperationException(Missing);

    private static string? Search()
    {
        var folders = new List<string>();
        if (Environment.GetEnvironmentVariable("PG_BINDIR") is { Length: > 0 } given) folders.Add(given);
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            folders.AddRange(Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin")));
        }

        if (AskConfig() is { } configured) folders.Add(configured);
        folders.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.FirstOrDefault(folder => Array.TrueForAll(["initdb", "pg_ctl", "postgres"], program => File.Exists(Path.Combine(folder, program))));
    }

    private static string? AskConfig()
    {
        try
        {
            using var config = Process.Start(new ProcessStartInfo("pg_config", ["--bindir"]) { RedirectStandardOutput = true });
            return config?.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No pg_config: only one of several places to look in.
            return null;
        }
    }
}
