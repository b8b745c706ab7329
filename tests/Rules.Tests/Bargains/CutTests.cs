using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class CutTests
{
    [Fact]
    public void A_cut_lowers_the_price_and_writes_the_receipt()
    {
        var via = new Attribution { InviterId = Owner, Depth = 1 };
        var events = Folding.Accepted(BargainRules.Decide(Bargain(), new BargainCommand.Cut("h1", Helper(isNew: true, used: 2), false, via), Noon));
        var cut = Assert.IsType<BargainCut>(Assert.Single(events));
        Assert.Equal((1, "h1", 3_000L, 7_000L), (cut.CutNumber, cut.HelperId, cut.CutFen, cut.PriceFen));
        Assert.Equal((3, 3, Noon.AddHours(12)), (cut.HelpsUsed, cut.HelpsLimit, cut.HelpsResetAt));
        Assert.Equal((true, via, Noon), (cut.NewShopper, cut.Via, cut.At));
    }

    [Fact]
    public void A_repeated_cut_decides_nothing_and_the_first_receipt_is_kept()
    {
        var bargain = Bargain().After(Cut("h1", Helper(used: 1)), Noon);
        Assert.True(BargainRules.Decide(bargain, Cut("h1"), Noon).IsRepeat);
        Assert.True(bargain.Cuts.TryFind("h1", out var receipt));
        Assert.Equal((3_000L, 7_000L, 2, 3), (receipt.CutFen, receipt.PriceFen, receipt.HelpsUsed, receipt.HelpsLimit));
    }

    [Fact]
    public void A_receipt_keeps_a_limit_above_255()
    {
        var bargain = Bargain().After(Cut("h1", Helper(used: 299, limit: 300)), Noon);
        Assert.Equal((300, 300), (bargain.Cuts[0].HelpsUsed, bargain.Cuts[0].HelpsLimit));
    }

    [Fact]
    public void A_cut_just_before_the_deadline_counts() => Bargain().After(Cut("h1"), Noon.AddDays(1) - Tick);

    [Fact]
    public void A_cut_at_the_deadline_is_refused_even_if_nothing_has_swept_the_bargain() =>
        Folding.Refused(CutRefusal.BargainExpired, BargainRules.Decide(Bargain(), Cut("h1"), Noon.AddDays(1)));

    [Fact]
    public void The_last_help_of_the_day_counts() => Bargain().After(Cut("h1", Helper(used: 2, limit: 3)), Noon);

    [Fact]
    public void The_help_after_the_last_of_the_day_is_refused() =>
        Folding.Refused(CutRefusal.DailyHelpLimitReached, BargainRules.Decide(Bargain(), Cut("h1", Helper(used: 3, limit: 3)), Noon));

    [Fact]
    public void The_cut_that_reaches_the_floor_wins()
    {
        var almost = Bargain().After(Cut("h1"), Noon).After(Cut("h2"), Noon);
        var events = Folding.Accepted(BargainRules.Decide(almost, Cut("h3"), Noon));
        Assert.Collection(events, e => Assert.IsType<BargainCut>(e), e => Assert.IsType<BargainWon>(e));
        var won = almost.With(events);
        Assert.Equal((BargainStatus.Won, 1_000L, 0L), (won.Status, won.PriceFen, won.RemainingFen));
        Assert.Equal(Noon.AddSeconds(3_600), won.ClaimBefore);
        Assert.Equal(won.ClaimBefore, won.DueAt);
        Assert.Equal(new CutsLeft(0, 0), won.CutsLeft);
    }

    [Fact]
    public void A_cut_that_leaves_one_fen_does_not_win()
    {
        var bargain = Bargain(BargainTerms(Fixed(8_999))).After(Cut("h1"), Noon);
        Assert.Equal((BargainStatus.Open, 1L, new CutsLeft(1, 1)), (bargain.Status, bargain.RemainingFen, bargain.CutsLeft));
    }

    [Fact]
    public void A_cut_larger_than_what_is_left_takes_what_is_left_and_wins()
    {
        var bargain = Bargain(BargainTerms(Fixed(8_999))).After(Cut("h1"), Noon).After(Cut("h2"), Noon);
        Assert.Equal((BargainStatus.Won, 1L), (bargain.Status, bargain.Cuts[1].CutFen));
    }

    [Fact]
    public void A_win_without_stock_ends_the_bargain_sold_out()
    {
        var almost = Bargain().After(Cut("h1"), Noon).After(Cut("h2"), Noon);
        var events = BargainRules.WithoutStock(Folding.Accepted(BargainRules.Decide(almost, Cut("h3"), Noon)));
        var over = almost.With(events);
        Assert.Equal((BargainStatus.SoldOut, 3, 1_000L), (over.Status, over.Helps, over.PriceFen));
        Assert.Equal((Noon, null), (over.EndedAt, over.DueAt));
    }

    /// <summary>Every condition that refuses a cut, in the order of precedence; those of one rank exclude one another.</summary>
    private static readonly (CutRefusal Refusal, Func<BargainState, BargainState> State, Func<BargainCommand.Cut, BargainCommand.Cut> Command)[] Conditions =
    [
        (CutRefusal.OwnBargain, s => s, c => c with { HelperId = Owner }),
        (CutRefusal.BargainCancelled, s => s.With([new BargainCancelled { At = Noon }]), c => c),
        (CutRefusal.BargainExpired, s => s.With([new BargainExpired { At = Noon }]), c => c),
        (CutRefusal.BargainWon, s => s.With([new BargainWon { At = Noon, ClaimBefore = Noon.AddHours(1) }]), c => c),
        (CutRefusal.BargainWon, s => s.With([new BargainClaimed { At = Noon, ClaimId = "k" }]), c => c),
        (CutRefusal.BargainWon, s => s.With([new BargainLapsed { At = Noon }]), c => c),
        (CutRefusal.BargainSoldOut, s => s.With([new BargainSoldOut { At = Noon }]), c => c),
        (CutRefusal.HelpedOwnerOnProductBefore, s => s, c => c with { Helper = c.Helper with { HelpedBefore = true } }),
        (CutRefusal.DailyHelpLimitReached, s => s, c => c with { Helper = c.Helper with { UsedToday = 3 } }),
        (CutRefusal.CampaignPaused, s => s, c => c with { CampaignIsPaused = true }),
    ];

    public static TheoryData<int, int> Pairs()
    {
        var pairs = new TheoryData<int, int>();
        for (var first = 0; first < Conditions.Length; first++)
        {
            // Two ends exclude one another; every other two may come together.
            for (var second = first; second < Conditions.Length; second++)
                if (first == second || !(IsEnd(first) && IsEnd(second))) pairs.Add(first, second);
        }

        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Of_two_reasons_to_refuse_a_cut_the_earlier_is_told(int first, int second)
    {
        var (refusal, firstState, firstCommand) = Conditions[first];
        var (_, secondState, secondCommand) = Conditions[second];
        var bargain = first == second ? firstState(Bargain()) : secondState(firstState(Bargain()));
        Folding.Refused(refusal, BargainRules.Decide(bargain, secondCommand(firstCommand(Cut("h1"))), Noon));
    }

    [Theory, MemberData(nameof(Alone))]
    public void A_repeat_comes_before_every_reason_but_that_there_is_no_bargain(int condition)
    {
        var (_, state, command) = Conditions[condition];
        var bargain = state(Bargain().After(Cut("h1"), Noon));
        Assert.True(BargainRules.Decide(bargain, command(Cut("h1")) with { HelperId = "h1" }, Noon).IsRepeat);
    }

    public static TheoryData<int> Alone() => [.. Enumerable.Range(1, Conditions.Length - 1)];

    [Fact]
    public void That_there_is_no_bargain_comes_before_everything() =>
        Folding.Refused(CutRefusal.BargainNotFound, BargainRules.Decide(BargainState.None, Cut(Owner, Helper(helpedBefore: true, used: 3), paused: true), Noon));

    private static bool IsEnd(int condition) => condition is >= 1 and <= 6;
}
