using System.Buffers.Binary;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// Makes ids: a letter for what it is, an underscore (so that none ever reads as a hexadecimal number), the time in milliseconds (so that
/// they sort) and 64 bits of chance (so that nobody guesses them), in Crockford's base 32.
/// </summary>
public sealed class Ids(IChance chance)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeDigits = 10;
    private const int Digits64 = 13;

    /// <summary>A bargain's id also carries the mark of its owner and product, so that a helper's grain knows from the id alone whether it has helped them before.</summary>
    public string Bargain(DateTimeOffset now, string ownerId, string productId) =>
        New('b', now) + Encode(ShopperState.MarkOf(ownerId, productId), Digits64);

    public string Team(DateTimeOffset now) => New('t', now);

    public string Seat(DateTimeOffset now) => New('s', now);

    public string Purchase(DateTimeOffset now) => New('p', now);

    public string Claim(DateTimeOffset now) => New('c', now);

    /// <summary>32 bytes of chance, lower-case hex.</summary>
    public string Seed()
    {
        Span<byte> seed = stackalloc byte[Draws.SeedBytes];
        chance.Fill(seed);
        return Convert.ToHexStringLower(seed);
    }

    /// <summary>The mark in a bargain's id. An id that was not made here gives none; no bargain answers to it either.</summary>
    public static bool TryMarkOf(string bargainId, out ulong mark)
    {
        mark = 0;
        if (bargainId.Length != 2 + TimeDigits + Digits64 + Digits64 || !bargainId.StartsWith("b_", StringComparison.Ordinal)) return false;
        foreach (var digit in bargainId.AsSpan(2 + TimeDigits + Digits64))
        {
            var value = Alphabet.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0) return false;
            mark = (mark << 5) | (uint)value;
        }

        return true;
    }

    private string New(char what, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        chance.Fill(random);
        return $"{what}_{Encode((ulong)now.ToUnixTimeMilliseconds(), TimeDigits)}{Encode(BinaryPrimitives.ReadUInt64BigEndian(random), Digits64)}";
    }

    private static string Encode(ulong value, int digits) => string.Create(digits, value, static (span, rest) =>
    {
        for (var i = span.Length - 1; i >= 0; i--)
        {
            span[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });
}
