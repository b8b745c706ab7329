using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class StartTests
{
    [Fact]
    public void A_start_opens_the_bargain_at_its_start_price_for_its_duration()
    {
        var bargain = Bargain();
        Assert.Equal(BargainStatus.Open, bargain.Status);
        Assert.Equal(10_000, bargain.PriceFen);
        Assert.Equal(9_000, bargain.RemainingFen);
        Assert.Equal(Noon.AddSeconds(86_400), bargain.ExpiresAt);
        Assert.Equal(bargain.ExpiresAt, bargain.DueAt);
        Assert.Equal(1, bargain.Version);
        Assert.False(bargain.IsOver);
    }

    [Fact]
    public void An_owner_cut_lowers_the_price_within_its_band_and_is_no_help()
    {
        var bargain = Bargain(BargainTerms() with { OwnerCut = new FenBand(100, 200) });
        Assert.InRange(10_000 - bargain.PriceFen, 100, 200);
        Assert.Equal(0, bargain.Helps);
        Assert.Equal(1, bargain.Cuts.Count);
        Assert.Equal(0, bargain.Cuts[0].CutNumber);
        Assert.False(bargain.Cuts.TryFind(Owner, out _));
    }

    [Fact]
    public void An_owner_cut_can_be_recomputed_from_the_seed()
    {
        var bargain = Bargain(BargainTerms() with { OwnerCut = new FenBand(100, 200) });
        var expected = 100 + (long)((UInt128)Draws.Number(DrawSeed.Parse(Seed), "b1", 0, Owner) * 101 >> 64);
        Assert.Equal(expected, bargain.Cuts[0].CutFen);
    }

    [Fact]
    public void The_owner_of_a_bargain_with_an_owner_cut_still_may_not_help_it() =>
        Folding.Refused(CutRefusal.OwnBargain, BargainRules.Decide(Bargain(BargainTerms() with { OwnerCut = new FenBand(1, 1) }), Cut(Owner), Noon));

    [Fact]
    public void A_bargain_keeps_the_generation_of_the_link_that_it_came_by()
    {
        var via = new Attribution { InviterId = "x", Depth = 2, Generation = 4 };
        var start = new BargainCommand.Start("b1", Owner, BargainTerms(), Seed, false, via);
        Assert.Equal(4, BargainState.None.With(BargainRules.Start(start, Noon)).Generation);
    }

    [Fact]
    public void A_bargain_that_has_not_started_has_no_terms() => Assert.Throws<InvalidOperationException>(() => BargainState.None.Terms);
}
