using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace SocialCommerce.Api.Tests;

/// <summary>
/// Requests that work, made hostile at random: none is a fault of the server's, none that is refused reaches a grain. FUZZ_REQUESTS sets how
/// many (6,000), FUZZ_SEED where they begin (1).
/// </summary>
public sealed partial class FuzzTests
{
    private const int Players = 2;

    private static readonly int Count = Setting("FUZZ_REQUESTS", 6_000);
    private static readonly int FirstSeed = Setting("FUZZ_SEED", 1);

    // How long a server may think about what is broken before it is taken to wait for the rest of it.
    private static readonly TimeSpan BrokenPatience = TimeSpan.FromMilliseconds(200);

    // Ends every wait: for the end of a head, of a line, or of a body that calls itself as long as five digits can. And it is no request.
    private static readonly byte[] Rest = [.. "\r\n\r\n"u8, .. Enumerable.Repeat((byte)'x', 100_000)];

    private long _refused;
    private long _taken;
    private long _unanswered;

    [Fact]
    public async Task Hostile_requests_are_refused_and_reach_nobody()
    {
        await Task.WhenAll(Enumerable.Range(0, Players).Select(player => Task.Run(() => Play(player))));

        // Some are harmless; most are not, and of these none was simply dropped.
        Assert.InRange(_refused / (double)Count, 0.5, 0.95);
        Assert.InRange(_taken / (double)Count, 0.03, 0.5);
        Assert.InRange(_unanswered / (double)Count, 0, 0.06);
    }

    private async Task Play(int player)
    {
        // Each its own, so that what reaches a grain is this request's.
        await using var edge = await EdgeHost.Start(services: null);
        Wire? wire = null;
        for (var seed = FirstSeed + player; seed < FirstSeed + Count; seed += Players)
        {
            var request = new HostileRequest(seed);
            var asked = edge.Grains.RequestCount;
            if (request.IsBroken || wire is null)
            {
                wire?.Dispose();
                wire = await Wire.To(edge.Address.Port);
            }

            var answer = await wire.Exchange(request.Bytes, request.IsBroken ? BrokenPatience : LiveTests.Patience);
            // Never just left: what a slow server still does about it would be counted with the next request.
            if (answer is null && request.IsBroken) answer = await wire.Exchange(Rest, LiveTests.Patience);
            Judge(seed, request, answer, edge.Grains.RequestCount - asked);
            if (!request.IsBroken && answer is { Closes: false }) continue;
            wire.Dispose();
            wire = null;
        }

        wire?.Dispose();
    }

    private void Judge(int seed, HostileRequest request, WireAnswer? answer, int reached)
    {
        if (answer is null)
        {
            Check(request.IsBroken, "has no answer");
            Interlocked.Increment(ref _unanswered);
            return;
        }

        // What no request of this protocol may be, the server itself says: a version or a coding that it does not know.
        Check(answer.Status is (>= 200 and < 500) or 501 or 505, $"is answered {answer.Status}");
        if (answer.Status < 400)
        {
            Interlocked.Increment(ref _taken);
            return;
        }

        Interlocked.Increment(ref _refused);
        Check(reached == 0 || !answer.IsAlone, $"is answered {answer.Status} and reached {reached} grains: {answer.Body}");
        Check(request.IsBroken || answer.IsAlone, "has two answers");
        // Where it is no HTTP the server hangs up before anybody could write a problem.
        if (answer.Body.Length == 0 && (request.IsBroken || answer.Closes)) return;
        Check(answer.Head.Contains("application/problem+json", StringComparison.Ordinal), $"is answered {answer.Status} without a problem: {answer.Head}");
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        Check(
            problem.GetProperty("status").GetInt32() == answer.Status && problem.GetProperty("code").GetString() is { Length: > 0 } code
            && problem.GetProperty("type").GetString() == "urn:social-commerce:problem:" + code && problem.GetProperty("detail").GetString() is { Length: > 0 },
            $"is answered {answer.Body}");

        void Check(bool holds, string what) => Assert.True(holds, $"FUZZ_SEED={seed}: a request {what}\n{Encoding.Latin1.GetString(request.Bytes.AsSpan(0, Math.Min(request.Bytes.Length, 1_500)))}");
    }

    private static int Setting(string name, int standard) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : standard;

    private sealed record WireAnswer(int Status, string Head, string Body, bool IsAlone, bool Closes);

    /// <summary>A connection that stays open as long as the server likes.</summary>
    private sealed partial class Wire : IDisposable
    {
        private readonly TcpClient _socket = new() { NoDelay = true };
        private readonly byte[] _buffer = new byte[128 * 1024];

        public static async Task<Wire> To(int port)
        {
            var wire = new Wire();
            await wire._socket.ConnectAsync(IPAddress.Loopback, port);
            return wire;
        }

        /// <summary>Null where no answer came.</summary>
        public async Task<WireAnswer?> Exchange(byte[] request, TimeSpan patience)
        {
            using var cancellation = new CancellationTokenSource(patience);
            var stream = _socket.GetStream();
            var filled = 0;
            try
            {
                // A refusal may come before all is sent.
                var sending = stream.WriteAsync(request, cancellation.Token).AsTask();
                while (true)
                {
                    var count = await stream.ReadAsync(_buffer.AsMemory(filled), cancellation.Token);
                    filled += count;
                    if (AnswerOf(Encoding.UTF8.GetString(_buffer, 0, filled), count == 0) is { } answer) return sending.IsCompletedSuccessfully ? answer : answer with { Closes = true };
                    if (count == 0) return null;
                }
            }
            catch (Exception cut) when (cut is IOException or OperationCanceledException)
            {
                return AnswerOf(Encoding.UTF8.GetString(_buffer, 0, filled), ended: true);
            }
        }

        public void Dispose() => _socket.Dispose();

        private static WireAnswer? AnswerOf(string received, bool ended)
        {
            var end = received.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0 || !received.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) return null;
            var (head, body) = (received[..end], Encoding.UTF8.GetBytes(received[(end + 4)..]));
            var length = Length().Match(head) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            if (body.Length < length && !ended) return null;
            // Behind it the answer to what the server took for another request.
            var isAlone = body.Length <= length;
            return new WireAnswer(
                int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(length, body.Length))), isAlone,
                ended || !isAlone || !Length().IsMatch(head) || head.Contains("Connection: close", StringComparison.Ordinal));
        }

        [GeneratedRegex("Content-Length: ([0-9]+)")]
        private static partial Regex Length();
    }
}
