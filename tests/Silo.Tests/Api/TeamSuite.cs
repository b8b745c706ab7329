namespace SocialCommerce.Silo.Tests.Api;

/// <summary>Teams: open, join, pay, form, fail, leave, refund.</summary>
public abstract class TeamSuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task The_last_payment_forms_the_team_and_confirms_every_seat()
    {
        var (campaignId, leader) = (await Publish(GroupBuy(3)), New("leader"));
        var opened = await Open(campaignId, leader);
        var teamId = opened.Text("teamId");
        Assert.Equal((leader, "open", 3, 3_000), (opened.Text("leaderId"), opened.Text("status"), opened.Fen("size"), opened.Fen("priceFen")));
        Assert.Equal((0, 1, 2), (opened.Fen("paid"), opened.Fen("held"), opened.Fen("free")));
        Assert.Equal(("held", leader), (opened["seat"].Text("status"), opened["seat"].Text("shopperId")));
        Assert.Equal(900, (opened["seat"].GetProperty("holdExpiresAt").GetDateTimeOffset() - opened["openedAt"].GetDateTimeOffset()).TotalSeconds);

        string[] seats = [opened["seat"].Text("seatId"), await Join(teamId, New("member")), await Join(teamId, New("member"))];
        Assert.Equal(3, (await Inventory(campaignId)).Whole("held"));
        Assert.Equal("paid", (await Pay(teamId, seats[0])).Text("status"));
        Assert.Equal("paid", (await Pay(teamId, seats[2])).Text("status"));
        Assert.Equal("open", (await TeamOf(teamId)).Text("status"));
        Assert.Equal("confirmed", (await Pay(teamId, seats[1])).Text("status"));

        var formed = await TeamOf(teamId);
        Assert.Equal(("formed", 3, 0, 0), (formed.Text("status"), formed.Fen("paid"), formed.Fen("held"), formed.Fen("free")));
        Assert.All(formed.Items("seats"), seat => Assert.Equal("confirmed", seat.Text("status")));
        Assert.Equal((0, 3), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("sold")));
        var types = await TypesOf(campaignId, teamId);
        Assert.Equal((1, 3, 3, 3), (types.Count(type => type == "team.formed"), types.Count(type => type == "seat.held"), types.Count(type => type == "seat.paid"), types.Count(type => type == "seat.confirmed")));
        Refused(409, "teamFormed", await TryJoin(teamId, New("late")));
        Refused(409, "teamFormed", await Api.Delete($"/v1/teams/{teamId}/seats/{seats[0]}", leader));
        Refused(409, "teamFormed", await Api.Post($"/v1/teams/{teamId}/share", leader, new { }));
    }

    [ContractFact]
    public async Task A_repeated_join_is_the_same_seat_and_a_full_team_names_others()
    {
        var campaignId = await Publish(GroupBuy(2));
        var (full, member) = ((await Open(campaignId, New("leader"))).Text("teamId"), New("member"));
        var others = new List<string>();
        for (var i = 0; i < 2; i++) others.Add((await Open(campaignId, New("leader"))).Text("teamId"));
        var first = Expect(201, await TryJoin(full, member));

        Repeated(first, await TryJoin(full, member));
        var refused = await Waiting.Until(
            async () => Refused(409, "teamFull", await TryJoin(full, New("late"))),
            seen => seen.Items("openTeams").Length == 2,
            "the list has the teams that are not full");
        Assert.Equal(others.Order(), refused.Items("openTeams").Select(team => team.Text("teamId")).Order());
        Assert.Equal(2, (await TeamOf(full)).Fen("held"));
    }

    [ContractFact]
    public async Task The_same_payment_counts_once_and_another_amount_is_named()
    {
        var teamId = (await Open(await Publish(GroupBuy(4)), New("leader"))).Text("teamId");
        var (one, two) = (await Join(teamId, New("member")), await Join(teamId, New("member")));

        Assert.Equal(3_000, Refused(409, "amountMismatch", await TryPay(teamId, one, 2_999)).Fen("expectedFen"));
        var first = await Pay(teamId, one);
        Repeated(first, await TryPay(teamId, one));
        Refused(409, "alreadyPaid", await TryPay(teamId, one, paymentId: New("pay")));
        Refused(409, "paymentIdReused", await TryPay(teamId, two, paymentId: "pay-" + one));
        Refused(404, "seatNotFound", await TryPay(teamId, New("seat")));
        Refused(409, "noRefundDue", await Api.Post($"/v1/teams/{teamId}/seats/{one}/refund", body: new { refundId = New("refund") }));
        Assert.Equal((1, 2), ((await TeamOf(teamId)).Fen("paid"), (await TeamOf(teamId)).Fen("held")));
    }

    [ContractFact]
    public async Task A_team_that_is_not_complete_in_time_fails_and_every_payment_goes_back()
    {
        var (campaignId, teamId, seatId, unpaid) = await UnderWay(GroupBuy(3), bothPay: false);
        await UntilTeam(teamId, "failed");

        Refused(410, "teamFailed", await TryJoin(teamId, New("late")));
        Refused(410, "teamFailed", await Api.Post($"/v1/teams/{teamId}/share", New("member"), new { }));
        var seats = (await TeamOf(teamId)).Items("seats").ToDictionary(seat => seat.Text("seatId"));
        Assert.Equal(("refundRequested", "released"), (seats[seatId].Text("status"), seats[unpaid].Text("status")));
        Assert.Equal(("teamFailed", 3_000), (seats[seatId].GetProperty("refund").Text("reason"), seats[seatId].GetProperty("refund").Whole("amountFen")));
        // A payment that comes after the end goes back as well: never charged and lost.
        Assert.Equal("refundRequested", (await Pay(teamId, unpaid)).Text("status"));

        foreach (var seat in new[] { seatId, unpaid })
        {
            var refund = Expect(200, await Api.Post($"/v1/teams/{teamId}/seats/{seat}/refund", body: new { refundId = "refund-" + seat }));
            Assert.Equal("refunded", refund.Text("status"));
            Repeated(refund, await Api.Post($"/v1/teams/{teamId}/seats/{seat}/refund", body: new { refundId = "refund-" + seat }));
        }

        Assert.Equal((0, 0, 100), await Stock(campaignId));
        var types = await TypesOf(campaignId, teamId);
        Assert.Equal((1, 2), (types.Count(type => type == "team.failed"), types.Count(type => type == "refund.confirmed")));
        Assert.DoesNotContain("team.formed", types);
    }

    [ContractFact]
    public async Task A_team_that_may_go_ahead_with_fewer_does_so_at_its_deadline()
    {
        var offer = GroupBuy(3).With("fill", new { whenAtLeast = new { members = 2 } }).With("leaderDiscountFen", 500);
        var (_, teamId, _, _) = await UnderWay(offer, bothPay: true);
        Assert.Equal(2, (await TeamOf(teamId)).Fen("goesAheadWith"));
        await UntilTeam(teamId, "formed");

        var seats = (await TeamOf(teamId)).Items("seats");
        Assert.Equal([2_500, 3_000], seats.Select(seat => seat.Whole("settledFen")));
        Assert.Equal(("leaderDiscount", 500), (seats[0].GetProperty("refund").Text("reason"), seats[0].GetProperty("refund").Whole("amountFen")));
    }

    [ContractFact]
    public async Task Tiers_settle_at_the_best_one_reached_and_the_difference_goes_back()
    {
        var offer = new Offer("groupBuy").With("soloPriceFen", 5_000).With("tiers", new[] { new { size = 2, priceFen = 3_000 }, new { size = 3, priceFen = 2_500 } });
        var opened = await Open(await Publish(offer), New("leader"));
        var teamId = opened.Text("teamId");
        string[] seats = [opened["seat"].Text("seatId"), await Join(teamId, New("member")), await Join(teamId, New("member"))];
        foreach (var seat in seats) await Pay(teamId, seat);

        var formed = await TeamOf(teamId);
        Assert.Equal("formed", formed.Text("status"));
        Assert.All(formed.Items("seats"), seat =>
        {
            Assert.Equal(("confirmed", 2_500), (seat.Text("status"), seat.Whole("settledFen")));
            Assert.Equal(("tierReached", 500), (seat.GetProperty("refund").Text("reason"), seat.GetProperty("refund").Whole("amountFen")));
        });
    }

    [ContractFact]
    public async Task Who_leaves_is_refunded_and_the_next_one_leads()
    {
        var campaignId = await Publish(GroupBuy(3));
        var (leader, member) = (New("leader"), New("member"));
        var opened = await Open(campaignId, leader);
        var (teamId, leaderSeat) = (opened.Text("teamId"), opened["seat"].Text("seatId"));
        var memberSeat = await Join(teamId, member);
        await Pay(teamId, leaderSeat);
        await Pay(teamId, memberSeat);

        Refused(403, "notYourSeat", await Api.Delete($"/v1/teams/{teamId}/seats/{leaderSeat}", member));
        var left = Expect(200, await Api.Delete($"/v1/teams/{teamId}/seats/{leaderSeat}", leader));
        Assert.Equal(("refundRequested", "left"), (left.Text("status"), left["refund"].Text("reason")));
        Repeated(left, await Api.Delete($"/v1/teams/{teamId}/seats/{leaderSeat}", leader));
        var after = await TeamOf(teamId);
        Assert.Equal((member, "open", 1, 2), (after.Text("leaderId"), after.Text("status"), after.Fen("paid"), after.Fen("free")));
        Assert.Equal(opened["expiresAt"].GetDateTimeOffset(), after["expiresAt"].GetDateTimeOffset());

        Expect(200, await Api.Delete($"/v1/teams/{teamId}/seats/{memberSeat}", member));
        Assert.Equal("cancelled", (await TeamOf(teamId)).Text("status"));
        Refused(410, "teamFailed", await TryJoin(teamId, New("late")));
        Assert.Equal((0, 0, 100), await Stock(campaignId));
    }

    [ContractFact]
    public async Task An_unpaid_seat_is_free_again_and_a_late_payment_takes_it_back_while_it_is()
    {
        var campaignId = await Publish(GroupBuy(2).With("seatHoldSeconds", 1).With("stock", 2));
        var opened = await Open(campaignId, New("leader"));
        var (teamId, seatId) = (opened.Text("teamId"), opened["seat"].Text("seatId"));
        await Waiting.Until(async () => (await TeamOf(teamId)).Fen("free") == 2, "the hold has run out");
        Assert.Equal("released", (await TeamOf(teamId)).Items("seats").Single().Text("status"));
        Assert.Equal((0, 0, 2), await Stock(campaignId));
        Refused(409, "seatEnded", await Api.Delete($"/v1/teams/{teamId}/seats/{seatId}", opened.Text("leaderId")));

        Assert.Equal("paid", (await Pay(teamId, seatId)).Text("status"));
        Assert.Equal((1, 1), ((await TeamOf(teamId)).Fen("paid"), (await TeamOf(teamId)).Fen("free")));
        Assert.Equal((1, 0, 1), await Stock(campaignId));
    }

    [ContractFact]
    public async Task A_viewer_sees_the_team_at_once_and_until_it_is_formed()
    {
        var opened = await Open(await Publish(GroupBuy(2)), New("leader"));
        var teamId = opened.Text("teamId");
        using var view = await Api.Watch($"/v1/teams/{teamId}/live");
        Assert.Equal((0, 1), await Seats());
        await Pay(teamId, opened["seat"].Text("seatId"));
        var seatId = await Join(teamId, New("member"));
        while (await Seats() != (1, 1))
        {
            // A viewer may see what lies between, and may skip it.
        }

        await Pay(teamId, seatId);
        var last = (await view.Next())!.Value;
        Assert.Equal(("formed", 2), (last.Text("status"), last.Whole("paid")));
        Assert.Null(await view.Next());

        async Task<(long Paid, long Held)> Seats()
        {
            var seen = (await view.Next())!.Value;
            return (seen.Whole("paid"), seen.Whole("held"));
        }
    }

    // A team whose deadline is near, with the leader's seat paid and one more seat. On a busy machine the deadline may come too soon: then
    // once more, with more time.
    private async Task<(string CampaignId, string TeamId, string LeaderSeat, string MemberSeat)> UnderWay(Offer offer, bool bothPay)
    {
        foreach (var seconds in new[] { 2, 10, 50 })
        {
            var campaignId = await Publish(offer.With("durationSeconds", seconds));
            var opened = await Open(campaignId, New("leader"));
            var (teamId, leaderSeat) = (opened.Text("teamId"), opened["seat"].Text("seatId"));
            var paid = await Pay(teamId, leaderSeat);
            var joined = await TryJoin(teamId, New("member"));
            if (paid.Text("status") != "paid" || joined.Status != 201) continue;
            var memberSeat = joined.Text("seatId");
            if (!bothPay || (await Pay(teamId, memberSeat)).Text("status") == "paid") return (campaignId, teamId, leaderSeat, memberSeat);
        }

        throw new TimeoutException("A team of which each of three steps takes more than ten seconds.");
    }

    private async Task<(long Held, long Sold, long Free)> Stock(string campaignId)
    {
        var stock = await Inventory(campaignId);
        return (stock.Whole("held"), stock.Whole("sold"), stock.Whole("free"));
    }
}
