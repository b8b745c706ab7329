using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SocialCommerce.Api;

/// <summary>The form of every id that a caller may send.</summary>
internal static class Ids
{
    public const int LengthMax = 64;
    public const string Pattern = "^[A-Za-z0-9._:-]{1,64}$";
    public const string InWords = "1 to 64 characters A-Z a-z 0-9 . _ : -";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public static bool IsId([NotNullWhen(true)] string? text)
        => text is { Length: >= 1 and <= LengthMax } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
