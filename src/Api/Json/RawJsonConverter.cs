using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>A text that is JSON already, written as what it says.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    // Checked while written: a broken event must not break the page around it.
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
