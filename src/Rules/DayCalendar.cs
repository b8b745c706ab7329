namespace SocialCommerce.Rules;

/// <summary>Calendar days of the deployment's time zone: the days of the daily help limit.</summary>
public sealed class DayCalendar(TimeZoneInfo zone)
{
    // Every help asks three times for the same day.
    private volatile Bounds? _last;

    /// <summary>The calendar day at an instant.</summary>
    public DateOnly DayOf(DateTimeOffset now)
    {
        if (_last is { } last && now >= last.From && now < last.Until) return last.Day;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var from = StartOf(day);
        var until = StartOf(day.AddDays(1));
        // Where clocks go back over midnight, an instant of the repeated hour may lie outside its day's bounds.
        if (now >= from && now < until) _last = new Bounds(day, from, until);
        return day;
    }

    /// <summary>The first instant of the day after, in UTC; where the clock skips midnight, the first instant that exists.</summary>
    public DateTimeOffset EndOf(DateOnly day) => _last is { } last && last.Day == day ? last.Until : StartOf(day.AddDays(1));

    private DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    private sealed record Bounds(DateOnly Day, DateTimeOffset From, DateTimeOffset Until);
}
