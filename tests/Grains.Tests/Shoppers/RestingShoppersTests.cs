using SocialCommerce.Rules;

namespace SocialCommerce.Grains.Tests.Shoppers;

public sealed class RestingShoppersTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    private readonly HandTimestamps _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void What_was_put_last_is_found_as_long_as_it_is_kept(int generationMost)
    {
        var chance = new Random(generationMost);
        var resting = new RestingShoppers(new RestingMost(generationMost, long.MaxValue, Age), _time);
        // The same, as it is promised.
        Dictionary<string, ShopperState?> young = [], old = [];
        for (var step = 0; step < 20_000; step++)
        {
            var name = NameOf(chance.Next(600));
            var expected = young.TryGetValue(name, out var known) ? known : old.GetValueOrDefault(name);
            if (chance.Next(3) == 0)
            {
                Assert.Equal(expected?.Version, resting.Find(name)?.Version);
                Assert.Equal(expected?.Helped.AsEnumerable(), resting.Find(name)?.Helped.AsEnumerable());
                Assert.Equal(expected?.Starts.AsEnumerable(), resting.Find(name)?.Starts.AsEnumerable());
                continue;
            }

            if (chance.Next(10) == 0)
            {
                resting.Put(name, null);
                // What was kept leaves its place empty.
                if (young.ContainsKey(name)) young[name] = null;
                else if (old.ContainsKey(name)) old[name] = null;
                continue;
            }

            var shopper = new ShopperState
            {
                Version = step,
                Helped = [.. Enumerable.Range(0, chance.Next(12)).Select(i => (ulong)(step * i))],
                // Longer than what fits on the stack, now and then.
                Starts = chance.Next(8) > 0 ? [] : [new StartsInCampaign(new string('c', chance.Next(400)), name, step)],
            };
            if (young.Count >= generationMost) (old, young) = (young, []);
            resting.Put(name, shopper);
            young[name] = shopper;
        }

        Assert.Equal(young.Count + old.Count, resting.Count);
    }

    [Fact]
    public void Those_that_did_nothing_in_a_whole_generation_are_let_go()
    {
        var resting = new RestingShoppers(new RestingMost(1_000, long.MaxValue, Age), _time);
        resting.Put("busy", Shopper(1));
        resting.Put("idle", Shopper(1));
        for (var generation = 0; generation < 3; generation++)
        {
            _time.Advance(Age);
            resting.Put("busy", Shopper(generation));
        }

        Assert.Equal(2, resting.Find("busy")!.Version);
        Assert.Null(resting.Find("idle"));
        for (var i = 0; i < 5_000; i++) resting.Put($"crowd-{i}", Shopper(1));
        Assert.Null(resting.Find("busy"));
        Assert.NotNull(resting.Find("crowd-4999"));
        Assert.InRange(resting.Count, 1_000, 2_000);
    }

    [Fact]
    public void What_is_too_long_is_not_kept_and_does_not_leave_what_was_there_before()
    {
        var resting = new RestingShoppers(new RestingMost(1_000, long.MaxValue, Age), _time);
        resting.Put("long", Shopper(1));
        resting.Put("long", Shopper(2) with { Starts = [new StartsInCampaign(new string('c', 100_000), "b", 1)] });
        Assert.Null(resting.Find("long"));
        resting.Put("long", Shopper(3));
        Assert.Equal(3, resting.Find("long")!.Version);
    }

    // Some begin alike, some are not ASCII, some are longer than what fits on the stack.
    private static string NameOf(int number) => (number % 3) switch
    {
        0 => $"s{number}",
        1 => $"阿明-{number}",
        _ => new string('x', 600) + number,
    };

    private static ShopperState Shopper(int version) => new() { Version = version, IsNew = false };

    /// <summary>Spans of real time, in the test's hand.</summary>
    private sealed class HandTimestamps : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
