using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>
/// The stored form of one family of events: a kind number, never reused, and JSON. A changed event is a new kind; members may be added
/// where their absence reads right.
/// </summary>
internal sealed class EventCodec<TEvent> where TEvent : class
{
    private readonly Dictionary<Type, (short Kind, JsonTypeInfo Type)> _byType = [];
    private readonly Dictionary<short, Reader> _byKind = [];

    private delegate TEvent Reader(ReadOnlySpan<byte> payload);

    public EventCodec<TEvent> Add<T>(short kind, JsonTypeInfo<T> type) where T : TEvent =>
        Add(kind, type, payload => JsonSerializer.Deserialize(payload, type)!);

    /// <inheritdoc cref="SharedPart{TEvent, TPart}"/>
    public EventCodec<TEvent> AddSharing<T, TPart>(short kind, JsonTypeInfo<T> type, string member, JsonTypeInfo<TPart> partType, Func<T, TPart, T> with)
        where T : class, TEvent
        where TPart : class =>
        Add(kind, type, new SharedPart<T, TPart>(type, member, partType, with).Decode);

    public IEnumerable<short> Kinds => _byKind.Keys;

    public NewEvent Encode(TEvent happened)
    {
        var (kind, type) = _byType[happened.GetType()];
        return new NewEvent(kind, JsonSerializer.SerializeToUtf8Bytes(happened, type));
    }

    public bool Knows(short kind) => _byKind.ContainsKey(kind);

    public TEvent Decode(short kind, ReadOnlyMemory<byte> payload)
    {
        if (!_byKind.TryGetValue(kind, out var read))
            throw new InvalidOperationException($"Events of kind {kind} are not known here: they were written by a newer version.");
        return read(payload.Span);
    }

    private EventCodec<TEvent> Add(short kind, JsonTypeInfo type, Reader read)
    {
        _byType.Add(type.Type, (kind, type));
        _byKind.Add(kind, read);
        return this;
    }
}
