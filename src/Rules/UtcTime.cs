namespace SocialCommerce.Rules;

/// <summary>A time, or none, in a third of the room of a <see cref="DateTimeOffset"/> that may be null: without offset, and with zero for none.</summary>
internal readonly record struct UtcTime
{
    private readonly long _ticks;

    public UtcTime(DateTimeOffset? time) => _ticks = time?.UtcTicks ?? 0;

    public DateTimeOffset Value => new(_ticks, TimeSpan.Zero);

    public DateTimeOffset? ValueOrNull => _ticks == 0 ? null : Value;
}
