using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class CutRuleTests
{
    private const long PriceMostFen = CampaignValidation.PriceFenMax;

    [Fact]
    public void A_uniform_amount_reaches_both_ends_of_its_band_and_never_leaves_it()
    {
        var band = new FenBand(300, 500);
        Assert.Equal(300, CutRule.Uniform(band, 0));
        Assert.Equal(500, CutRule.Uniform(band, ulong.MaxValue));
        Assert.Equal(7, CutRule.Uniform(new FenBand(7, 7), ulong.MaxValue));
        Assert.Equal(PriceMostFen, CutRule.Uniform(new FenBand(1, PriceMostFen), ulong.MaxValue));
    }

    [Fact]
    public void Every_amount_of_a_band_is_as_likely_as_every_other()
    {
        var random = new Random(1);
        var seen = new int[11];
        for (var i = 0; i < 110_000; i++) seen[CutRule.Uniform(new FenBand(10, 20), (ulong)random.NextInt64(long.MinValue, long.MaxValue)) - 10]++;
        // Ten standard deviations of a binomial with n = 110,000 and p = 1/11.
        Assert.All(seen, count => Assert.InRange(count, 9_050, 10_950));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chance_has_a_say_exactly_where_more_than_one_amount_is_possible(bool newShopper)
    {
        Assert.True(Says(Headcount(3, 1)));
        Assert.False(Says(new CutRule { Kind = CutRuleKind.Fixed, CutFen = 40 }));
        Assert.False(Says(newShopper ? Amounts(40, 42, 40, 40) : Amounts(40, 40, 40, 42)));
        Assert.True(Says(newShopper ? Amounts(40, 40, 40, 42) : Amounts(40, 42, 40, 40)));

        bool Says(CutRule rule)
        {
            var says = rule.Amount(9_000, 0, newShopper, 0) != rule.Amount(9_000, 0, newShopper, ulong.MaxValue);
            Assert.Equal(says, rule.IsDrawn(newShopper));
            return says;
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1000)]
    [InlineData(1, 9_000, 1, 1000)]
    [InlineData(5, 9_000, 1, 1000)]
    [InlineData(15, 15, 1, 1000)]
    [InlineData(15, 1_500, 100, 1000)]
    [InlineData(15, 1_501, 100, 50_000)]
    [InlineData(40, 9_000, 1, 10)]
    [InlineData(40, 9_000, 1, 100_000)]
    [InlineData(40, PriceMostFen, 1, 100_000)]
    [InlineData(40, PriceMostFen, PriceMostFen / 40, 1000)]
    [InlineData(1_000, PriceMostFen, 99_999_999, 30_000)]
    public void Exactly_so_many_helps_reach_the_floor_and_none_is_below_the_least(int helpers, long toCutFen, long minCutFen, int weightMilli)
    {
        var runs = helpers > 100 ? 20 : 400;
        var random = new Random(helpers);
        for (var run = 0; run < runs; run++) PlayHeadcount(Headcount(helpers, minCutFen, weightMilli), toCutFen, random);
    }

    [Fact]
    public void Exactly_so_many_helps_reach_the_floor_under_thousands_of_random_rules()
    {
        var random = new Random(20260301);
        for (var run = 0; run < 4_000; run++)
        {
            var helpers = random.Next(1, 60);
            var minCutFen = random.NextInt64(1, random.Next(2) == 0 ? 5 : PriceMostFen / 60);
            // As often as not the edge itself: just so much that everybody has the least.
            var spare = random.Next(3) switch { 0 => 0, 1 => random.NextInt64(helpers), _ => random.NextInt64(PriceMostFen - helpers * minCutFen + 1) };
            PlayHeadcount(Headcount(helpers, minCutFen, random.Next(10, 100_001)), helpers * minCutFen + spare, random);
        }
    }

    [Fact]
    public void The_largest_and_the_smallest_draws_keep_the_headcount_too()
    {
        foreach (var draw in new[] { 0UL, 1UL, ulong.MaxValue / 2, ulong.MaxValue })
        {
            PlayHeadcount(Headcount(15, 1, 100_000), PriceMostFen, () => draw, () => true);
            PlayHeadcount(Headcount(15, 3, 10), 45, () => draw, () => true);
        }
    }

    // By hand, for 4 helps left, 100 fen left and a least of 10: twice the mean less the least is 2 x 25 x weight - 10; what the other
    // three could still need is 30.
    [Theory]
    [InlineData(1_000, 40)]
    [InlineData(1_500, 65)]
    [InlineData(3_000, 70)]
    [InlineData(100, 10)]
    public void The_largest_headcount_amount_is_twice_the_weighted_mean_less_the_least_and_leaves_the_others_theirs(int weightMilli, long mostFen)
    {
        Assert.Equal(mostFen, Headcount(4, 10, weightMilli).Amount(100, 0, true, ulong.MaxValue));
        Assert.Equal(10, Headcount(4, 10, weightMilli).Amount(100, 0, true, 0));
        Assert.Equal(40, Headcount(4, 10, weightMilli).Amount(100, 0, false, ulong.MaxValue));
    }

    [Fact]
    public void Headcount_amounts_lie_around_the_mean_of_what_is_left_whichever_cut_it_is()
    {
        // The first, a middle and the last cut of 10 over 10,000: each has the mean of 1,000 over many runs.
        var random = new Random(7);
        var sums = new long[10];
        const int Runs = 20_000;
        for (var run = 0; run < Runs; run++)
        {
            var left = 10_000L;
            for (var cut = 0; cut < 10; cut++)
            {
                var amount = Headcount(10).Amount(left, cut, false, (ulong)random.NextInt64(long.MinValue, long.MaxValue));
                sums[cut] += amount;
                left -= amount;
            }
        }

        Assert.All(sums, sum => Assert.InRange(sum / (double)Runs, 950, 1_050));
    }

    [Fact]
    public void A_new_shoppers_share_follows_its_weight()
    {
        var random = new Random(7);
        double existing = 0, weighted = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var draw = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            existing += Headcount(20, 1, 3_000).Amount(100_000, 0, false, draw);
            weighted += Headcount(20, 1, 3_000).Amount(100_000, 0, true, draw);
        }

        Assert.InRange(weighted / existing, 2.95, 3.05);
    }

    [Fact]
    public void Amounts_come_from_the_band_of_the_helpers_kind()
    {
        var rule = Amounts(10, 20, 300, 500);
        Assert.Equal((10L, 20L), (rule.Amount(9_000, 0, false, 0), rule.Amount(9_000, 0, false, ulong.MaxValue)));
        Assert.Equal((300L, 500L), (rule.Amount(9_000, 0, true, 0), rule.Amount(9_000, 0, true, ulong.MaxValue)));
    }

    [Fact]
    public void An_amount_is_never_more_than_what_is_left()
    {
        Assert.Equal(9, Amounts(10, 20, 300, 500).Amount(9, 0, true, ulong.MaxValue));
        Assert.Equal(1, Amounts(10, 20, 300, 500).Amount(1, 0, false, 0));
        Assert.Equal(9, Fixed(10).Amount(9, 0, false, 0));
        Assert.Equal(10, Fixed(10).Amount(10, 0, false, 0));
        Assert.Equal(10, Fixed(10).Amount(11, 0, false, 0));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(500, 1, 50)]
    [InlineData(501, 2, 51)]
    [InlineData(510, 2, 51)]
    [InlineData(511, 2, 52)]
    public void For_amounts_the_helps_left_are_the_fewest_and_the_most_that_it_can_take(long remainingFen, int least, int most) =>
        Assert.Equal(new CutsLeft(least, most), Amounts(10, 20, 300, 500).Left(remainingFen, 3));

    [Fact]
    public void The_least_amount_counts_whoever_has_it() =>
        Assert.Equal(new CutsLeft(1, 100), Amounts(300, 500, 5, 6).Left(500, 0));

    [Theory, InlineData(10, 1), InlineData(11, 2), InlineData(20, 2), InlineData(21, 3)]
    public void For_fixed_cuts_the_helps_left_are_exact(long remainingFen, int left) =>
        Assert.Equal(new CutsLeft(left, left), Fixed(10).Left(remainingFen, 5));

    [Fact]
    public void For_a_headcount_the_helps_left_are_those_that_have_not_helped() =>
        Assert.Equal(new CutsLeft(11, 11), Headcount(15).Left(1, 4));

    [Fact]
    public void A_count_of_helps_too_large_for_a_number_is_the_largest_number() =>
        Assert.Equal(int.MaxValue, Fixed(1).Left(PriceMostFen, 0).Most);

    [Fact]
    public void A_rule_of_no_kind_is_a_fault()
    {
        Assert.Throws<InvalidOperationException>(() => new CutRule().Amount(1, 0, false, 0));
        Assert.Throws<InvalidOperationException>(() => new CutRule().Left(1, 0));
    }

    private static void PlayHeadcount(CutRule rule, long toCutFen, Random random) =>
        PlayHeadcount(rule, toCutFen, () => (ulong)random.NextInt64(long.MinValue, long.MaxValue), () => random.Next(2) == 0);

    private static void PlayHeadcount(CutRule rule, long toCutFen, Func<ulong> draw, Func<bool> isNew)
    {
        var left = toCutFen;
        for (var cut = 0; cut < rule.Helpers; cut++)
        {
            Assert.Equal(rule.Helpers - cut, rule.Left(left, cut).Most);
            var amount = rule.Amount(left, cut, isNew(), draw());
            if (amount < rule.MinCutFen || amount > left || (amount == left && cut + 1 < rule.Helpers))
                Assert.Fail($"Cut {cut + 1} of {rule.Helpers} took {amount} of {left}, with a least of {rule.MinCutFen}, weight {rule.NewShopperWeightMilli}, {toCutFen} in all.");
            left -= amount;
        }

        Assert.Equal(0, left);
    }
}
