using System.Text;

namespace SocialCommerce.Bench;

/// <summary>The bytes of requests. Engine and baselines get the same.</summary>
internal static class Requests
{
    /// <summary>Servers are told of it when they are launched: they run as in production, where the key <c>dev</c> is not taken.</summary>
    public const string ApiKey = "bench";

    private const string Common = $"Host: localhost\r\nX-Api-Key: {ApiKey}\r\nContent-Length: 0\r\n";

    /// <summary>Up to the shopper's id, which is the last header's value.</summary>
    public static byte[] PostHead(string path) => Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\n{Common}X-User-Id: ");

    public static byte[] Post(string path, string shopperId) => Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\n{Common}X-User-Id: {shopperId}\r\n\r\n");

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {ApiKey}\r\n\r\n");

    public static string CutsPath(string bargainId) => $"/v1/bargains/{bargainId}/cuts";

    /// <summary>The text member of an answer that begins with the mark given.</summary>
    public static string TextOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> mark)
    {
        var at = body.IndexOf(mark);
        if (at < 0) throw new BenchFaultException($"an answer lacks {Encoding.ASCII.GetString(mark)}: {Encoding.UTF8.GetString(body)}");
        var text = body[(at + mark.Length)..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)'"')]);
    }

    /// <summary>A head with the shopper's id, prefix and number, and the end of the head; gives the length.</summary>
    public static int Write(byte[] head, ReadOnlySpan<byte> prefix, long number, Span<byte> request)
    {
        head.CopyTo(request);
        prefix.CopyTo(request[head.Length..]);
        var at = head.Length + prefix.Length;
        number.TryFormat(request[at..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
        "\r\n\r\n"u8.CopyTo(request[(at + digits)..]);
        return at + digits + 4;
    }
}
