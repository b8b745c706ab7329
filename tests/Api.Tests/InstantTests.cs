namespace SocialCommerce.Api.Tests;

/// <summary>Times in requests.</summary>
public sealed class InstantTests
{
    private static readonly DateTimeOffset Eight = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-03-01T08:00:00Z", 0)]
    [InlineData("2026-03-01t08:00:00z", 0)]
    [InlineData("2026-03-01T16:00:00+08:00", 0)]
    [InlineData("2026-02-28T08:01:00-23:59", 0)]
    [InlineData("2026-03-01T08:00:00-00:00", 0)]
    [InlineData("2026-03-01T08:00:00.2Z", 2_000_000)]
    [InlineData("2026-03-01T08:00:00.1234567Z", 1_234_567)]
    [InlineData("2026-03-01T08:00:00.123456789Z", 1_234_567)]
    [InlineData("2026-03-01T08:00:00.999999999999999999999999+00:00", 9_999_999)]
    public void What_RFC_3339_writes_is_read(string text, long ticks) => Assert.Equal(Eight.AddTicks(ticks), Read(text).Instant);

    [Theory]
    [InlineData("2026-03-01T08:00:00+0000")]
    [InlineData("2026-03-01T08:00:00+00")]
    [InlineData("2026-03-01T08:00:00+24:00")]
    [InlineData("2026-03-01T08:00:00+00:60")]
    [InlineData("2026-03-01T08:00:00")]
    [InlineData("2026-03-01T08:00:00.Z")]
    [InlineData("2026-03-01 08:00:00Z")]
    [InlineData("2026-03-01T08:00Z")]
    [InlineData("2026-02-29T08:00:00Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T08:00:00Z\\n")]
    [InlineData("２026-03-01T08:00:00Z")]
    [InlineData("")]
    public void What_it_does_not_is_refused(string text) => Assert.StartsWith("must be a time as RFC 3339 writes it", Read(text).Fault, StringComparison.Ordinal);

    [Theory]
    [InlineData("0002-01-01T00:00:00Z", true)]
    [InlineData("9998-12-31T23:59:59Z", true)]
    [InlineData("0001-12-31T23:59:59Z", false)]
    [InlineData("9999-01-01T00:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59-12:00", false)]
    public void A_year_that_is_out_of_range_is_called_so(string text, bool isTaken)
    {
        var (instant, fault) = Read(text);
        Assert.Equal(isTaken, instant is not null);
        Assert.Equal(isTaken ? null : "must be in the years 2 to 9998.", fault);
    }

    private static (DateTimeOffset? Instant, string? Fault) Read(string text)
    {
        using var json = JsonDocument.Parse($"{{\"at\":\"{text}\"}}");
        var faults = new FormFaults(null);
        return (new JsonForm(json.RootElement, "", faults).Instant("at"), faults.List.SingleOrDefault()?.Message);
    }
}
