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

    // Not checked again: whoever gives it has read it as JSON.
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value, skipInputValidation: true);
}
