using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class TimeAndStockTests
{
    private static readonly BargainTerms AtWin = BargainTerms() with { ReserveAtStart = false, BuyBeforeFloor = true };

    [Fact]
    public void An_open_bargain_expires_at_its_deadline_and_not_before()
    {
        Assert.Empty(BargainRules.Tick(Bargain(), Noon.AddDays(1) - Tick));
        var expired = Bargain().At(Noon.AddDays(1));
        Assert.Equal((BargainStatus.Expired, Noon.AddDays(1), null), (expired.Status, expired.EndedAt, expired.DueAt));
        Assert.Empty(BargainRules.Tick(expired, Noon.AddDays(2)));
    }

    [Fact]
    public void A_won_bargain_lapses_at_its_claims_deadline_and_not_before()
    {
        Assert.Empty(BargainRules.Tick(WonBargain(), Noon.AddSeconds(3_600) - Tick));
        var lapsed = WonBargain().At(Noon.AddSeconds(3_600));
        Assert.Equal((BargainStatus.Lapsed, null), (lapsed.Status, lapsed.DueAt));
        Assert.Empty(BargainRules.Tick(lapsed, Noon.AddDays(2)));
    }

    [Fact]
    public void A_won_bargain_does_not_expire() => Assert.Equal(BargainStatus.Won, WonBargain(BargainTerms() with { ClaimWithinSeconds = 999_999 }).At(Noon.AddDays(1)).Status);

    [Fact]
    public void Time_alone_does_nothing_to_a_bargain_that_never_started() => Assert.Empty(BargainRules.Tick(BargainState.None, Noon));

    [Fact]
    public void A_reserving_bargain_holds_a_unit_from_its_start_to_its_end()
    {
        var open = Bargain();
        Assert.Equal(new StockMove(1, 0), BargainRules.StockMoveOf(BargainState.None with { TermsOrNull = open.Terms }, open));
        Assert.Equal(new StockMove(1, 0), BargainRules.StockMoveOf(BargainState.None, open));
        Assert.Equal(new StockMove(0, 0), BargainRules.StockMoveOf(open, open.After(Cut("h1"), Noon)));
        Assert.Equal(new StockMove(0, 0), BargainRules.StockMoveOf(open, WonBargain()));
        Assert.Equal(new StockMove(-1, 0), BargainRules.StockMoveOf(open, open.At(Noon.AddDays(1))));
        Assert.Equal(new StockMove(-1, 0), BargainRules.StockMoveOf(open, open.After(new BargainCommand.Cancel(null), Noon)));
        Assert.Equal(new StockMove(-1, 1), BargainRules.StockMoveOf(WonBargain(), WonBargain().After(new BargainCommand.Claim(Owner, false, "k"), Noon)));
        Assert.Equal(new StockMove(-1, 0), BargainRules.StockMoveOf(WonBargain(), WonBargain().At(Noon.AddDays(1))));
    }

    [Fact]
    public void A_claiming_bargain_takes_its_unit_with_the_win()
    {
        var open = Bargain(AtWin);
        var won = WonBargain(AtWin);
        Assert.True(BargainRules.StockMoveOf(BargainState.None, open).IsNone);
        Assert.Equal(new StockMove(1, 0), BargainRules.StockMoveOf(open, won));
        Assert.Equal(new StockMove(-1, 1), BargainRules.StockMoveOf(won, won.After(new BargainCommand.Claim(Owner, false, "k"), Noon)));
        Assert.Equal(new StockMove(-1, 0), BargainRules.StockMoveOf(won, won.At(Noon.AddDays(1))));
        Assert.True(BargainRules.StockMoveOf(open, open.At(Noon.AddDays(1))).IsNone);
        Assert.True(BargainRules.StockMoveOf(open, open.With([new BargainSoldOut { At = Noon }])).IsNone);
        Assert.Equal(new StockMove(0, 1), BargainRules.StockMoveOf(open, open.After(new BargainCommand.Claim(Owner, true, "k"), Noon)));
    }
}
