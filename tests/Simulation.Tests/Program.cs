using System.Globalization;

namespace SocialCommerce.Simulation.Tests;

/// <summary>./simulate [SEEDS] [FIRST_SEED], or ./simulate --trace SEED.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["--trace", var traced]) return Trace(Number(traced));
        var count = arguments.Length > 0 ? Number(arguments[0]) : 1_000;
        var first = arguments.Length > 1 ? Number(arguments[1]) : 1;
        var simulator = new Simulator(first, count, Environment.ProcessorCount);
        Console.WriteLine(simulator.Run(Console.Out));
        return simulator.Failed.Count == 0 ? 0 : 1;
    }

    private static int Trace(int seed)
    {
        var result = Simulator.Run(seed, keepTrace: true);
        foreach (var line in result.Trace) Console.WriteLine(line);
        Console.WriteLine($"seed {seed}: {result.BrokenPromise ?? "every promise kept"}; trace {result.Hash:x16}, {result.Commands} commands, {result.Faults.Total} faults");
        return result.BrokenPromise is null ? 0 : 1;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
