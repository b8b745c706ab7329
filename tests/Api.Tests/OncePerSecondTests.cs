namespace SocialCommerce.Api.Tests;

public sealed class OncePerSecondTests
{
    [Fact]
    public void One_line_a_second_for_each_code_and_no_count_is_lost()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        var once = new OncePerSecond(time);
        Assert.True(once.IsDue("overloaded", out var count));
        Assert.Equal(1, count);
        for (var i = 0; i < 500; i++) Assert.False(once.IsDue("overloaded", out _));
        Assert.True(once.IsDue("unavailable", out _));

        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(once.IsDue("overloaded", out _));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(once.IsDue("overloaded", out count));
        Assert.Equal(502, count);
    }
}
