using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>What happens to a team that is not full at its deadline.</summary>
/// <param name="WhenAtLeast">It goes ahead with so many paid members; null: never.</param>
internal sealed record Fill(int? WhenAtLeast);

/// <summary><c>"none"</c> or <c>{"whenAtLeast": {"members": 3}}</c>.</summary>
internal sealed class FillConverter : JsonConverter<Fill>
{
    public override Fill Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => throw new NotSupportedException("Requests are read by CampaignForm.");

    public override void Write(Utf8JsonWriter writer, Fill value, JsonSerializerOptions options)
    {
        if (value.WhenAtLeast is not { } members)
        {
            writer.WriteStringValue("none"u8);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("whenAtLeast"u8);
        writer.WriteNumber("members"u8, members);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
