namespace SocialCommerce.Engine.Tests.Conformance;

public sealed class TurnTests
{
    [Fact]
    public async Task A_thousand_callers_of_one_grain_count_to_exactly_a_thousand()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IWorkGrain>("counter");

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(grain.CountSlowly)));

        Assert.Equal(1000, await grain.Counted());
    }
}
