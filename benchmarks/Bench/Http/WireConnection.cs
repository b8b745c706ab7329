using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SocialCommerce.Bench;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends a request and reads its answer, nothing more: the load generator shares the cores with
/// what it measures. Understands answers with a Content-Length only.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _received = new byte[8 * 1024];
    private int _bodyStart;
    private int _bodyLength;

    /// <summary>Where the next request is written.</summary>
    public byte[] Request { get; } = new byte[1024];

    /// <summary>The body of the last answer.</summary>
    public ReadOnlySpan<byte> Body => _received.AsSpan(_bodyStart, _bodyLength);

    public ValueTask Connect(int port) => _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), CancellationToken.None);

    /// <summary>Sends the first bytes of <see cref="Request"/> and gives the status of the answer.</summary>
    /// <exception cref="SocketException">The connection is lost; whether the request had its effect is unknown.</exception>
    /// <exception cref="IOException">As above, or the answer is not one that this client understands.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> Exchange(int requestLength)
    {
        for (var sent = 0; sent < requestLength;) sent += await _socket.SendAsync(Request.AsMemory(sent, requestLength - sent));

        var filled = 0;
        while (true)
        {
            if (filled == _received.Length) Array.Resize(ref _received, filled * 2);
            var count = await _socket.ReceiveAsync(_received.AsMemory(filled));
            if (count == 0) throw new IOException("The server closed the connection.");
            filled += count;
            if (TryRead(filled, out var status)) return status;
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TryRead(int filled, out int status)
    {
        status = 0;
        var received = _received.AsSpan(0, filled);
        var headEnd = received.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = received[..headEnd];
        if (!Utf8Parser.TryParse(head[9..], out status, out int _)) throw new IOException("The answer has no status.");
        _bodyStart = headEnd + 4;
        _bodyLength = ContentLength(head, status);
        return filled >= _bodyStart + _bodyLength;
    }

    private static int ContentLength(ReadOnlySpan<byte> head, int status)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at >= 0 && Utf8Parser.TryParse(head[(at + 18)..], out int length, out _)) return length;
        return status == 204 ? 0 : throw new IOException("The answer has no Content-Length.");
    }
}
