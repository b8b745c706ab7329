using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Rehearsal.Http;

/// <summary>
/// A campaign's <c>stock</c> is its setting (one number) in what is sent, and may be the setting or the full count in what is
/// answered. Only the full count (all four figures) can be audited; anything else reads as none given.
/// </summary>
internal sealed class StockReplyConverter : JsonConverter<StockReply?>
{
    public override StockReply? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var stock = document.RootElement;
        return stock.ValueKind == JsonValueKind.Object
               && Figure("total") is { } total && Figure("held") is { } held && Figure("sold") is { } sold && Figure("free") is { } free
            ? new StockReply(total, held, sold, free)
            : null;

        long? Figure(string name) => stock.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;
    }

    public override void Write(Utf8JsonWriter writer, StockReply? value, JsonSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("total", value.Total);
        writer.WriteNumber("held", value.Held);
        writer.WriteNumber("sold", value.Sold);
        writer.WriteNumber("free", value.Free);
        writer.WriteEndObject();
    }
}
