using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>
/// Where two reasons hold at once, the first of rules.md is given: across what the bargain, the helper and the campaign each know.
/// </summary>
public sealed class RefusalOrderTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    /// <summary>Each reason of the bargain's own comes before all three of the others'.</summary>
    [Theory]
    [InlineData("own", CutRefusal.OwnBargain)]
    [InlineData("cancelled", CutRefusal.BargainCancelled)]
    [InlineData("expired", CutRefusal.BargainExpired)]
    [InlineData("won", CutRefusal.BargainWon)]
    [InlineData("claimed", CutRefusal.BargainWon)]
    [InlineData("lapsed", CutRefusal.BargainWon)]
    [InlineData("soldOut", CutRefusal.BargainSoldOut)]
    [InlineData("open", CutRefusal.HelpedOwnerOnProductBefore)]
    public async Task The_bargains_own_state_comes_before_the_helpers_record_and_the_pause(string state, CutRefusal expected)
    {
        var (owner, friend, campaign) = ($"o-{state}", state == "own" ? $"o-{state}" : $"f-{state}", $"c-{state}");
        var offer = Offers.Fixed(10_000, product: campaign) with { Stock = 1, StockPolicy = StockPolicy.ClaimAtWin, ClaimWithinSeconds = 3_600 };
        await _shop.Publish(campaign, offer);
        await _shop.Publish(campaign + "-before", Offers.Fixed(10, product: campaign));
        var bargain = await _shop.Start(owner, campaign);
        switch (state)
        {
            case "cancelled":
                await _shop.Bargain(bargain.BargainId).Cancel(new CancelBargain());
                break;
            case "won" or "claimed" or "lapsed":
                await _shop.Cut(state + "-winner", bargain.BargainId);
                if (state == "claimed") await _shop.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = owner });
                break;
            case "soldOut":
                await _shop.Cut("soldOut-taker", (await _shop.Start("soldOut-rival", campaign)).BargainId);
                await _shop.Cut("soldOut-winner", bargain.BargainId);
                break;
        }

        if (state == "expired") _shop.Clock.Set(bargain.ExpiresAt);
        if (state == "lapsed")
        {
            _shop.Clock.Advance(TimeSpan.FromHours(1));
            await _shop.UntilBargain(bargain.BargainId, BargainStatus.Lapsed);
        }

        // The friend has helped this owner on this product (but nobody helps himself), and has no help left today.
        if (state != "own") await _shop.Cut(friend, (await _shop.Start(owner, campaign + "-before")).BargainId);
        await UseUp(friend, state == "own" ? 3 : 2);
        await _shop.Campaign(campaign).Pause(new CampaignCommand());

        Assert.Equal(expected, (await _shop.Help(friend, bargain.BargainId)).Refusal);
        Assert.Equal(3, (await _shop.Shopper(friend).Me()).HelpsToday.Used);
    }

    [Fact]
    public async Task The_daily_limit_comes_before_the_pause_and_the_repeat_before_all()
    {
        await _shop.Publish("limit-first", Offers.Fixed(10));
        var helped = await _shop.Start("lf-owner", "limit-first");
        var other = await _shop.Start("lf-other", "limit-first");
        var first = await _shop.Cut("lf-friend", helped.BargainId);
        await UseUp("lf-friend", 2);
        await _shop.Campaign("limit-first").Pause(new CampaignCommand());

        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await _shop.Help("lf-friend", other.BargainId)).Refusal);
        Assert.Equal(CutRefusal.CampaignPaused, (await _shop.Help("lf-fresh", other.BargainId)).Refusal);
        await _shop.Bargain(helped.BargainId).Cancel(new CancelBargain());
        Assert.Equal((Outcome.Repeated, first), await Repeat());
        Assert.Equal(CutRefusal.BargainNotFound, (await _shop.Help("lf-friend", "b_nothing")).Refusal);

        async Task<(Outcome, CutReceipt?)> Repeat()
        {
            var reply = await _shop.Help("lf-friend", helped.BargainId);
            return (reply.Outcome, reply.Cut);
        }
    }

    /// <summary>The reasons of a join that hold together, one taken away after the other.</summary>
    [Fact]
    public async Task A_joins_reasons_come_in_order()
    {
        await _shop.Publish("join-order", Offers.GroupBuy(3) with { Join = JoinPolicy.InvitedOnly, Stock = 3, UnitsPerShopper = 1 });
        await _shop.Publish("join-new", Offers.GroupBuy(2) with { Join = JoinPolicy.NewShoppersOnly, UnitsPerShopper = 1 });
        var full = (await _shop.OpenTeam("jo-leader", "join-order")).Team!;
        var invitation = (await _shop.Team(full.TeamId).Share(new ShareRequest { ShopperId = "jo-leader" })).Token;
        await _shop.Join("jo-member", full.TeamId, invitation);
        // The outsider has its unit of the campaign, and there is none left.
        var solo = await _shop.Shopper("jo-outsider").Buy(new BuyAlone { CampaignId = "join-order" });
        Assert.Equal(Outcome.Done, solo.Outcome);
        await _shop.Campaign("join-order").Pause(new CampaignCommand());

        Assert.Equal(JoinRefusal.TeamNotFound, (await _shop.TryJoin("jo-outsider", "t_nothing")).Refusal);
        Assert.Equal(JoinRefusal.CampaignPaused, (await _shop.TryJoin("jo-outsider", full.TeamId)).Refusal);
        await _shop.Campaign("join-order").Resume(new CampaignCommand());
        Assert.Equal(JoinRefusal.NotInvited, (await _shop.TryJoin("jo-outsider", full.TeamId)).Refusal);
        Assert.Equal((JoinRefusal.UnitLimitReached, 1), await RefusalAndLimit("jo-outsider", full.TeamId, invitation));
        Assert.Equal(JoinRefusal.SoldOut, (await _shop.TryJoin("jo-unlucky", full.TeamId, invitation)).Refusal);
        // Who refused nothing had no effect: a member's repeat is a repeat, and so is the leader's.
        Assert.Equal(Outcome.Repeated, (await _shop.TryJoin("jo-leader", full.TeamId)).Outcome);

        // A team that is over says so before anything else.
        var seats = (await _shop.Team(full.TeamId).Get())!.Seats;
        foreach (var seat in seats) await _shop.Team(full.TeamId).Leave(new LeaveTeam { SeatId = seat.SeatId, ShopperId = seat.ShopperId });
        await _shop.Campaign("join-order").Pause(new CampaignCommand());
        Assert.Equal(JoinRefusal.TeamFailed, (await _shop.TryJoin("jo-outsider", full.TeamId)).Refusal);

        var forNew = (await _shop.OpenTeam("jn-leader", "join-new")).Team!;
        await _shop.Shopper("jn-old").Buy(new BuyAlone { CampaignId = "join-new" });
        Assert.Equal(JoinRefusal.NewShoppersOnly, (await _shop.TryJoin("jn-old", forNew.TeamId)).Refusal);
        await _shop.Join("jn-fresh", forNew.TeamId);
        await _shop.Campaign("join-new").Pause(new CampaignCommand());
        Assert.Equal(JoinRefusal.TeamFull, (await _shop.TryJoin("jn-old", forNew.TeamId)).Refusal);
    }

    private async Task<(JoinRefusal, int)> RefusalAndLimit(string shopperId, string teamId, string via)
    {
        var reply = await _shop.TryJoin(shopperId, teamId, via);
        return (reply.Refusal, reply.Limit);
    }

    private async Task UseUp(string friend, int helps)
    {
        var campaign = "used-by-" + friend;
        await _shop.Publish(campaign, Offers.Fixed(10, product: campaign));
        for (var i = 0; i < helps; i++) await _shop.Cut(friend, (await _shop.Start($"{campaign}-{i}", campaign)).BargainId);
    }
}
