using System.Buffers.Binary;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// Makes ids: a letter for what it is, an underscore (so that none ever reads as a hexadecimal number), the time in milliseconds (so that
/// they sort) and 64 bits of chance (so that nobody guesses them), in Crockford's base 32.
/// </summary>
public sealed class Ids(IChance chance)
{
    private const int TimeDigits = 10;

    /// <summary>A bargain's id also carries the mark of its owner and product, so that a helper's grain knows from the id alone whether it has helped them before.</summary>
    public string Bargain(DateTimeOffset now, string ownerId, string productId) =>
        New('b', now) + Crockford.Encode(HelpMark.Of(ownerId, productId), Crockford.Digits64);

    public string Team(DateTimeOffset now) => New('t', now);

    public string Seat(DateTimeOffset now) => New('s', now);

    public string Purchase(DateTimeOffset now) => New('p', now);

    public string Claim(DateTimeOffset now) => New('c', now);

    /// <summary>32 bytes of chance, lower-case hex.</summary>
    public string Seed()
    {
        Span<byte> seed = stackalloc byte[DrawSeed.Bytes];
        chance.Fill(seed);
        return Convert.ToHexStringLower(seed);
    }

    private string New(char what, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        chance.Fill(random);
        return $"{what}_{Crockford.Encode((ulong)now.ToUnixTimeMilliseconds(), TimeDigits)}{Crockford.Encode(BinaryPrimitives.ReadUInt64BigEndian(random), Crockford.Digits64)}";
    }
}
