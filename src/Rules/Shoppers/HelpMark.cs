using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Rules;

/// <summary>
/// Stands for an owner and a product: the first eight bytes of a SHA-256 over both. Every bargain's id ends with it, so that a shopper knows
/// from the id alone whether it has helped this owner on this product before.
/// </summary>
public static class HelpMark
{
    private const int IdLength = 2 + 10 + Crockford.Digits64 + Crockford.Digits64;

    public static ulong Of(string ownerId, string productId) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{ownerId}\n{productId}")));

    /// <summary>The mark in a bargain's id. An id that was not made by the engine gives none; no bargain answers to it either.</summary>
    public static bool TryRead(string bargainId, out ulong mark)
    {
        mark = 0;
        return bargainId.Length == IdLength
            && bargainId.StartsWith("b_", StringComparison.Ordinal)
            && Crockford.TryDecode(bargainId.AsSpan(IdLength - Crockford.Digits64), out mark);
    }
}
