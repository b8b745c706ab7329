using System.Text.Json;

namespace SocialCommerce.Api;

/// <summary>
/// Reads the members of one JSON object, each with what it may be; what is wrong goes to the request's faults under the member's dotted
/// name, and reads as missing. A missing member and <c>null</c> are the same. Members that nobody asks for are ignored.
/// </summary>
internal readonly struct JsonForm(JsonElement json, string prefix, FormFaults faults)
{
    /// <summary>The greatest whole number that every JSON reader keeps exactly.</summary>
    public const long WholeMax = (1L << 53) - 1;

    private bool IsMissing => json.ValueKind != JsonValueKind.Object;

    public string? Text(string name, int lengthMax, int lengthMin = 1)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return Fault<string>(name, "must be a string.");
        if (TryGetString(value) is not { } text) return Fault<string>(name, "must be well-formed Unicode.");
        foreach (var c in text)
            if (char.IsControl(c)) return Fault<string>(name, "must not contain control characters.");
        if (text.Length < lengthMin || text.Length > lengthMax)
            return Fault<string>(name, lengthMin == 0 ? $"must have at most {lengthMax} characters." : $"must have {lengthMin} to {lengthMax} characters.");
        return text;
    }

    public long? Whole(string name, long min = -WholeMax, long max = WholeMax)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= min && whole <= max) return whole;
        Add(name, $"must be a whole number from {min} to {max}, written without fraction or exponent.");
        return null;
    }

    public int? Int(string name, int min = int.MinValue) => (int?)Whole(name, min, int.MaxValue);

    public decimal? Number(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        Add(name, "must be a number.");
        return null;
    }

    public bool? Flag(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Add(name, "must be true or false.");
        return null;
    }

    /// <summary>RFC 3339, with an offset; an instant without one would mean another thing on every machine.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (!TryGet(name, out var value)) return null;
        var isOutOfRange = false;
        if (value.ValueKind == JsonValueKind.String && Rfc3339.Read(TryGetString(value), out isOutOfRange) is { } instant) return instant;
        Add(name, isOutOfRange
            ? $"must be in the years {Rfc3339.YearMin} to {Rfc3339.YearMax}."
            : "must be a time as RFC 3339 writes it, such as 2026-03-01T08:00:00Z.");
        return null;
    }

    /// <summary>One of an enum's names in camelCase; <c>None</c> is no choice.</summary>
    public TEnum? Choice<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && TryGetString(value) is { } text && Choices<TEnum>.ByName.TryGetValue(text, out var choice)) return choice;
        Add(name, "must be " + Choices<TEnum>.InWords + ".");
        return null;
    }

    /// <summary>A nested object, or null when it is missing or not an object.</summary>
    public JsonForm? Object(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Object) return new JsonForm(value, prefix + name + ".", faults);
        Add(name, "must be an object.");
        return null;
    }

    /// <summary>The objects of an array; empty when it is missing.</summary>
    public List<JsonForm> Objects(string name, int countMax)
    {
        var objects = new List<JsonForm>();
        if (!TryGet(name, out var value)) return objects;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(name, "must be an array.");
            return objects;
        }

        if (value.GetArrayLength() > countMax)
        {
            Add(name, $"must have at most {countMax} elements.");
            return objects;
        }

        foreach (var element in value.EnumerateArray())
        {
            var path = $"{prefix}{name}[{objects.Count}]";
            if (element.ValueKind != JsonValueKind.Object) faults.Add(path, "must be an object.");
            objects.Add(new JsonForm(element, path + ".", faults));
        }

        return objects;
    }

    /// <summary>What kind of value a member has; <see cref="JsonValueKind.Undefined"/> when it is missing.</summary>
    public JsonValueKind KindOf(string name) => TryGet(name, out var value) ? value.ValueKind : JsonValueKind.Undefined;

    public void Require<T>(string name, T? value)
    {
        // A member that is there but wrong has its fault already.
        if (value is null && !TryGet(name, out _)) Add(name, "is required.");
    }

    public void Add(string name, string message) => faults.Add(prefix + name, message);

    private static string? TryGetString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // The only sign that the framework gives of a lone surrogate in an escape.
            return null;
        }
    }

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return !IsMissing && json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private T? Fault<T>(string name, string message)
        where T : class
    {
        Add(name, message);
        return null;
    }

    private static class Choices<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<string, TEnum> ByName = Enum.GetValues<TEnum>()
            .Where(value => !value.Equals(default(TEnum)))
            .ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);

        public static readonly string InWords = string.Join(" or ", ByName.Keys);
    }
}
