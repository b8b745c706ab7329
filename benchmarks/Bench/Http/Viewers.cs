using System.Net;
using System.Net.Sockets;

namespace SocialCommerce.Bench;

/// <summary>People who look at one live page, each over a connection of its own. They read what comes and throw it away.</summary>
internal sealed class Viewers : IAsyncDisposable
{
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _leaving = new();
    private readonly List<Task> _looking = [];
    private long _received;
    private int _open;

    /// <summary>Pieces that came so far: an event each, unless the reader was behind.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Gives them when each has seen what is there.</summary>
    /// <param name="subject">Whose page: <c>bargains/ID</c> or <c>teams/ID</c>.</param>
    public static async Task<Viewers> Open(int port, string subject, int count)
    {
        var viewers = new Viewers();
        var request = Requests.Get($"/v1/{subject}/live");
        for (var i = 0; i < count; i++) viewers._looking.Add(viewers.Look(port, request));
        using var patience = new CancellationTokenSource(OpenPatience);
        // Another process tells nobody that it has answered them all.
        while (Volatile.Read(ref viewers._open) < count)
        {
            if (viewers._looking.Find(looking => looking.IsFaulted) is { } fault) await fault;
            await Task.Delay(10, patience.Token);
        }

        return viewers;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await Task.WhenAll(_looking);
        _leaving.Dispose();
    }

    private async Task Look(int port, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var buffer = new byte[16 * 1024];
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), _leaving.Token);
            await socket.SendAsync(request, _leaving.Token);
            for (var isFirst = true; await socket.ReceiveAsync(buffer, _leaving.Token) > 0; isFirst = false)
            {
                if (isFirst) Interlocked.Increment(ref _open);
                Interlocked.Increment(ref _received);
            }

            throw new BenchFaultException("a live page was closed");
        }
        catch (OperationCanceledException)
        {
            // Everybody leaves.
        }
    }
}
