namespace SocialCommerce.Rules;

/// <summary>Numbers in Crockford's base 32: lower case, without the letters that are taken for digits. Fixed width, so that text sorts as the numbers do.</summary>
public static class Crockford
{
    /// <summary>Digits of a number of 64 bits.</summary>
    public const int Digits64 = 13;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Encode(ulong value, int digits) => string.Create(digits, value, static (span, rest) =>
    {
        for (var i = span.Length - 1; i >= 0; i--)
        {
            span[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });

    /// <summary>False when there is another character than its digits.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0) return false;
            value = (value << 5) | (uint)digit;
        }

        return true;
    }
}
