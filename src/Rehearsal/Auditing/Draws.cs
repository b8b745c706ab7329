using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>The fairness of a bargain, computed anew from what the engine publishes; shares no code with the engine.</summary>
internal static class Draws
{
    /// <summary>SHA-256 of the seed, lower-case hex.</summary>
    public static string Commitment(ReadOnlySpan<byte> seed) => Convert.ToHexStringLower(SHA256.HashData(seed));

    /// <summary>HMAC-SHA256 of "bargain|number|helper" under the seed.</summary>
    public static byte[] Draw(byte[] seed, string bargainId, int cutNumber, string helperId) =>
        HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes($"{bargainId}|{cutNumber}|{helperId}"));

    /// <summary>The whole number from <paramref name="min"/> to <paramref name="max"/>, both included, that a draw stands for.</summary>
    public static long Uniform(ReadOnlySpan<byte> draw, long min, long max)
    {
        var point = BinaryPrimitives.ReadUInt64BigEndian(draw);
        return min + (long)(((UInt128)point * (ulong)(max - min + 1)) >> 64);
    }

    /// <summary>Bytes of a hex text, or null where it is none.</summary>
    public static byte[]? FromHex(string? hex)
    {
        if (hex is null || hex.Length == 0 || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit)) return null;
        return Convert.FromHexString(hex);
    }
}
