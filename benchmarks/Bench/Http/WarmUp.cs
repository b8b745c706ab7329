using System.Diagnostics;

namespace SocialCommerce.Bench;

/// <summary>
/// Loads a server until it is warm: until the CPU time that it uses for one request no longer falls, which is when the just-in-time compiler
/// has come to its end. For every contestant alike; how long that takes differs with the machine and with who else is on it.
/// </summary>
internal static class WarmUp
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    // Noise is smaller, what is still to be compiled is more.
    private const double Progress = 0.93;
    private const int StepsWithoutProgress = 3;

    public static async Task Run(Server server, int connections, BenchOptions options, Traffic traffic)
    {
        var clock = Stopwatch.StartNew();
        var best = double.MaxValue;
        for (var without = 0; clock.Elapsed < options.WarmUpMost && (without < StepsWithoutProgress || clock.Elapsed < options.WarmUpLeast);)
        {
            var before = server.CpuTime;
            var answered = (await Load.Closed(server.Port, connections, Step, traffic)).Answered;
            var perRequest = (server.CpuTime - before).TotalMicroseconds / Math.Max(1, answered);
            without = perRequest < best * Progress ? 0 : without + 1;
            best = Math.Min(best, perRequest);
        }
    }
}
