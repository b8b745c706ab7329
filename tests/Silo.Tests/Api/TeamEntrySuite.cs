namespace SocialCommerce.Silo.Tests.Api;

/// <summary>Who may join a team, which teams are shown, and buying alone.</summary>
public abstract class TeamEntrySuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task Joining_by_invitation_takes_a_members_link()
    {
        var (campaignId, leader) = (await Publish(GroupBuy(3).With("join", "invitedOnly")), New("leader"));
        var teamId = (await Open(campaignId, leader)).Text("teamId");
        var other = (await Open(campaignId, New("leader"))).Text("teamId");
        var member = New("member");

        Refused(409, "notInvited", await TryJoin(teamId, member));
        var link = Expect(200, await Api.Post($"/v1/teams/{teamId}/share", leader, new { channel = "wechat" }));
        Assert.Contains($"/t/{teamId}?via=", link.Text("url"), StringComparison.Ordinal);
        Refused(409, "notInvited", await TryJoin(other, member, link.Text("token")));
        var seat = Expect(201, await TryJoin(teamId, member, link.Text("token")));
        Assert.Equal(1, seat.Fen("depth"));
        Assert.Empty(Expect(200, await Api.Get($"/v1/campaigns/{campaignId}/teams?open=true")).Items());
    }

    [ContractFact]
    public async Task Where_only_new_shoppers_join_an_existing_one_may_lead()
    {
        var campaignId = await Publish(GroupBuy(3).With("join", "newShoppersOnly"));
        var (leader, existing) = (New("leader"), New("member"));
        foreach (var shopper in new[] { leader, existing }) Expect(200, await Api.Put($"/v1/shoppers/{shopper}", new { existing = true }));
        var teamId = (await Open(campaignId, leader)).Text("teamId");

        Refused(409, "newShoppersOnly", await TryJoin(teamId, existing));
        await Join(teamId, New("member"));
    }

    [ContractFact]
    public async Task The_limit_of_units_counts_teams_and_purchases_together()
    {
        var (campaignId, shopper) = (await Publish(GroupBuy(3).With("unitsPerShopper", 2)), New("shopper"));
        await Open(campaignId, shopper);
        Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/purchases", shopper, new { }));
        var teamId = (await Open(campaignId, New("leader"))).Text("teamId");

        Assert.Equal(2, Refused(409, "unitLimitReached", await TryJoin(teamId, shopper)).Fen("limit"));
        Assert.Equal(2, Refused(409, "unitLimitReached", await Api.Post($"/v1/campaigns/{campaignId}/teams", shopper, new { })).Fen("limit"));
        Assert.Equal(2, Refused(409, "unitLimitReached", await Api.Post($"/v1/campaigns/{campaignId}/purchases", shopper, new { })).Fen("limit"));
    }

    [ContractFact]
    public async Task No_more_units_are_held_than_there_are()
    {
        var campaignId = await Publish(GroupBuy(3).With("stock", 1));
        var teamId = (await Open(campaignId, New("leader"))).Text("teamId");

        Refused(409, "soldOut", await TryJoin(teamId, New("member")));
        Refused(409, "soldOut", await Api.Post($"/v1/campaigns/{campaignId}/teams", New("leader"), new { }));
        Refused(409, "soldOut", await Api.Post($"/v1/campaigns/{campaignId}/purchases", New("shopper"), new { }));
        Assert.Equal((1, 0), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("free")));
    }

    [ContractFact]
    public async Task Open_teams_are_listed_fullest_first_in_pages()
    {
        var campaignId = await Publish(GroupBuy(4));
        var teams = new List<string>();
        for (var members = 0; members < 3; members++)
        {
            teams.Add((await Open(campaignId, New("leader"))).Text("teamId"));
            foreach (var member in New("member", members)) await Join(teams[^1], member);
        }

        teams.Reverse();
        await Waiting.Until(async () => (await List("")).SequenceEqual(teams), "the list shows the fullest first");
        var first = await Waiting.Until(
            async () => Expect(200, await Api.Get($"/v1/campaigns/{campaignId}/teams?limit=2")),
            page => page.Items().Select(team => team.Text("teamId")).SequenceEqual(teams[..2]),
            "a page of the two fullest");
        await Waiting.Until(async () => (await List("&after=" + first.Text("next"))).SequenceEqual(teams[2..]), "the page after them");
        Refused(404, "campaignNotFound", await Api.Get($"/v1/campaigns/{New("nothing")}/teams"));

        async Task<string[]> List(string query) =>
            [.. Expect(200, await Api.Get($"/v1/campaigns/{campaignId}/teams?open=true{query}")).Items().Select(team => team.Text("teamId"))];
    }

    [ContractFact]
    public async Task Who_buys_alone_pays_the_solo_price_once()
    {
        var (campaignId, shopper) = (await Publish(GroupBuy(2)), New("shopper"));
        var bought = Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/purchases", shopper, new { }));
        var purchase = $"/v1/purchases/{bought.Text("purchaseId")}";
        Assert.Equal((shopper, "held", 5_000), (bought.Text("shopperId"), bought.Text("status"), bought.Fen("priceFen")));
        Refused(404, "purchaseNotFound", await Api.Get(purchase, New("stranger")));
        Assert.Equal("held", Expect(200, await Api.Get(purchase, shopper)).Text("status"));

        var payment = new { paymentId = New("pay"), amountFen = 5_000 };
        Assert.Equal(5_000, Refused(409, "amountMismatch", await Api.Post(purchase + "/payment", body: payment with { amountFen = 4_999 })).Fen("expectedFen"));
        var paid = Expect(200, await Api.Post(purchase + "/payment", body: payment));
        Assert.Equal("paid", paid.Text("status"));
        Repeated(paid, await Api.Post(purchase + "/payment", body: payment));
        Refused(409, "alreadyPaid", await Api.Post(purchase + "/payment", body: payment with { paymentId = New("pay") }));
        Refused(409, "noRefundDue", await Api.Post(purchase + "/refund", body: new { refundId = New("refund") }));
        Assert.Equal((0, 1), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("sold")));
        Assert.Contains("purchase.paid", await TypesOf(campaignId, bought.Text("purchaseId")));
    }

    [ContractFact]
    public async Task A_payment_that_comes_when_the_unit_is_gone_goes_back()
    {
        var campaignId = await Publish(GroupBuy(2).With("stock", 1).With("seatHoldSeconds", 1));
        var late = $"/v1/purchases/{Expect(201, await Buy()).Text("purchaseId")}";
        await Waiting.Until(async () => (await Inventory(campaignId)).Whole("free") == 1, "the hold has run out");
        var quick = $"/v1/purchases/{Expect(201, await Buy()).Text("purchaseId")}";
        Assert.Equal("paid", Expect(200, await Api.Post(quick + "/payment", body: new { paymentId = New("pay"), amountFen = 5_000 })).Text("status"));

        var refused = Expect(200, await Api.Post(late + "/payment", body: new { paymentId = New("pay"), amountFen = 5_000 }));
        Assert.Equal(("refundRequested", 5_000), (refused.Text("status"), refused["refund"].Whole("amountFen")));
        Assert.Equal("refunded", Expect(200, await Api.Post(late + "/refund", body: new { refundId = New("refund") })).Text("status"));
        Assert.Equal((0, 1, 0), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("sold"), (await Inventory(campaignId)).Whole("free")));

        Task<HttpReply> Buy() => Api.Post($"/v1/campaigns/{campaignId}/purchases", New("shopper"), new { });
    }

    [ContractFact]
    public async Task Whoever_asks_for_what_is_not_there_hears_so()
    {
        var (teamId, seatId, shopper) = (New("team"), New("seat"), New("shopper"));
        Refused(404, "teamNotFound", await Api.Get($"/v1/teams/{teamId}"));
        Refused(404, "teamNotFound", await TryJoin(teamId, shopper));
        Refused(404, "teamNotFound", await TryPay(teamId, seatId));
        Refused(404, "teamNotFound", await Api.Delete($"/v1/teams/{teamId}/seats/{seatId}", shopper));
        Refused(404, "teamNotFound", await Api.Post($"/v1/teams/{teamId}/share", shopper, new { }));
        Refused(404, "purchaseNotFound", await Api.Get($"/v1/purchases/{New("purchase")}", shopper));
        Refused(404, "purchaseNotFound", await Api.Post($"/v1/purchases/{New("purchase")}/payment", body: new { paymentId = New("pay"), amountFen = 1 }));
        Refused(404, "campaignNotFound", await Api.Post($"/v1/campaigns/{New("nothing")}/teams", shopper, new { }));
        Refused(409, "notAGroupBuyCampaign", await Api.Post($"/v1/campaigns/{await Publish(Headcount(2))}/teams", shopper, new { }));
        Refused(404, "seatNotFound", await TryPay((await Open(await Publish(GroupBuy(2)), New("leader"))).Text("teamId"), seatId));
    }
}
