namespace SocialCommerce.Silo.Tests.Api;

/// <summary>How bargains end, and what can't be started.</summary>
public abstract class BargainEndSuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task A_bargain_that_is_not_at_the_floor_in_time_is_lost()
    {
        var campaignId = await Publish(Fixed(9_999).With("durationSeconds", 1).With("stock", 1));
        var bargainId = await Start(campaignId, New("owner"));
        var helped = await Help(bargainId, New("friend"));
        await UntilBargain(bargainId, "expired");

        Refused(410, "bargainExpired", await Help(bargainId, New("friend")));
        var over = await BargainOf(bargainId);
        // One fen is missing, where the help came in time.
        Assert.Equal(helped.Status == 201 ? 1 : 10_000, over.Fen("priceFen"));
        Assert.True(over["endedAt"].GetDateTimeOffset() >= over["expiresAt"].GetDateTimeOffset());
        Refused(410, "bargainExpired", await Api.Post($"/v1/bargains/{bargainId}/claim", over.Text("ownerId")));
        Refused(410, "bargainExpired", await Api.Post($"/v1/bargains/{bargainId}/cancel", over.Text("ownerId")));
        Refused(410, "bargainExpired", await Api.Post($"/v1/bargains/{bargainId}/share", over.Text("ownerId"), new { }));
        Assert.Equal(1, (await Inventory(campaignId)).Whole("free"));
        Assert.Single(await TypesOf(campaignId, bargainId), "bargain.expired");
        await Start(campaignId, New("owner"));
    }

    [ContractFact]
    public async Task The_owner_or_an_operator_cancels_and_nobody_else()
    {
        var (campaignId, owner) = (await Publish(Headcount(3)), New("owner"));
        var (bargainId, another) = (await Start(campaignId, owner), await Start(campaignId, New("owner")));
        var before = await Cut(bargainId, New("friend"));

        Refused(403, "notTheOwner", await Api.Post($"/v1/bargains/{bargainId}/cancel", New("stranger")));
        Assert.Equal("cancelled", Expect(200, await Api.Post($"/v1/bargains/{bargainId}/cancel", owner)).Text("status"));
        Assert.True(Expect(200, await Api.Post($"/v1/bargains/{bargainId}/cancel", owner)).Repeated);
        Refused(410, "bargainCancelled", await Help(bargainId, New("friend")));
        Refused(410, "bargainCancelled", await Api.Post($"/v1/bargains/{bargainId}/claim", owner));
        Refused(410, "bargainCancelled", await Api.Post($"/v1/bargains/{bargainId}/share", owner, new { }));
        Assert.Equal(before.Fen("priceFen"), (await BargainOf(bargainId)).Fen("priceFen"));
        Assert.Equal("cancelled", Expect(200, await Api.Post($"/v1/bargains/{another}/cancel")).Text("status"));
        Assert.Equal(0, (await Inventory(campaignId)).Whole("held"));
        Assert.NotEqual(bargainId, await Start(campaignId, owner));
    }

    [ContractFact]
    public async Task Whoever_wins_last_of_a_stock_that_is_claimed_at_the_win_finds_it_sold_out()
    {
        var campaignId = await Publish(Fixed(10_000).With("stock", 1).With("stockPolicy", "claimAtWin"));
        var owner = New("owner");
        var (first, second) = (await Start(campaignId, New("owner")), await Start(campaignId, owner));
        Assert.Equal("won", (await Cut(first, New("friend"))).Text("bargainStatus"));

        Assert.Equal("soldOut", (await Cut(second, New("friend"))).Text("bargainStatus"));
        Refused(409, "bargainSoldOut", await Help(second, New("friend")));
        Refused(409, "bargainSoldOut", await Api.Post($"/v1/bargains/{second}/claim", owner));
        Assert.Equal(("won", "soldOut"), ((await BargainOf(first)).Text("status"), (await BargainOf(second)).Text("status")));
        Assert.Equal((1, 0), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("free")));
    }

    [ContractFact]
    public async Task A_win_that_is_not_claimed_in_time_lapses()
    {
        var (campaignId, owner) = (await Publish(Fixed(10_000).With("claimWithinSeconds", 1)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        await Cut(bargainId, New("friend"));
        await UntilBargain(bargainId, "lapsed");

        Refused(409, "bargainLapsed", await Api.Post($"/v1/bargains/{bargainId}/claim", owner));
        Refused(409, "bargainWon", await Help(bargainId, New("friend")));
        Assert.Equal((0, 0), ((await Inventory(campaignId)).Whole("held"), (await Inventory(campaignId)).Whole("sold")));
        Assert.Equal(["bargain.started", "bargain.cut", "bargain.won", "bargain.lapsed"], await TypesOf(campaignId, bargainId));
    }

    [ContractFact]
    public async Task Where_the_campaign_allows_it_the_owner_buys_before_the_floor()
    {
        var owner = New("owner");
        var campaignId = await Publish(Fixed(1_500).With("buyBeforeFloor", true));
        var bargainId = await Start(campaignId, owner);
        await Cut(bargainId, New("friend"));

        Refused(409, "bargainNotWon", await Api.Post($"/v1/bargains/{bargainId}/claim", owner, new { }));
        Assert.Equal(8_500, Expect(201, await Api.Post($"/v1/bargains/{bargainId}/claim", owner, new { atCurrentPrice = true })).Fen("priceFen"));
        Assert.Equal("claimed", (await BargainOf(bargainId)).Text("status"));
        Refused(409, "bargainClaimed", await Api.Post($"/v1/bargains/{bargainId}/cancel", owner));
        Assert.Equal(1, (await Inventory(campaignId)).Whole("sold"));
    }

    [ContractFact]
    public async Task A_start_is_refused_with_what_stands_against_it()
    {
        var owner = New("owner");
        var now = DateTimeOffset.UtcNow;
        var once = await Publish(Headcount(2).With("startsPerShopper", 1));
        Expect(200, await Api.Post($"/v1/bargains/{await Start(once, owner)}/cancel", owner));
        Refused(409, "startLimitReached", await TryStart(once));

        Refused(404, "campaignNotFound", await TryStart(New("nothing")));
        Refused(409, "notABargainCampaign", await TryStart(await Publish(GroupBuy(2))));
        Refused(409, "campaignNotStarted", await TryStart(await Publish(Headcount(2).With("startsAt", now.AddDays(1)))));
        Refused(409, "campaignEnded", await TryStart(await Publish(Headcount(2).With("startsAt", now.AddDays(-2)).With("endsAt", now.AddDays(-1)))));
        Refused(409, "soldOut", await TryStart(await Publish(Headcount(2).With("stock", 0))));

        Task<HttpReply> TryStart(string campaignId) => Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { });
    }

    [ContractFact]
    public async Task Whoever_asks_for_a_bargain_that_nobody_started_hears_so()
    {
        var bargainId = New("bargain");
        foreach (var path in new[] { "", "/cuts", "/fairness" }) Refused(404, "bargainNotFound", await Api.Get($"/v1/bargains/{bargainId}{path}"));
        foreach (var path in new[] { "/cuts", "/claim", "/cancel", "/share" })
            Refused(404, "bargainNotFound", await Api.Post($"/v1/bargains/{bargainId}{path}", New("shopper"), new { }));
        // At once: it is not worth a watch's patience of eight seconds, which a machine that stands still may take for one of them.
        await Waiting.Until(async () =>
        {
            var asked = TimeProvider.System.GetTimestamp();
            using var view = await Api.Watch($"/v1/bargains/{bargainId}/live");
            Assert.Equal(404, view.Status);
            return TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(6);
        }, "a watch of nothing is answered at once");
    }
}
