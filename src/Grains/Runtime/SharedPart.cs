using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SocialCommerce.Grains;

/// <summary>
/// Reads events of which thousands have one member alike, such as the terms of all bargains of a campaign: parsed once, and one copy for all.
/// Told apart by their stored bytes.
/// </summary>
/// <param name="member">As it is named in the JSON.</param>
/// <param name="with">The event with the member in place.</param>
internal sealed class SharedPart<TEvent, TPart>(JsonTypeInfo<TEvent> type, string member, JsonTypeInfo<TPart> partType, Func<TEvent, TPart, TEvent> with)
    where TEvent : class
    where TPart : class
{
    private const int CopiesMax = 4_096;
    private const int BytesOnStackMax = 1_024;

    private readonly ConcurrentDictionary<byte[], TPart> _copies = new(ByteContent.Comparer);
    private volatile Copy? _last;

    public TEvent Decode(ReadOnlySpan<byte> payload)
    {
        if (!TryFind(payload, out var start, out var end, out var last)) return JsonSerializer.Deserialize(payload, type)!;
        var length = start + "null"u8.Length + payload.Length - end;
        var rest = length <= BytesOnStackMax ? stackalloc byte[length] : new byte[length];
        payload[..start].CopyTo(rest);
        "null"u8.CopyTo(rest[start..]);
        payload[end..].CopyTo(rest[(start + "null"u8.Length)..]);
        return with(JsonSerializer.Deserialize(rest, type)!, last ?? Shared(payload[start..end]));
    }

    /// <param name="last">The member, where it is the same as the last time.</param>
    private bool TryFind(ReadOnlySpan<byte> payload, out int start, out int end, out TPart? last)
    {
        last = null;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(member);
            reader.Read();
            start = (int)reader.TokenStartIndex;
            // An object's text, to its closing brace, is no other object's beginning.
            if (isIt && _last is { } copy && payload[start..].StartsWith(copy.Json))
            {
                (end, last) = (start + copy.Json.Length, copy.Part);
                return true;
            }

            reader.Skip();
            end = (int)reader.BytesConsumed;
            if (isIt) return true;
        }

        start = end = 0;
        return false;
    }

    private TPart Shared(ReadOnlySpan<byte> json)
    {
        if (!_copies.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(json, out var key, out var part))
        {
            if (_copies.Count >= CopiesMax) _copies.Clear();
            key = json.ToArray();
            part = _copies.GetOrAdd(key, JsonSerializer.Deserialize(json, partType)!);
        }

        if (json[0] == '{') _last = new Copy(key, part);
        return part;
    }

    private sealed record Copy(byte[] Json, TPart Part);

    private sealed class ByteContent : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteContent Comparer = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
