using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Shoppers;

public sealed class DayCalendarTests
{
    private static readonly DayCalendar Shanghai = Of("Asia/Shanghai");

    [Fact]
    public void In_Shanghai_the_day_turns_at_16_00_UTC()
    {
        var turn = Utc(2026, 3, 1, 16);
        Assert.Equal(new DateOnly(2026, 3, 1), Shanghai.DayOf(turn - Tick));
        Assert.Equal(new DateOnly(2026, 3, 2), Shanghai.DayOf(turn));
        Assert.Equal(turn, Shanghai.EndOf(new DateOnly(2026, 3, 1)));
    }

    [Fact]
    public void The_end_of_a_day_is_told_in_UTC() => Assert.Equal(TimeSpan.Zero, Shanghai.EndOf(new DateOnly(2026, 3, 1)).Offset);

    [Fact]
    public void An_instant_given_with_another_offset_is_the_same_instant() =>
        Assert.Equal(new DateOnly(2026, 3, 2), Shanghai.DayOf(Utc(2026, 3, 1, 16).ToOffset(TimeSpan.FromHours(-8))));

    [Fact]
    public void Where_the_clock_skips_midnight_the_day_ends_at_the_first_instant_that_exists()
    {
        // Beirut, 2022-03-27: from 00:00 straight to 01:00, UTC+2 to UTC+3.
        Assert.Equal(Utc(2022, 3, 26, 22), Of("Asia/Beirut").EndOf(new DateOnly(2022, 3, 26)));
        // Sao Paulo, 2018-11-04: from 00:00 straight to 01:00, UTC-3 to UTC-2.
        Assert.Equal(Utc(2018, 11, 4, 3), Of("America/Sao_Paulo").EndOf(new DateOnly(2018, 11, 3)));
    }

    [Fact]
    public void Where_midnight_comes_twice_the_day_ends_at_the_first()
    {
        // Havana, 2022-11-06: 01:00 becomes 00:00 again, so 00:00 is at 04:00 and at 05:00 UTC.
        Assert.Equal(Utc(2022, 11, 6, 4), Of("America/Havana").EndOf(new DateOnly(2022, 11, 5)));
    }

    [Theory]
    [InlineData("Asia/Shanghai", 2026)]
    [InlineData("America/Sao_Paulo", 2018)]
    [InlineData("America/Havana", 2022)]
    [InlineData("Atlantic/Azores", 2022)]
    [InlineData("Australia/Lord_Howe", 2022)]
    public void What_was_asked_before_does_not_change_an_answer(string zone, int year)
    {
        var used = Of(zone);
        var hours = Enumerable.Range(0, 365 * 24).Select(hour => Utc(year, 1, 1, 0).AddHours(hour).AddMinutes(30)).ToArray();
        new Random(1).Shuffle(hours);
        foreach (var now in hours)
        {
            var fresh = Of(zone);
            var day = used.DayOf(now);
            Assert.Equal(fresh.DayOf(now), day);
            Assert.Equal(Of(zone).EndOf(day), used.EndOf(day));
            Assert.Equal(Of(zone).EndOf(day.AddDays(-1)), used.EndOf(day.AddDays(-1)));
        }
    }

    [Theory]
    [InlineData("Asia/Shanghai", 2026)]
    [InlineData("Asia/Beirut", 2022)]
    [InlineData("America/Sao_Paulo", 2018)]
    [InlineData("America/Havana", 2022)]
    [InlineData("Atlantic/Azores", 2022)]
    [InlineData("Asia/Kathmandu", 2022)]
    [InlineData("Australia/Lord_Howe", 2022)]
    [InlineData("Pacific/Kiritimati", 2022)]
    public void Every_day_ends_just_where_the_next_begins(string zone, int year)
    {
        var calendar = Of(zone);
        for (var day = new DateOnly(year, 1, 1); day.Year == year; day = day.AddDays(1))
        {
            var end = calendar.EndOf(day);
            Assert.Equal(day, calendar.DayOf(end - Tick));
            Assert.Equal(day.AddDays(1), calendar.DayOf(end));
        }
    }

    private static DayCalendar Of(string zone) => new(TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset Utc(int year, int month, int day, int hour) => new(year, month, day, hour, 0, 0, TimeSpan.Zero);
}
