using SocialCommerce.GrainInterfaces;
using ShareTokens = SocialCommerce.Rules.ShareTokens;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>Who leads, who may join, and what each pays in the end.</summary>
public sealed class MemberTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task When_the_leader_leaves_the_earliest_paid_member_leads_and_the_deadline_stays()
    {
        await _shop.Publish("lead", Offers.GroupBuy(4) with { LeaderDiscountFen = 500 });
        var opened = await _shop.OpenTeam("lead-a", "lead");
        var team = opened.Team!;
        var paidLeader = await _shop.Pay(opened.Seat!);
        await _shop.Join("lead-b", team.TeamId);
        _shop.Clock.Advance(TimeSpan.FromSeconds(1));
        await _shop.JoinAndPay("lead-c", team.TeamId);

        Assert.Equal(SeatRefusal.NotYourSeat, (await Leave(paidLeader, "lead-b")).Refusal);
        var left = await Leave(paidLeader, "lead-a");
        Assert.Equal((Outcome.Done, SeatStatus.RefundRequested, "left"), (left.Outcome, left.Seat!.Status, left.Seat.Refund!.Reason));
        Assert.Equal(Outcome.Repeated, (await Leave(paidLeader, "lead-a")).Outcome);
        var after = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal(("lead-c", team.ExpiresAt, TeamStatus.Open), (after.LeaderId, after.ExpiresAt, after.Status));
        Assert.Empty((await _shop.Shopper("lead-a").Me()).Teams);

        // The rest fill it; the discount is the new leader's.
        await _shop.Pay(after.Seats.Single(seat => seat.ShopperId == "lead-b"));
        await _shop.JoinAndPay("lead-d", team.TeamId);
        await _shop.JoinAndPay("lead-e", team.TeamId);
        var formed = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal(TeamStatus.Formed, formed.Status);
        Assert.Equal(2_500, formed.Seats.Single(seat => seat.ShopperId == "lead-c").SettledFen);
        Assert.Equal(SeatRefusal.TeamFormed, (await Leave(formed.Seats.Single(seat => seat.ShopperId == "lead-e"), "lead-e")).Refusal);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_team_that_all_have_left_is_over_and_its_stock_is_free()
    {
        await _shop.Publish("leave-all", Offers.GroupBuy(3) with { Stock = 2 });
        var opened = await _shop.OpenTeam("leave-a", "leave-all");
        var second = await _shop.Join("leave-b", opened.Team!.TeamId);

        await Task.WhenAll(Leave(opened.Seat!, "leave-a"), Leave(second, "leave-b"));

        Assert.Equal(TeamStatus.Cancelled, (await _shop.Team(opened.Team.TeamId).Get())!.Status);
        Assert.Equal(new StockView { Total = 2, Free = 2 }, await _shop.Stock("leave-all"));
        await _shop.OpenTeam("leave-a", "leave-all");
        await _shop.Audit();
    }

    [Fact]
    public async Task Tiers_settle_at_the_best_size_and_what_was_paid_above_goes_back()
    {
        await _shop.Publish("tiers", Offers.Tiers((2, 4_000), (3, 3_500), (5, 3_000)));
        var team = (await _shop.OpenTeam("tier-0", "tiers")).Team!;
        Assert.Equal((5, 4_000), (team.Size, team.PriceFen));
        await _shop.Pay(team.Seats[0]);
        for (var i = 1; i < 4; i++) await _shop.JoinAndPay($"tier-{i}", team.TeamId);

        _shop.Clock.Set(team.ExpiresAt);
        await _shop.UntilTeam(team.TeamId, TeamStatus.Formed);

        var formed = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal((3_500, 4), (formed.PriceFen, formed.Paid));
        Assert.All(formed.Seats, seat => Assert.Equal(
            (SeatStatus.Confirmed, 3_500, "tierReached", 500), (seat.Status, seat.SettledFen, seat.Refund!.Reason, seat.Refund.AmountFen)));
        var confirmed = await _shop.Team(team.TeamId).ConfirmRefund(new RefundConfirmation { SeatId = formed.Seats[0].SeatId, RefundId = "r" });
        Assert.Equal(SeatStatus.Confirmed, confirmed.Seat!.Status);
        await _shop.Audit();
    }

    [Fact]
    public async Task A_full_tiered_team_forms_at_its_last_tier_at_once()
    {
        await _shop.Publish("tiers-full", Offers.Tiers((2, 4_000), (4, 3_000)));
        var team = (await _shop.OpenTeam("tf-0", "tiers-full")).Team!;
        await _shop.Pay(team.Seats[0]);
        await Task.WhenAll(Enumerable.Range(1, 3).Select(i => _shop.JoinAndPay($"tf-{i}", team.TeamId)));
        var formed = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal((TeamStatus.Formed, 3_000), (formed.Status, formed.PriceFen));
        Assert.Equal(4, await _shop.CountEvents(team.TeamId, "refund.requested"));
        await _shop.Audit();
    }

    [Fact]
    public async Task Only_a_members_unexpired_genuine_link_to_this_very_team_invites()
    {
        await _shop.Publish("invited", Offers.GroupBuy(6) with { Join = JoinPolicy.InvitedOnly });
        var team = (await _shop.OpenTeam("inv-leader", "invited")).Team!;
        var foreign = (await _shop.OpenTeam("inv-foreign", "invited")).Team!;
        var good = await Token(team.TeamId, "inv-leader");
        var claims = new ShareTokens(Convert.FromBase64String(Shop.ShareKey)).Verify(good, _shop.Clock.Now)!;
        var stolenKey = new byte[32];
        stolenKey[0] = 1;
        string[] bad =
        [
            "",
            "nonsense",
            good[..^2] + (good.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA"),
            // Signed by somebody else; expired; to another team; of somebody who is no member.
            new ShareTokens(stolenKey).Sign(claims),
            new ShareTokens(Convert.FromBase64String(Shop.ShareKey)).Sign(claims with { ExpiresAt = _shop.Clock.Now }),
            await Token(foreign.TeamId, "inv-foreign"),
            await Token(team.TeamId, "inv-stranger"),
        ];
        foreach (var via in bad) Assert.Equal(JoinRefusal.NotInvited, (await _shop.TryJoin("inv-guest", team.TeamId, via)).Refusal);
        // One's own link invites nobody but others.
        Assert.Equal(JoinRefusal.NotInvited, (await _shop.TryJoin("inv-stranger", team.TeamId, await Token(team.TeamId, "inv-stranger"))).Refusal);

        var guest = await _shop.Join("inv-guest", team.TeamId, good);
        Assert.Equal(1, guest.Depth);
        // A guest who has a seat invites, one level deeper; once it has left, it does not.
        var further = await Token(team.TeamId, "inv-guest");
        Assert.Equal(2, (await _shop.Join("inv-second", team.TeamId, further)).Depth);
        await Leave(guest, "inv-guest");
        Assert.Equal(JoinRefusal.NotInvited, (await _shop.TryJoin("inv-third", team.TeamId, further)).Refusal);
    }

    [Fact]
    public async Task A_link_of_ones_own_makes_no_link_deeper()
    {
        await _shop.Publish("own-link", Offers.GroupBuy(6));
        var team = (await _shop.OpenTeam("own-leader", "own-link")).Team!;
        var token = await Token(team.TeamId, "own-stranger");
        for (var i = 0; i < 3; i++) token = (await _shop.Team(team.TeamId).Share(new ShareRequest { ShopperId = "own-stranger", Via = token })).Token;
        Assert.Equal(1, (await _shop.Join("own-guest", team.TeamId, token)).Depth);
    }

    [Fact]
    public async Task New_shoppers_only_holds_when_one_joins_two_teams_and_helps_a_bargain_at_once()
    {
        await _shop.Publish("fresh", Offers.GroupBuy(30) with { Join = JoinPolicy.NewShoppersOnly, UnitsPerShopper = 2 });
        await _shop.Publish("fresh-bargain", Offers.Fixed(1));
        await _shop.Shopper("fresh-leader").DeclareExisting();
        // The leader may be existing.
        var one = (await _shop.OpenTeam("fresh-leader", "fresh")).Team!;
        var two = (await _shop.OpenTeam("fresh-other", "fresh")).Team!;
        var bargain = await _shop.Start("fresh-owner", "fresh-bargain");
        for (var i = 0; i < 20; i++)
        {
            var shopper = $"fresh-{i}";
            var help = _shop.Help(shopper, bargain.BargainId);
            var joins = await Task.WhenAll(_shop.TryJoin(shopper, one.TeamId), _shop.TryJoin(shopper, two.TeamId));
            Assert.Equal(Outcome.Done, (await help).Outcome);
            Assert.True(joins.Count(join => join.Outcome == Outcome.Done) <= 1);
            Assert.All(joins.Where(join => join.Outcome != Outcome.Done), join => Assert.Equal(JoinRefusal.NewShoppersOnly, join.Refusal));
        }

        await _shop.Audit();
    }

    private async Task<string> Token(string teamId, string shopperId) => (await _shop.Team(teamId).Share(new ShareRequest { ShopperId = shopperId })).Token;

    private Task<SeatChangeReply> Leave(SeatView seat, string shopperId) =>
        _shop.Team(seat.TeamId).Leave(new LeaveTeam { SeatId = seat.SeatId, ShopperId = shopperId });
}
