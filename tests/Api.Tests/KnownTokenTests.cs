using Digest = SocialCommerce.Api.BearerTokens.TokenDigest;
using Known = SocialCommerce.Api.BearerTokens.Known;

namespace SocialCommerce.Api.Tests;

/// <summary>Which tokens need no look at their signature.</summary>
public sealed class KnownTokenTests
{
    private const int GenerationMax = 10;

    private readonly KnownTokens _known = new(GenerationMax);

    [Fact]
    public void What_is_used_stays_known_however_many_come()
    {
        Come(0);
        for (var n = 1; n < GenerationMax * 10; n++)
        {
            Come(n);
            Assert.True(Is(0));
            Assert.True(Is(n));
        }
    }

    [Fact]
    public void The_last_ones_are_known_and_not_all_are()
    {
        const int All = GenerationMax * 10;
        for (var n = 0; n < All; n++) Come(n);

        var known = Enumerable.Range(0, All).Where(Is).ToList();
        Assert.InRange(known.Count, GenerationMax, GenerationMax * 2);
        Assert.Equal(Enumerable.Range(All - known.Count, known.Count), known);
    }

    [Fact]
    public void Each_token_has_its_own_shopper()
    {
        Come(1);
        Come(2);
        Assert.True(_known.TryFind(Of(2), out var known));
        Assert.Equal("shopper-2", known.ShopperId);
        Assert.False(Is(3));
    }

    private void Come(int number) => _known.Add(Of(number), new Known($"shopper-{number}", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));

    private bool Is(int number) => _known.TryFind(Of(number), out _);

    private static Digest Of(int number) => Digest.Of($"token {number}");
}
