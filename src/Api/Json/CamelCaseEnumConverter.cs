using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>Enums of the contracts as camelCase strings.</summary>
internal sealed class CamelCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
