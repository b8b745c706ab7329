using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace SocialCommerce.Rules;

/// <summary>
/// Provable chance: every draw is HMAC-SHA256 with the bargain's secret seed as key over <c>{bargainId}|{cutNumber}|{helperId}</c> in
/// UTF-8; its first eight bytes, big-endian, are the number that a rule uses. The seed's SHA-256 is shown from the start.
/// </summary>
public static class Draws
{
    // Enough for ids as the API takes them; longer ones go the longer way.
    private const int MessageBytes = 256;

    /// <summary>All 32 bytes of a draw.</summary>
    public static byte[] Full(DrawSeed seed, string bargainId, int cutNumber, string helperId)
    {
        var draw = new byte[HMACSHA256.HashSizeInBytes];
        Draw(seed, bargainId, cutNumber, helperId, draw);
        return draw;
    }

    /// <summary>The number that a rule uses.</summary>
    public static ulong Number(DrawSeed seed, string bargainId, int cutNumber, string helperId)
    {
        Span<byte> draw = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Draw(seed, bargainId, cutNumber, helperId, draw);
        return BinaryPrimitives.ReadUInt64BigEndian(draw);
    }

    /// <summary>What is shown from the start: SHA-256 of the seed, lower-case hex.</summary>
    public static string Commitment(DrawSeed seed)
    {
        Span<byte> bytes = stackalloc byte[DrawSeed.Bytes];
        seed.CopyTo(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static void Draw(DrawSeed seed, string bargainId, int cutNumber, string helperId, Span<byte> draw)
    {
        Span<byte> key = stackalloc byte[DrawSeed.Bytes];
        seed.CopyTo(key);
        HMACSHA256.HashData(key, Message(stackalloc byte[MessageBytes], bargainId, cutNumber, helperId), draw);
    }

    private static ReadOnlySpan<byte> Message(Span<byte> room, string bargainId, int cutNumber, string helperId) =>
        Utf8.TryWrite(room, CultureInfo.InvariantCulture, $"{bargainId}|{cutNumber}|{helperId}", out var length)
            ? room[..length]
            : Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bargainId}|{cutNumber}|{helperId}"));
}
