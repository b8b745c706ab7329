using System.Globalization;

namespace SocialCommerce.Bench;

/// <summary>A process and its children, as a PostgreSQL server is one: the CPU time of all that live. On Linux; nothing elsewhere.</summary>
internal sealed class ProcessFamily(int parent)
{
    // Fields of /proc/PID/stat behind the name, which may contain anything.
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int KernelField = 12;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>No process at all.</summary>
    public static ProcessFamily None { get; } = new(parent: -1);

    public TimeSpan CpuTime
    {
        get
        {
            if (!Directory.Exists("/proc")) return TimeSpan.Zero;
            long ticks = 0;
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || Fields(id) is not { } fields) continue;
                if (id == parent || Number(fields, ParentField) == parent) ticks += Number(fields, UserField) + Number(fields, KernelField);
            }

            return ticks * Tick;
        }
    }

    public static int ParentOf(int process) => Fields(process) is { } fields ? (int)Number(fields, ParentField) : 0;

    private static string[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static long Number(string[] fields, int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
}
