using System.Diagnostics;
using System.Net.Sockets;

namespace SocialCommerce.Bench;

/// <summary>How soon a server that was just started takes a cut.</summary>
internal static class FirstCut
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until a cut is taken; gives the seconds since the start.</summary>
    /// <param name="started">The time stamp of the server's start.</param>
    public static async Task<double> After(long started, Server server, CutTraffic cuts)
    {
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            server.ThrowIfEnded();
            try
            {
                using var wire = new WireConnection();
                await wire.Connect(server.Port);
                if (!cuts.TryTake(out var number)) throw new BenchFaultException("there are no cuts left to ask for");
                var status = await wire.Exchange(cuts.Write(number, wire.Request));
                cuts.Told(number, status, wire.Body);
                if (status == cuts.Expected) return Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            catch (Exception away) when (away is SocketException or IOException)
            {
                // It does not listen yet.
            }

            // The process is not up yet, and trying without a pause would take the CPU that it starts on.
            await Task.Delay(5);
        }

        throw new BenchFaultException($"no cut was answered within {Patience.TotalSeconds} s of the start");
    }
}
