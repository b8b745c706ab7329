using System.Text.Json;

namespace SocialCommerce.Silo.Tests.Api;

/// <summary>Bargains from their start to their win.</summary>
public abstract class BargainSuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task A_start_shows_everything_and_a_second_start_is_the_same_bargain()
    {
        var (campaignId, owner) = (await Publish(Headcount(5)), New("owner"));
        var first = Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { }));

        Assert.Equal((campaignId, owner, "open"), (first.Text("campaignId"), first.Text("ownerId"), first.Text("status")));
        Assert.Equal((10_000, 0, 10_000, 10_000), (first.Fen("startPriceFen"), first.Fen("floorPriceFen"), first.Fen("priceFen"), first.Fen("remainingFen")));
        Assert.Equal((5, 5, 0), (first["cutsNeeded"].Whole("least"), first["cutsNeeded"].Whole("most"), first.Fen("cutCount")));
        Assert.Equal(86_400, (first["expiresAt"].GetDateTimeOffset() - first["startedAt"].GetDateTimeOffset()).TotalSeconds);
        Assert.Matches("^[0-9a-f]{64}$", first["fairness"].Text("commitment"));
        var again = Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/bargains", owner));
        Assert.True(again.Repeated);
        Assert.Equal(first.Text("bargainId"), again.Text("bargainId"));
        Assert.Equal((1, 0, 99), await Stock(campaignId));
        Assert.Equal(first.Text("bargainId"), Expect(200, await Api.Get("/v1/me", owner)).Items("bargains").Single().Text("bargainId"));
    }

    [ContractFact]
    public async Task Exactly_the_helpers_asked_for_win_and_the_owner_claims_once()
    {
        var (campaignId, owner) = (await Publish(Headcount(5)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        Refused(409, "bargainNotWon", await Claim(bargainId, owner));

        var sumFen = 0L;
        foreach (var (friend, number) in New("friend", 5).Select((friend, i) => (friend, i + 1)))
        {
            var cut = await Cut(bargainId, friend);
            sumFen += cut.Fen("cutFen");
            Assert.Equal((number, 10_000 - sumFen, 10_000 - sumFen), (cut.Fen("cutNumber"), cut.Fen("priceFen"), cut.Fen("remainingFen")));
            Assert.Equal((5 - number, 5 - number), (cut["cutsNeeded"].Whole("least"), cut["cutsNeeded"].Whole("most")));
            Assert.Equal(number < 5 ? "open" : "won", cut.Text("bargainStatus"));
        }

        Assert.Equal(10_000, sumFen);
        Refused(409, "bargainWon", await Help(bargainId, New("late")));
        Refused(409, "bargainWon", await Api.Post($"/v1/bargains/{bargainId}/cancel", owner));
        Refused(403, "notTheOwner", await Claim(bargainId, New("stranger")));
        var claim = Expect(201, await Claim(bargainId, owner));
        Assert.Equal((bargainId, 0), (claim.Text("bargainId"), claim.Fen("priceFen")));
        Repeated(claim, await Claim(bargainId, owner));
        var over = await BargainOf(bargainId);
        Assert.Equal(("claimed", claim.Text("claimId")), (over.Text("status"), over.Text("claimId")));
        Assert.Equal((0, 1, 99), await Stock(campaignId));
        var types = await TypesOf(campaignId, bargainId);
        Assert.Equal(["bargain.started", .. Enumerable.Repeat("bargain.cut", 5), "bargain.won", "bargain.claimed"], types);
    }

    [ContractFact]
    public async Task A_repeated_help_gets_its_first_receipt_also_when_all_is_over()
    {
        var bargainId = await Start(await Publish(Headcount(2)), New("owner"));
        var (one, two) = (New("friend"), New("friend"));
        var first = await Cut(bargainId, one);
        Repeated(first, await Help(bargainId, one));
        await Cut(bargainId, two);
        Repeated(first, await Help(bargainId, one));
        Assert.Equal(2, (await BargainOf(bargainId)).Fen("cutCount"));
    }

    [ContractFact]
    public async Task Cuts_are_listed_in_pages_oldest_first()
    {
        var bargainId = await Start(await Publish(Headcount(7)), New("owner"));
        var friends = New("friend", 5);
        foreach (var friend in friends) await Cut(bargainId, friend);

        var seen = new List<JsonElement>();
        for (var next = "0"; next is not null;)
        {
            var page = Expect(200, await Api.Get($"/v1/bargains/{bargainId}/cuts?limit=2&after={next}"));
            Assert.InRange(page.Items().Length, 1, 2);
            seen.AddRange(page.Items());
            next = page.Has("next") ? page.Text("next") : null;
        }

        Assert.Equal(friends, seen.Select(cut => cut.Text("helperId")));
        Assert.Equal((await BargainOf(bargainId)).Fen("priceFen"), 10_000 - seen.Sum(cut => cut.Whole("cutFen")));
    }

    [ContractFact]
    public async Task Nobody_helps_oneself_or_the_same_owner_on_the_same_product_twice()
    {
        await UntilMidnightIsFar();
        var owner = New("owner");
        var offer = Fixed(2_000);
        var (first, second) = (await Start(await Publish(offer), owner), await Start(await Publish(offer), owner));
        var (friend, other) = (New("friend"), New("friend"));
        await Cut(first, friend);

        Refused(409, "ownBargain", await Help(first, owner));
        Refused(409, "helpedOwnerOnProductBefore", await Help(second, friend));
        Assert.Equal(1, Expect(200, await Api.Get("/v1/me", friend))["helpsToday"].Whole("used"));
        await Cut(second, other);
        Assert.Equal(8_000, (await BargainOf(second)).Fen("priceFen"));
    }

    [ContractFact]
    public async Task A_shopper_helps_three_times_a_day()
    {
        await UntilMidnightIsFar();
        var campaignId = await Publish(Headcount(3));
        var friend = New("friend");
        foreach (var owner in New("owner", 3)) await Cut(await Start(campaignId, owner), friend);

        var refused = Refused(409, "dailyHelpLimitReached", await Help(await Start(campaignId, New("owner")), friend));
        Assert.Equal(3, refused.Fen("limit"));
        var today = Expect(200, await Api.Get("/v1/me", friend))["helpsToday"];
        Assert.Equal((3, 3), (today.Whole("used"), today.Whole("limit")));
        Assert.Equal(refused["resetsAt"].GetDateTimeOffset(), today.GetProperty("resetsAt").GetDateTimeOffset());
        // Midnight in Shanghai, which is eight hours ahead and knows no summer time.
        Assert.Equal(TimeSpan.FromHours(16), refused["resetsAt"].GetDateTimeOffset().TimeOfDay);
        Assert.InRange(refused["resetsAt"].GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromDays(1));
    }

    [ContractFact]
    public async Task Cuts_of_new_and_existing_shoppers_differ_as_the_campaign_says()
    {
        var campaignId = await Publish(Bargain(new { policy = "amounts", existing = new { minFen = 10, maxFen = 10 }, @new = new { minFen = 300, maxFen = 500 } }));
        var bargainId = await Start(campaignId, New("owner"));
        var (newcomer, declared) = (New("friend"), New("friend"));
        Assert.True(Expect(200, await Api.Get("/v1/me", newcomer))["newShopper"].GetBoolean());
        foreach (var _ in new[] { 1, 2 }) Assert.True(Expect(200, await Api.Put($"/v1/shoppers/{declared}", new { existing = true }))["existing"].GetBoolean());
        Assert.False(Expect(200, await Api.Get("/v1/me", declared))["newShopper"].GetBoolean());

        var fromNew = await Cut(bargainId, newcomer);
        var fromExisting = await Cut(bargainId, declared);
        Assert.True(fromNew["newShopper"].GetBoolean());
        Assert.InRange(fromNew.Fen("cutFen"), 300, 500);
        Assert.Equal((false, 10L), (fromExisting["newShopper"].GetBoolean(), fromExisting.Fen("cutFen")));
        Assert.False(Expect(200, await Api.Get("/v1/me", newcomer))["newShopper"].GetBoolean());
        var leftFen = fromExisting.Fen("remainingFen");
        Assert.Equal(((leftFen + 499) / 500, (leftFen + 9) / 10), (fromExisting["cutsNeeded"].Whole("least"), fromExisting["cutsNeeded"].Whole("most")));
    }

    [ContractFact]
    public async Task Every_cut_can_be_recomputed_once_the_seed_is_told()
    {
        var owner = New("owner");
        var offer = Bargain(new { policy = "headcount", helpers = 6, newShopperWeight = 2, minCutFen = 50 }).With("ownerCut", new { minFen = 100, maxFen = 900 });
        var bargainId = await Start(await Publish(offer), owner);
        var commitment = (await BargainOf(bargainId))["fairness"].Text("commitment");
        foreach (var friend in New("friend", 6))
        {
            Assert.False(Expect(200, await Api.Get($"/v1/bargains/{bargainId}/fairness")).Has("seed"));
            await Cut(bargainId, friend);
        }

        // Won: nothing is drawn any more.
        var fairness = Expect(200, await Api.Get($"/v1/bargains/{bargainId}/fairness"));
        Assert.Equal(commitment, fairness.Text("commitment"));
        var (checkedId, faults, cuts) = VerifyCommand.Check(fairness.Text);
        Assert.Empty(faults);
        Assert.Equal((bargainId, 7), (checkedId, cuts));
        Assert.NotEmpty(VerifyCommand.Check(fairness.Text.Replace("\"cutNumber\":3", "\"cutNumber\":4", StringComparison.Ordinal)).Faults);
    }

    [ContractFact]
    public async Task A_viewer_sees_the_bargain_at_once_at_every_change_and_at_its_end()
    {
        var (campaignId, owner) = (await Publish(Headcount(3)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        using var view = await Api.Watch($"/v1/bargains/{bargainId}/live");
        Assert.Equal((200, "text/event-stream"), (view.Status, view.MediaType));
        Assert.Equal(10_000, (await view.Next())!.Value.Whole("priceFen"));

        foreach (var friend in New("friend", 3))
        {
            // A viewer may skip what is over already, never what is true now.
            var priceFen = (await Cut(bargainId, friend)).Fen("priceFen");
            JsonElement? seen;
            do seen = await view.Next();
            while (seen!.Value.Whole("priceFen") > priceFen);
            Assert.Equal(priceFen, seen.Value.Whole("priceFen"));
        }

        Expect(201, await Claim(bargainId, owner));
        JsonElement? last = null;
        while (await view.Next() is { } seen) last = seen;
        Assert.Equal("claimed", last!.Value.Text("status"));
    }

    [ContractFact]
    public async Task A_share_link_tells_who_brought_whom_and_how_deep()
    {
        var (campaignId, owner) = (await Publish(Headcount(9)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        var (one, two, three) = (New("friend"), New("friend"), New("friend"));
        var link = Expect(200, await Api.Post($"/v1/bargains/{bargainId}/share", owner, new { channel = "wechat" }));
        Assert.Contains($"/b/{bargainId}?via=", link.Text("url"), StringComparison.Ordinal);

        Assert.Equal(1, (await Cut(bargainId, one, link.Text("token"))).Fen("depth"));
        var passedOn = Expect(200, await Api.Post($"/v1/bargains/{bargainId}/share", one, new { channel = "moments", via = link.Text("token") }));
        Assert.Equal(2, (await Cut(bargainId, two, passedOn.Text("token"))).Fen("depth"));
        // A token that is not good gives no attribution and does no harm.
        Assert.Equal(0, (await Cut(bargainId, three, "no-token")).Fen("depth"));
        await Start(campaignId, one, link.Text("token"));

        await Waiting.Until(async () =>
        {
            var fission = Expect(200, await Api.Get($"/v1/campaigns/{campaignId}/stats"))["fission"];
            return fission.Whole("startedByInvited") == 1 && fission.GetProperty("levels").EnumerateArray().Count(level => level.Whole("depth") is 1 or 2 && level.Whole("shoppers") == 1) == 2;
        }, "the figures know both levels and the bargain of one who was invited");
    }

    private Task<HttpReply> Claim(string bargainId, string owner) => Api.Post($"/v1/bargains/{bargainId}/claim", owner);

    private async Task<(long Held, long Sold, long Free)> Stock(string campaignId)
    {
        var stock = await Inventory(campaignId);
        return (stock.Whole("held"), stock.Whole("sold"), stock.Whole("free"));
    }
}
