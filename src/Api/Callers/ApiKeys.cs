using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Api;

/// <summary>Knows API keys by their hashes. A lookup takes the same time for every key that is not one of ours.</summary>
internal sealed class ApiKeys
{
    private const int LengthMax = 256;

    private readonly (byte[] Sha256, Caller Caller)[] _keys;
    private readonly Caller? _dev;

    public ApiKeys(ApiOptions options)
    {
        _keys = [.. options.Keys.Select(key => (key.Sha256, new Caller(key.Name, key.Scopes)))];
        if (options.Development) _dev = new Caller("dev", Scopes.Any);
    }

    /// <summary>Whose key this is, or null.</summary>
    /// <param name="localAddress">Where the connection came in: the key <c>dev</c> is good on loopback only.</param>
    public Caller? Find(string? key, IPAddress? localAddress)
    {
        if (key is not { Length: >= 1 and <= LengthMax }) return null;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(LengthMax)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);

        // All are looked at, found or not, so that the time tells nothing.
        Caller? found = null;
        foreach (var (known, caller) in _keys)
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = caller;
        if (found is null && _dev is not null && IsLoopback(localAddress) && CryptographicOperations.FixedTimeEquals(hash, ApiOptionsReader.DevKeySha256))
            found = _dev;
        return found;
    }

    /// <summary>Loopback, or no network at all (a Unix socket, a test server).</summary>
    public static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
