using System.Diagnostics;
using System.Globalization;

namespace SocialCommerce.Simulation.Tests;

/// <summary>How one seed went.</summary>
internal sealed record SeedResult(int Seed, string? BrokenPromise, ulong Hash, long Commands, long Checks, FaultCounts Faults, TimeSpan VirtualTime, IReadOnlyList<string> Trace)
{
    public string Replay => $"./simulate --trace {Seed}";
}

/// <summary>Runs seeds, each on one thread and beside others, and sums up.</summary>
internal sealed class Simulator(int firstSeed, int count, int threads, Func<Defect>? defect = null)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<SeedResult> _failed = [];
    private readonly FaultCounts _faults = new();
    private int _begun;
    private int _done;
    private long _commands;
    private long _checks;
    private TimeSpan _virtualTime;

    /// <summary>After so many failed seeds no more are begun.</summary>
    public int FailuresMost { get; init; } = 5;

    public IReadOnlyList<SeedResult> Failed => _failed;

    public FaultCounts Faults => _faults;

    public long Commands => _commands;

    public int Done => _done;

    public static SeedResult Run(int seed, Defect? defect = null, bool keepTrace = false)
    {
        var world = new World(seed, defect, keepTrace);
        try
        {
            world.Run();
        }
        catch (Exception fault)
        {
            world.Auditor.Broken($"the simulation itself failed: {fault}");
        }

        return new SeedResult(
            seed, world.Auditor.BrokenPromise, world.Trace.Hash, world.Commands, world.Auditor.Checks, world.Faults, world.Timeline.Now - world.Setting.Start, world.Trace.Lines);
    }

    /// <summary>Plays all seeds; gives the line that sums them up.</summary>
    public string Run(TextWriter? progress = null)
    {
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return Summary(watch.Elapsed);

        void Work()
        {
            while (firstSeed + Interlocked.Increment(ref _begun) - 1 is var seed && seed < firstSeed + count && _failed.Count < FailuresMost)
            {
                var result = Run(seed, defect?.Invoke());
                lock (_gate)
                {
                    Add(result);
                    if (result.BrokenPromise is not null) progress?.WriteLine($"seed {result.Seed}: {result.BrokenPromise}\n  replay: {result.Replay}");
                    if (progress is null || watch.Elapsed - reported < ReportEvery) continue;
                    reported = watch.Elapsed;
                    progress.WriteLine(Summary(watch.Elapsed));
                }
            }
        }
    }

    private void Add(SeedResult result)
    {
        _done++;
        _commands += result.Commands;
        _checks += result.Checks;
        _virtualTime += result.VirtualTime;
        _faults.Add(result.Faults);
        if (result.BrokenPromise is not null) _failed.Add(result);
    }

    private string Summary(TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_done:N0} seeds, {_commands:N0} commands, {_checks:N0} checks, {_faults.Total:N0} faults ({_faults}), {_virtualTime.TotalHours:N0} simulated hours, {_failed.Count} failed, {took.TotalSeconds:N1} s");
}
