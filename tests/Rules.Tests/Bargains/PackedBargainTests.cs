using System.Globalization;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

/// <summary>Beside what <see cref="Properties.BargainProperties"/> shows of every state that a bargain comes to.</summary>
public sealed class PackedBargainTests
{
    private static readonly BargainTerms Terms = BargainTerms(Fixed(1)) with { StartPriceFen = 1_000_000 };

    [Fact]
    public void The_largest_and_the_oddest_come_back_as_they_were()
    {
        var bargain = new BargainState
        {
            BargainId = "b",
            OwnerId = new string('长', 300),
            ClaimId = "",
            Status = BargainStatus.Cancelled,
            TermsOrNull = Terms,
            Seed = DrawSeed.Parse(string.Concat(Enumerable.Range(0, DrawSeed.Bytes).Select(i => (255 - i).ToString("x2", CultureInfo.InvariantCulture)))),
            StartedAt = DateTimeOffset.MaxValue,
            ExpiresAt = DateTimeOffset.MinValue.AddTicks(1),
            ClaimBefore = DateTimeOffset.MaxValue,
            EndedAt = DateTimeOffset.MinValue.AddTicks(1),
            PriceFen = long.MinValue,
            Helps = int.MaxValue,
            Generation = int.MinValue,
            Version = int.MaxValue,
        };

        Assert.Equal(bargain with { Cuts = CutLog.Empty }, Again(bargain) with { Cuts = CutLog.Empty }, SameButCuts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(500)]
    public void Its_cuts_are_found_and_grow_as_if_it_had_never_been_packed(int count)
    {
        var before = WithCuts(count);
        // Another log has grown from it: what that one has more is not this one's.
        before.Cuts.Append(CutOf(count));

        var bargain = Again(before);

        Assert.Equal(count, bargain.Cuts.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(before.Cuts[i], bargain.Cuts[i]);
            Assert.True(bargain.Cuts.TryFind($"helper-{i}", out var found));
            Assert.Equal(before.Cuts[i], found);
        }

        Assert.False(bargain.Cuts.TryFind($"helper-{count}", out _));
        var grown = bargain.Cuts.Append(CutOf(count));
        Assert.Equal((count, count + 1, CutOf(count)), (bargain.Cuts.Count, grown.Count, grown[count]));
    }

    [Fact]
    public void An_open_bargain_takes_few_bytes()
    {
        Assert.InRange(Packed(WithCuts(0)).Length, 50, 70);
        Assert.InRange(Packed(WithCuts(20)).Length, 500, 1_000);
    }

    private static BargainState WithCuts(int count)
    {
        var state = new BargainState { BargainId = "b", OwnerId = "owner", Status = BargainStatus.Open, TermsOrNull = Terms, StartedAt = Noon, ExpiresAt = Noon.AddDays(1), PriceFen = 1_000_000 };
        for (var i = 0; i < count; i++) state = state with { Cuts = state.Cuts.Append(CutOf(i)), Version = i + 2 };
        return state;
    }

    private static CutEntry CutOf(int number) =>
        new($"helper-{number}", 1, 1_000_000 - number, Noon.AddSeconds(number).UtcDateTime, Noon.AddHours(9).UtcDateTime, 1, 1, 3, number % 2 == 0, number + 1);

    private static BargainState Again(BargainState bargain) => PackedBargain.Unpack(bargain.BargainId, Packed(bargain), [Terms]);

    private static byte[] Packed(BargainState bargain) => PackedBargain.Pack(bargain, 0, new byte[PackedBargain.MaxBytes(bargain)]).ToArray();

    // Two empty logs are two.
    private static bool SameButCuts(BargainState left, BargainState right) => left with { Cuts = right.Cuts } == right;
}
