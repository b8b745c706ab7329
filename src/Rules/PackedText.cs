using System.Text;

namespace SocialCommerce.Rules;

/// <summary>A text among packed numbers: its length in bytes, then its UTF-8.</summary>
internal static class PackedText
{
    /// <summary>Beside its length.</summary>
    public const int BytesPerCharMax = 3;

    public static void Write(ref Span<byte> to, string text)
    {
        VarInt.Write(ref to, (ulong)Encoding.UTF8.GetByteCount(text));
        to = to[Encoding.UTF8.GetBytes(text, to)..];
    }

    public static string Read(ref ReadOnlySpan<byte> from)
    {
        var length = (int)VarInt.Read(ref from);
        var text = Encoding.UTF8.GetString(from[..length]);
        from = from[length..];
        return text;
    }
}
