using System.Diagnostics;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>How late bargains ended by themselves, read through the API.</summary>
internal static class Ends
{
    private const int Readers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Waits for the end of each, from the last to the first, so that reading does not disturb those that are being ended.</summary>
    /// <exception cref="BenchFaultException">One ended early, otherwise than by its time, or not at all.</exception>
    public static async Task<IReadOnlyList<End>> Of(int port, IReadOnlyList<string> bargains)
    {
        var ends = new End[bargains.Count];
        var next = bargains.Count;
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(Read)));
        return ends;

        async Task Read()
        {
            using var wire = new WireConnection();
            await wire.Connect(port);
            while (Interlocked.Decrement(ref next) is var number && number >= 0) ends[number] = await EndOf(wire, bargains[number]);
        }
    }

    private static async Task<End> EndOf(WireConnection wire, string id)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var request = Requests.Get($"/v1/bargains/{id}");
            request.CopyTo(wire.Request, 0);
            if (await wire.Exchange(request.Length) is not 200 and var status) throw new BenchFaultException($"reading a bargain answered {status}");
            using var bargain = JsonDocument.Parse(wire.Body.ToArray());
            var expiresAt = bargain.RootElement.GetProperty("expiresAt").GetDateTimeOffset();
            var how = bargain.RootElement.GetProperty("status").GetString();
            if (how != "open")
            {
                var endedAt = bargain.RootElement.GetProperty("endedAt").GetDateTimeOffset();
                if (how != "expired" || endedAt < expiresAt) throw new BenchFaultException($"a bargain due at {expiresAt:O} is {how} since {endedAt:O}");
                return new End(expiresAt, endedAt);
            }

            if (DateTimeOffset.UtcNow > expiresAt + Patience && waited.Elapsed > Patience) throw new BenchFaultException($"a bargain due at {expiresAt:O} is still open");
            // Asked over HTTP, on the cores that are measured: often enough for a figure in seconds, too rarely to be a load.
            await Task.Delay(200);
        }
    }
}

/// <summary>When a bargain was to end, and when it did.</summary>
internal readonly record struct End(DateTimeOffset ExpiresAt, DateTimeOffset EndedAt);
