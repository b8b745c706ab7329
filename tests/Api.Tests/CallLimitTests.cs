namespace SocialCommerce.Api.Tests;

/// <summary>The rate that is configured is the rate that is allowed.</summary>
public sealed class CallLimitTests
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(19, 19)]
    [InlineData(100, 1)]
    [InlineData(7, 500)]
    [InlineData(999, 30)]
    public void Ten_seconds_bring_the_burst_and_ten_times_the_rate(int perSecond, int burst)
    {
        using var limit = new CallLimit(new CallRate(perSecond, burst), _time);
        var taken = TakeAll(limit);
        Assert.Equal(burst, taken);
        for (var tenths = 0; tenths < 100_000; tenths++)
        {
            _time.Advance(TimeSpan.FromTicks(1_000));
            taken += TakeAll(limit);
        }

        Assert.Equal(burst + (10 * perSecond), taken);
    }

    [Fact]
    public void What_was_not_used_adds_up_to_the_burst_and_no_further()
    {
        using var limit = new CallLimit(new CallRate(10, 5), _time);
        Assert.Equal(5, TakeAll(limit));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, TakeAll(limit));
        // Less than the ten seconds after which the library may forget the bucket, just while it is taken from.
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(5, TakeAll(limit));
    }

    [Fact]
    public void Who_is_over_the_rate_is_told_how_long_to_wait_and_others_are_not_held_up()
    {
        using var limit = new CallLimit(new CallRate(1, 3), _time);
        Assert.Equal(3, TakeAll(limit));
        Assert.False(limit.TryTake("shop", "bob", out var seconds));
        Assert.Equal(1, seconds);
        Assert.True(limit.TryTake("shop", "carol", out _));
        Assert.True(limit.TryTake("till", "bob", out _));
    }

    private static int TakeAll(CallLimit limit)
    {
        var taken = 0;
        while (limit.TryTake("shop", "bob", out _)) taken++;
        return taken;
    }
}
