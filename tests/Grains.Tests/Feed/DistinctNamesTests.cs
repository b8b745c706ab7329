using System.Text.Json;

namespace SocialCommerce.Grains.Tests.Feed;

/// <summary>Who brought somebody, counted once, also behind a copy.</summary>
public sealed class DistinctNamesTests
{
    private const int Many = 10_000;

    [Fact]
    public void Each_counts_once()
    {
        var names = new DistinctNames();
        for (var n = 0; n < Many * 3; n++) names.Add($"inviter-{n % Many}");
        Assert.Equal(Many, names.Count);
    }

    [Fact]
    public void A_copy_goes_on_where_it_was_taken()
    {
        var names = new DistinctNames();
        for (var n = 0; n < Many; n++) names.Add($"inviter-{n}");

        var json = JsonSerializer.SerializeToUtf8Bytes(names);
        var copy = JsonSerializer.Deserialize<DistinctNames>(json)!;

        Assert.InRange(json.Length, Many * 8, Many * 11);
        Assert.Equal(Many, copy.Count);
        for (var n = Many / 2; n < Many + 5; n++) copy.Add($"inviter-{n}");
        Assert.Equal(Many + 5, copy.Count);
        Assert.Equal(Many, names.Count);
    }

    [Fact]
    public void None_is_none() => Assert.Equal(0, JsonSerializer.Deserialize<DistinctNames>(JsonSerializer.SerializeToUtf8Bytes(new DistinctNames()))!.Count);
}
