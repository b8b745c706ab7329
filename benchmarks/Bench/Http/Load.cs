using System.Diagnostics;
using System.Net.Sockets;

namespace SocialCommerce.Bench;

/// <summary>What a load brought.</summary>
/// <param name="Answered">Requests with the expected answer.</param>
/// <param name="Others">Answers with another status, and one of them in words.</param>
/// <param name="CutOff">Connections that were lost on the way.</param>
internal sealed record LoadResult(long Answered, double Seconds, Latencies Latencies, long Others, string? OtherAnswer, int CutOff)
{
    public double PerSecond => Answered / Seconds;

    /// <exception cref="BenchFaultException">Not every answer was the expected one.</exception>
    public LoadResult Clean(string what)
    {
        if (Others > 0) throw new BenchFaultException($"{what}: {Others} of {Answered + Others} answers were not the expected ones, such as {OtherAnswer}");
        if (CutOff > 0) throw new BenchFaultException($"{what}: {CutOff} connections were lost");
        if (Answered == 0) throw new BenchFaultException($"{what}: nothing was answered");
        return this;
    }
}

/// <summary>Sends traffic over keep-alive connections, one request at a time on each.</summary>
internal sealed class Load
{
    private readonly int _port;
    private readonly Traffic _traffic;
    private readonly double _perSecond;
    private readonly TimeSpan _window;
    private long _answered;
    private long _others;
    private int _cutOff;
    private volatile string? _otherAnswer;
    private long _startedAt;
    private long _endsAt;
    private long _lastCounted;

    private Load(int port, Traffic traffic, double perSecond, TimeSpan window)
    {
        _window = window;
        _port = port;
        _traffic = traffic;
        _perSecond = perSecond;
    }

    /// <summary>So many answers came by now.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Ends the load early: no request goes out any more.</summary>
    public void Stop() => Interlocked.Exchange(ref _endsAt, 0);

    /// <summary>Closed loop: the next request of a connection goes out when the last answer is there.</summary>
    public static Task<LoadResult> Closed(int port, int connections, TimeSpan window, Traffic traffic) => new Load(port, traffic, 0, window).Run(connections);

    /// <summary>Closed loop under way, to be looked at while it runs.</summary>
    public static (Load Load, Task<LoadResult> Result) Watched(int port, int connections, TimeSpan window, Traffic traffic)
    {
        var load = new Load(port, traffic, 0, window);
        return (load, load.Run(connections));
    }

    /// <summary>Open loop: requests go out at a rate, whatever the answers do; a latency counts from when the request should have gone out.</summary>
    public static Task<LoadResult> Open(int port, int connections, double perSecond, TimeSpan window, Traffic traffic) =>
        new Load(port, traffic, perSecond, window).Run(connections);

    private async Task<LoadResult> Run(int connections)
    {
        var wires = new WireConnection[connections];
        try
        {
            for (var i = 0; i < connections; i++) await (wires[i] = new WireConnection()).Connect(_port);
            _startedAt = Stopwatch.GetTimestamp();
            _endsAt = _startedAt + (long)(_window.TotalSeconds * Stopwatch.Frequency);
            _lastCounted = _endsAt;
            using var pace = _perSecond > 0 ? new Pace(_perSecond, _startedAt) : null;
            var loops = await Task.WhenAll(wires.Select(wire => Task.Run(() => Loop(wire, pace))));
            // Off the thread that watches the sockets: the caller may block.
            await Task.Yield();
            // A load that ran out of requests took less than its window; one that was answered late took more, which does not count.
            var seconds = Math.Min(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, _window.TotalSeconds);
            var latencies = new Latencies();
            foreach (var loop in loops) latencies.Add(loop);
            return new LoadResult(_answered, seconds, latencies, _others, _otherAnswer, _cutOff);
        }
        finally
        {
            foreach (var wire in wires) wire?.Dispose();
        }
    }

    private async Task<Latencies> Loop(WireConnection wire, Pace? pace)
    {
        var turn = new Pace.Turn();
        var latencies = new Latencies();
        try
        {
            while (Stopwatch.GetTimestamp() is var now && now < Interlocked.Read(ref _endsAt) && _traffic.TryTake(out var number))
            {
                var dueAt = pace is null ? now : await pace.Next(turn);
                if (dueAt >= Interlocked.Read(ref _endsAt)) break;
                var status = await wire.Exchange(_traffic.Write(number, wire.Request));
                var answeredAt = Stopwatch.GetTimestamp();
                _traffic.Told(number, status, wire.Body);
                if (status != _traffic.Expected) CountOther(status, wire.Body);
                else if (pace is not null || answeredAt <= _lastCounted)
                {
                    Interlocked.Increment(ref _answered);
                    latencies.Add(Stopwatch.GetElapsedTime(dueAt, answeredAt));
                }
            }
        }
        catch (Exception lost) when (lost is SocketException or IOException)
        {
            // The server went away, as it does when it is killed on purpose; whoever does not expect that looks at the count.
            Interlocked.Increment(ref _cutOff);
        }

        return latencies;
    }

    private void CountOther(int status, ReadOnlySpan<byte> body)
    {
        Interlocked.Increment(ref _others);
        _otherAnswer ??= $"{status} {System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)])}";
    }
}
