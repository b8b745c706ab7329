using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class ClaimTests
{
    private static readonly BargainCommand.Claim Claim = new(Owner, false, "k1");
    private static readonly BargainCommand.Claim ClaimNow = Claim with { AtCurrentPrice = true };

    [Fact]
    public void The_owner_of_a_won_bargain_claims_it_at_the_floor()
    {
        var claimed = WonBargain().After(Claim, Noon);
        Assert.Equal((BargainStatus.Claimed, "k1", Noon, null), (claimed.Status, claimed.ClaimId, claimed.EndedAt, claimed.DueAt));
    }

    [Fact]
    public void A_repeated_claim_decides_nothing_and_the_first_stands()
    {
        var claimed = WonBargain().After(Claim, Noon);
        Assert.True(BargainRules.Decide(claimed, Claim with { ClaimId = "k2" }, Noon.AddDays(9)).IsRepeat);
        Assert.Equal("k1", claimed.ClaimId);
    }

    [Fact]
    public void A_claim_just_before_its_deadline_counts() => WonBargain().After(Claim, Noon.AddSeconds(3_600) - Tick);

    [Fact]
    public void A_claim_at_its_deadline_is_refused_even_if_nothing_has_swept_the_bargain() =>
        Folding.Refused(ClaimRefusal.BargainLapsed, BargainRules.Decide(WonBargain(), Claim, Noon.AddSeconds(3_600)));

    [Fact]
    public void An_open_bargain_is_sold_at_its_present_price_where_the_campaign_allows_it_and_the_owner_says_so()
    {
        var open = Bargain(BargainTerms() with { BuyBeforeFloor = true }).After(Cut("h1"), Noon);
        var claimed = Assert.IsType<BargainClaimed>(Assert.Single(Folding.Accepted(BargainRules.Decide(open, ClaimNow, Noon))));
        Assert.Equal(7_000, claimed.PriceFen);
    }

    [Fact]
    public void An_open_bargain_is_not_sold_unless_the_owner_says_so() =>
        Folding.Refused(ClaimRefusal.BargainNotWon, BargainRules.Decide(Bargain(BargainTerms() with { BuyBeforeFloor = true }), Claim, Noon));

    [Fact]
    public void An_open_bargain_is_not_sold_unless_the_campaign_allows_it() =>
        Folding.Refused(ClaimRefusal.BargainNotWon, BargainRules.Decide(Bargain(), ClaimNow, Noon));

    [Fact]
    public void Buying_before_the_floor_ends_with_the_bargain()
    {
        var open = Bargain(BargainTerms() with { BuyBeforeFloor = true });
        open.After(ClaimNow, Noon.AddDays(1) - Tick);
        Folding.Refused(ClaimRefusal.BargainExpired, BargainRules.Decide(open, ClaimNow, Noon.AddDays(1)));
    }

    [Fact]
    public void A_claim_of_no_bargain_or_of_another_shoppers_is_refused_first()
    {
        Folding.Refused(ClaimRefusal.BargainNotFound, BargainRules.Decide(BargainState.None, Claim, Noon));
        Folding.Refused(ClaimRefusal.NotTheOwner, BargainRules.Decide(WonBargain(), Claim with { ShopperId = "h1" }, Noon.AddDays(9)));
        Folding.Refused(ClaimRefusal.NotTheOwner, BargainRules.Decide(WonBargain().After(Claim, Noon), Claim with { ShopperId = "h1" }, Noon));
    }

    public static TheoryData<BargainEvent, ClaimRefusal> Ends() => new()
    {
        { new BargainCancelled(), ClaimRefusal.BargainCancelled },
        { new BargainExpired(), ClaimRefusal.BargainExpired },
        { new BargainLapsed(), ClaimRefusal.BargainLapsed },
        { new BargainSoldOut(), ClaimRefusal.BargainSoldOut },
    };

    [Theory, MemberData(nameof(Ends))]
    public void A_bargain_that_is_over_can_neither_be_claimed_nor_bought(BargainEvent end, ClaimRefusal refusal)
    {
        var over = Bargain(BargainTerms() with { BuyBeforeFloor = true }).With([end]);
        Folding.Refused(refusal, BargainRules.Decide(over, Claim, Noon));
        Folding.Refused(refusal, BargainRules.Decide(over, ClaimNow, Noon));
    }

    [Fact]
    public void The_owner_or_the_operator_cancels_an_open_bargain()
    {
        Assert.False(((BargainCancelled)Folding.Accepted(BargainRules.Decide(Bargain(), new BargainCommand.Cancel(Owner), Noon))[0]).ByOperator);
        Assert.True(((BargainCancelled)Folding.Accepted(BargainRules.Decide(Bargain(), new BargainCommand.Cancel(null), Noon))[0]).ByOperator);
    }

    [Fact]
    public void A_repeated_cancellation_decides_nothing()
    {
        var cancelled = Bargain().After(new BargainCommand.Cancel(Owner), Noon);
        Assert.Equal((BargainStatus.Cancelled, Noon), (cancelled.Status, cancelled.EndedAt));
        Assert.True(BargainRules.Decide(cancelled, new BargainCommand.Cancel(null), Noon.AddDays(2)).IsRepeat);
    }

    [Fact]
    public void An_open_bargain_is_cancelled_until_its_deadline()
    {
        Bargain().After(new BargainCommand.Cancel(Owner), Noon.AddDays(1) - Tick);
        Folding.Refused(ClaimRefusal.BargainExpired, BargainRules.Decide(Bargain(), new BargainCommand.Cancel(Owner), Noon.AddDays(1)));
    }

    [Fact]
    public void A_stranger_cancels_nothing()
    {
        Folding.Refused(ClaimRefusal.BargainNotFound, BargainRules.Decide(BargainState.None, new BargainCommand.Cancel(Owner), Noon));
        Folding.Refused(ClaimRefusal.NotTheOwner, BargainRules.Decide(Bargain(), new BargainCommand.Cancel("h1"), Noon));
        Folding.Refused(ClaimRefusal.NotTheOwner, BargainRules.Decide(WonBargain(), new BargainCommand.Cancel("h1"), Noon));
    }

    public static TheoryData<BargainEvent, ClaimRefusal> PastCancelling() => new()
    {
        { new BargainExpired(), ClaimRefusal.BargainExpired },
        { new BargainLapsed(), ClaimRefusal.BargainLapsed },
        { new BargainSoldOut(), ClaimRefusal.BargainSoldOut },
        { new BargainClaimed { ClaimId = "k" }, ClaimRefusal.BargainClaimed },
        { new BargainWon { ClaimBefore = Noon.AddHours(1) }, ClaimRefusal.BargainWon },
    };

    [Theory, MemberData(nameof(PastCancelling))]
    public void A_bargain_that_is_won_or_over_is_not_cancelled(BargainEvent end, ClaimRefusal refusal)
    {
        Folding.Refused(refusal, BargainRules.Decide(Bargain().With([end]), new BargainCommand.Cancel(Owner), Noon));
        Folding.Refused(refusal, BargainRules.Decide(Bargain().With([end]), new BargainCommand.Cancel(null), Noon));
    }
}
