using System.Collections.Concurrent;
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

    // Keys that were found good, as they were given: hashing one costs more than all the rest of the door. No more than there are keys.
    private readonly ConcurrentDictionary<string, Caller> _good = new(StringComparer.Ordinal);

    public ApiKeys(ApiOptions options)
    {
        _keys = [.. options.Keys.Select(key => (key.Sha256, new Caller(key.Name, key.Scopes)))];
        if (options.Development) _dev = new Caller("dev", Scopes.Any);
    }

    /// <summary>Whose key this is, or null.</summary>
    /// <param name="http">How it came: the key <c>dev</c> is good on this machine only.</param>
    public Caller? Find(string? key, HttpContext http)
    {
        if (key is not { Length: >= 1 and <= LengthMax }) return null;
        if (!_good.TryGetValue(key, out var caller) && (caller = FindByHash(key)) is not null) _good[key] = caller;
        return ReferenceEquals(caller, _dev) && !IsFromHere(http) ? null : caller;
    }

    /// <summary>Loopback, or no network at all (a Unix socket, a test server).</summary>
    public static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    // By name, too: a page of another site whose name leads here sends what it likes, but under that name, which has a dot in it.
    private static bool IsFromHere(HttpContext http) =>
        IsLoopback(http.Connection.LocalIpAddress) && http.Request.Host.Host is var name && (!name.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(name, out _));

    private Caller? FindByHash(string key)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(LengthMax)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);

        // All are looked at, found or not, so that the time tells nothing.
        Caller? found = null;
        foreach (var (sha256, caller) in _keys)
            if (CryptographicOperations.FixedTimeEquals(hash, sha256)) found = caller;
        return found ?? (_dev is not null && CryptographicOperations.FixedTimeEquals(hash, ApiOptionsReader.DevKeySha256) ? _dev : null);
    }
}
