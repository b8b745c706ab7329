using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>Instants as RFC 3339 in UTC with milliseconds: <c>2026-03-01T08:00:00.000Z</c>. By hand, since every answer has several.</summary>
internal sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
{
    private const int Length = 24;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, DateTimeOffset value)
    {
        Span<byte> text = stackalloc byte[Length];
        var utc = value.UtcDateTime;
        Digits(text[..4], utc.Year);
        text[4] = (byte)'-';
        Digits(text[5..7], utc.Month);
        text[7] = (byte)'-';
        Digits(text[8..10], utc.Day);
        text[10] = (byte)'T';
        Digits(text[11..13], utc.Hour);
        text[13] = (byte)':';
        Digits(text[14..16], utc.Minute);
        text[16] = (byte)':';
        Digits(text[17..19], utc.Second);
        text[19] = (byte)'.';
        Digits(text[20..23], utc.Millisecond);
        text[23] = (byte)'Z';

        // Quoted here and written raw: nothing in it could need escaping.
        Span<byte> quoted = stackalloc byte[Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        writer.WriteRawValue(quoted, skipInputValidation: true);
    }

    private static void Digits(Span<byte> to, int value)
    {
        for (var i = to.Length - 1; i >= 0; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
