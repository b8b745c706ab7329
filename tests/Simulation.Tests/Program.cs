using System.Globalization;

namespace SocialCommerce.Simulation.Tests;

/// <summary>./simulate [SEEDS] [FIRST_SEED], or ./simulate --trace SEED.</summary>
internal static class Program
{
    private const string Usage = "./simulate [SEEDS] [FIRST_SEED], or ./simulate --trace SEED; numbers from 1 on";

    private static int Main(string[] arguments)
    {
        var traces = arguments is ["--trace", ..];
        var numbers = arguments.Skip(traces ? 1 : 0).Select(Number).ToArray();
        if (numbers.Length > 2 || (traces && numbers.Length != 1) || numbers.Contains(null))
        {
            Console.Error.WriteLine($"'{string.Join(' ', arguments)}' is none of: {Usage}");
            return 2;
        }

        if (traces) return Trace(numbers[0]!.Value);
        var simulator = new Simulator(numbers.ElementAtOrDefault(1) ?? 1, numbers.ElementAtOrDefault(0) ?? 1_000, Environment.ProcessorCount);
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

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
