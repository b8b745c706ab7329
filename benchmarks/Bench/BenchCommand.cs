using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SocialCommerce.Bench;

/// <summary>Runs suites one after the other and tells the result; a fault in one does not keep the others from running.</summary>
internal static class BenchCommand
{
    private static readonly ISuite[] Known = [new JournalSuite(), new HttpSuite(), new RestartSuite(), new PostgresSuite(), new MemorySuite(), new DeadlineSuite(), new MillionSuite(), new ClusterSuite(), new CompareSuite()];

    /// <returns>0 when every floor was kept and every audit held, otherwise 1.</returns>
    public static async Task<int> Run(string[] args, TextWriter output)
    {
        var options = BenchOptions.Parse(args, [.. Known.Select(suite => suite.Name)]);
        var startedAt = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var loadAtStart = Machine.LoadAverage();
        var coreAtStart = Machine.CoreMilliseconds();
        var ticksAtStart = Machine.CpuTicks();
        using var workshop = new Workshop();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, CleanUp);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, CleanUp);
        var machine = Machine.Look(workshop.Root);
        var bench = new Bench(options, workshop, output);
        var faults = new List<string>();
        foreach (var suite in Known.Where(suite => options.Suites.Contains(suite.Name)))
        {
            bench.Say(string.Create(CultureInfo.InvariantCulture, $"{suite.Name} ({clock.Elapsed.TotalSeconds:0} s) ..."));
            try
            {
                await suite.Run(bench);
            }
            catch (BenchFaultException fault)
            {
                faults.Add($"{suite.Name}: {fault.Message}");
                bench.Say($"  FAULT {fault.Message}");
            }
        }

        var command = string.Join(' ', ["./bench", .. args]);
        var ticks = Machine.CpuTicks();
        var report = new Report(command, startedAt, Math.Round(clock.Elapsed.TotalSeconds), loadAtStart, Machine.LoadAverage(), machine, bench.Rows, bench.Audits, faults)
        {
            CoreMillisecondsAtStart = coreAtStart,
            CoreMillisecondsAtEnd = Machine.CoreMilliseconds(),
            StolenPercent = ticks.All > ticksAtStart.All ? Math.Round((ticks.Stolen - ticksAtStart.Stolen) / (ticks.All - ticksAtStart.All) * 100, 1) : 0,
        };
        var name = string.Create(CultureInfo.InvariantCulture, $"{startedAt:yyyyMMdd-HHmmss}-{(args.Length == 0 ? options.Name : string.Join('-', args))}-{Machine.EngineName}");
        var path = report.Write(Environment.GetEnvironmentVariable("BENCH_RESULTS") ?? "results", name.ToLowerInvariant());
        await output.WriteAsync($"\n{report.Text()}\nwritten to {path}, beside it .json for programs and .md for the docs\n");
        return report.Passed ? 0 : 1;

        // Neither servers nor a database are left behind.
        void CleanUp(PosixSignalContext signal)
        {
            signal.Cancel = true;
            Server.KillAll();
            workshop.Dispose();
            Environment.Exit(130);
        }
    }
}
