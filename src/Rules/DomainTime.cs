namespace SocialCommerce.Rules;

/// <summary>
/// Time as the rules know it: in whole milliseconds, as it is stored and as it is shown. So nothing begins or ends a moment before or after
/// what is shown, by what was cut off.
/// </summary>
public static class DomainTime
{
    /// <summary>The moment without what is less than a millisecond, in UTC.</summary>
    public static DateTimeOffset Of(DateTimeOffset moment) => new(moment.UtcTicks - moment.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
