using System.Diagnostics;
using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>Where and with what it was measured.</summary>
internal sealed record Machine
{
#if ORLEANS
    public const string EngineName = "Orleans";
#else
    public const string EngineName = "Embedded";
#endif

    public string Engine { get; init; } = EngineName;

    /// <summary>Whether the engine's executable was compiled ahead of time, as it is when it is published for a platform.</summary>
    public bool CompiledAhead { get; init; } = IsCompiledAhead(Server.SiloPath);

    public int Cpus { get; init; } = Environment.ProcessorCount;
    public string CpuModel { get; init; } = FirstMatch("/proc/cpuinfo", "model name");
    public string Memory { get; init; } = FirstMatch("/proc/meminfo", "MemTotal");
    public string System { get; init; } = RuntimeInformation.OSDescription;
    public string Dotnet { get; init; } = RuntimeInformation.FrameworkDescription;
    public string Sqlite { get; init; } = SqliteVersion();
    public string Postgres { get; init; } = PostgresVersion();
    public string DataFolder { get; init; } = "";

    /// <summary>Of a 4 KiB write and its fsync in the folder that the data lay in.</summary>
    public double FsyncMicroseconds { get; init; }

    public string Commit { get; init; } = Ask("git", "describe --always --dirty --abbrev=12");

    public static Machine Look(string folder) => new() { DataFolder = FileSystemOf(folder), FsyncMicroseconds = Fsync(folder) };

    /// <summary>Processes that wanted a CPU, over the last one, five and fifteen minutes.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    /// <summary>
    /// How fast a core is at the moment: milliseconds to put half a million numbers into a dictionary, which takes memory, caches and branches as an
    /// engine does. A loop of arithmetic alone takes the same on a machine whose neighbours are loud.
    /// </summary>
    public static double CoreMilliseconds()
    {
        var took = new double[5];
        for (var i = 0; i < took.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var numbers = new Dictionary<ulong, int>();
            for (var (n, number) = (0, 1UL); n < 500_000; n++) numbers[number = (number * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407] = n;
            took[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return Math.Round(took.Order().ElementAt(took.Length / 2));
    }

    /// <summary>Time that all CPUs have had since the machine started, and of it what the host of a virtual machine gave to others; both in its own ticks.</summary>
    public static (double All, double Stolen) CpuTicks()
    {
        if (!File.Exists("/proc/stat")) return default;
        // user nice system idle iowait irq softirq steal; what guests had is counted with the first two.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum(), ticks[7]);
    }

    // Native code in an assembly has a header of its own: https://github.com/dotnet/runtime/blob/main/docs/design/coreclr/botr/readytorun-format.md
    private static bool IsCompiledAhead(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        return file.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }

    private static double Fsync(string folder)
    {
        var path = Path.Combine(folder, "fsync");
        var block = new byte[4096];
        var took = new List<double>();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < 40; i++)
            {
                var started = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        File.Delete(path);
        return Math.Round(took.Order().ElementAt(took.Count / 2));
    }

    private static string FileSystemOf(string folder)
    {
        var drive = DriveInfo.GetDrives().Where(drive => folder.StartsWith(drive.Name, StringComparison.Ordinal)).MaxBy(drive => drive.Name.Length);
        return drive?.DriveFormat ?? "unknown";
    }

    private static string FirstMatch(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";

    private static string SqliteVersion()
    {
        SQLitePCL.Batteries_V2.Init();
        return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
    }

    private static string PostgresVersion() =>
        PostgresBinaries.Missing is null ? Ask(Path.Combine(PostgresBinaries.Folder, "postgres"), "--version") : "none";

    private static string Ask(string program, string arguments)
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            var answer = asked!.StandardOutput.ReadToEnd().Trim();
            return answer.Length > 0 ? answer : "unknown";
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            // The program is not there: the figure is worth the same without its version.
            return string.Create(CultureInfo.InvariantCulture, $"no {Path.GetFileName(program)}");
        }
    }
}
