using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Rehearsal.Records;

/// <summary>The one way in which the rehearsal reads and writes JSON: camelCase, nulls left out.</summary>
internal static class Json
{
    public static JsonSerializerOptions Web { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static JsonSerializerOptions Indented { get; } = new(Web) { WriteIndented = true };
}
