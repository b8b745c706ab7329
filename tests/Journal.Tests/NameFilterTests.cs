namespace SocialCommerce.Journal.Tests;

public sealed class NameFilterTests
{
    private const long Plenty = 64 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void What_was_added_is_there_and_little_else(int names)
    {
        var filter = new NameFilter(Plenty);
        for (var n = 0; n < names; n++) filter.Add($"shopper/{n}");

        for (var n = 0; n < names; n++) Assert.True(filter.MayHold($"shopper/{n}"), $"shopper/{n} is gone");
        // Expected are 0.2 to 0.7 % where tables are full; chance has no part in a limit three times as high.
        Assert.InRange(Enumerable.Range(0, 100_000).Count(n => filter.MayHold($"nobody/{n}")), 0, 2_000);
    }

    [Fact]
    public async Task Names_that_several_add_at_once_are_all_there()
    {
        const int Adders = 4;
        const int Each = 200_000;
        var filter = new NameFilter(Plenty);

        await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (var n = 0; n < Each; n++)
            {
                filter.Add($"{adder}/{n}");
                if (!filter.MayHold($"{adder}/{n}")) throw new InvalidOperationException($"{adder}/{n} is not there");
            }
        })));

        for (var adder = 0; adder < Adders; adder++)
        {
            for (var n = 0; n < Each; n++) Assert.True(filter.MayHold($"{adder}/{n}"), $"{adder}/{n} is gone");
        }
    }

    [Fact]
    public void It_grows_by_two_to_six_bytes_a_name()
    {
        var filter = new NameFilter(Plenty);
        for (var n = 0; n < 1_000_000; n++) filter.Add($"shopper/{n}");

        Assert.InRange(filter.Bytes, 2_000_000, 6_000_000);
    }

    [Fact]
    public void The_same_name_again_takes_no_room()
    {
        var filter = new NameFilter(Plenty);
        var before = filter.Bytes;
        for (var n = 0; n < 1_000_000; n++) filter.Add("shopper/again");

        Assert.Equal(before, filter.Bytes);
    }

    [Fact]
    public void At_its_greatest_size_it_takes_names_all_the_same()
    {
        const long Most = 1 << 18;
        var filter = new NameFilter(Most);
        for (var n = 0; n < 1_000_000; n++) filter.Add($"shopper/{n}");

        Assert.InRange(filter.Bytes, 1, Most);
        for (var n = 0; n < 1_000_000; n++) Assert.True(filter.MayHold($"shopper/{n}"), $"shopper/{n} is gone");
    }
}
