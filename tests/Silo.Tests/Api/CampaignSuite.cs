using System.Text.Json;

namespace SocialCommerce.Silo.Tests.Api;

/// <summary>Campaigns: publish, steer, read, their figures and their events.</summary>
public abstract class CampaignSuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task A_campaign_is_published_with_every_default_filled_in()
    {
        var campaignId = New("campaign");
        var created = Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", Headcount(5)));
        Assert.Equal((campaignId, "published", 1), (created.Text("campaignId"), created.Text("status"), created.Fen("definitionVersion")));
        var read = Expect(200, await Api.Get($"/v1/campaigns/{campaignId}"));
        Assert.Equal((10_000, 0, 86_400, 86_400), (read.Fen("startPriceFen"), read.Fen("floorPriceFen"), read.Fen("durationSeconds"), read.Fen("claimWithinSeconds")));
        Assert.Equal(("CNY", "reserveAtStart", false), (read.Text("currency"), read.Text("stockPolicy"), read["buyBeforeFloor"].GetBoolean()));
        Assert.Equal(("headcount", 5, 1), (read["cut"].Text("policy"), read["cut"].Whole("helpers"), read["cut"].Whole("minCutFen")));
        Assert.Equal((100, 100), (read["inventory"].Whole("total"), read["inventory"].Whole("free")));

        var groupBuy = Expect(200, await Api.Get($"/v1/campaigns/{await Publish(GroupBuy(2))}"));
        Assert.Equal((900, 1, "anyone", "none"), (groupBuy.Fen("seatHoldSeconds"), groupBuy.Fen("unitsPerShopper"), groupBuy.Text("join"), groupBuy.Text("fill")));
        Refused(404, "campaignNotFound", await Api.Get($"/v1/campaigns/{New("nothing")}"));
    }

    [ContractFact]
    public async Task Every_fault_of_the_settings_is_named_at_once_and_nothing_is_made()
    {
        var campaignId = New("campaign");
        var offer = Bargain(new { policy = "headcount", helpers = "many" }).With("endsAt", "tomorrow").With("stock", -1).With("floorPriceFen", 10_000).With("product", new { id = "p" });
        var refused = Refused(400, "invalidCampaign", await Api.Put($"/v1/campaigns/{campaignId}", offer));
        Assert.Superset(new HashSet<string> { "cut.helpers", "endsAt", "stock", "floorPriceFen", "product.title" }, refused["errors"].EnumerateObject().Select(error => error.Name).ToHashSet());
        Refused(404, "campaignNotFound", await Api.Get($"/v1/campaigns/{campaignId}"));
    }

    [ContractFact]
    public async Task Many_who_publish_the_same_new_campaign_at_once_make_it_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var (campaignId, offer) = (New("campaign"), Headcount(3));
            var bad = new Offer("bargain").With("stock", -1);
            var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Api.Put($"/v1/campaigns/{campaignId}", n % 4 == 3 ? bad : offer)));

            foreach (var refused in replies.Where((_, n) => n % 4 == 3)) Refused(400, "invalidCampaign", refused);
            var accepted = replies.Where((_, n) => n % 4 != 3).ToList();
            Assert.Single(accepted, reply => reply.Status == 201);
            Assert.All(accepted.Where(reply => reply.Status != 201), reply => Assert.True(Expect(200, reply).Repeated));
        }
    }

    [ContractFact]
    public async Task What_runs_keeps_the_version_it_was_started_under()
    {
        var campaignId = New("campaign");
        var offer = Fixed(5_000);
        Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", offer));
        var running = await Start(campaignId, New("owner"));
        var edited = Expect(200, await Api.Put($"/v1/campaigns/{campaignId}", offer.With("cut", new { policy = "fixed", cutFen = 1_000 }).With("listPriceFen", 20_000)));
        Assert.Equal(2, edited.Fen("definitionVersion"));
        Assert.True(Expect(200, await Api.Put($"/v1/campaigns/{campaignId}", offer)).Repeated);

        Assert.Equal(5_000, (await Cut(running, New("friend"))).Fen("cutFen"));
        var started = await Start(campaignId, New("owner"));
        var cut = await Cut(started, New("friend"));
        Assert.Equal((1_000, 19_000), (cut.Fen("cutFen"), cut.Fen("priceFen")));
    }

    [ContractFact]
    public async Task A_draft_is_seen_by_operators_alone_until_it_is_published()
    {
        var campaignId = New("campaign");
        var offer = Headcount(2);
        Assert.Equal("draft", Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", offer.With("draft", true))).Text("status"));
        Expect(200, await Api.Get($"/v1/campaigns/{campaignId}"));
        Refused(404, "campaignNotFound", await Api.Get($"/v1/campaigns/{campaignId}", New("shopper"), ApiHost.ShopperKey));
        Refused(404, "campaignNotFound", await Api.Post($"/v1/campaigns/{campaignId}/bargains", New("owner"), new { }));
        foreach (var verb in new[] { "pause", "resume" }) Refused(409, "campaignNotPublished", await Api.Post($"/v1/campaigns/{campaignId}/{verb}"));

        offer.Remove("draft");
        Assert.Equal("published", Expect(200, await Api.Put($"/v1/campaigns/{campaignId}", offer)).Text("status"));
        Expect(200, await Api.Get($"/v1/campaigns/{campaignId}", New("shopper"), ApiHost.ShopperKey));
        await Start(campaignId, New("owner"));
    }

    [ContractFact]
    public async Task A_pause_stops_starts_cuts_and_joins_but_no_payments()
    {
        var (bargains, teams) = (await Publish(Headcount(3)), await Publish(GroupBuy(2)));
        var bargainId = await Start(bargains, New("owner"));
        var opened = await Open(teams, New("leader"));
        var teamId = opened.Text("teamId");
        foreach (var campaignId in new[] { bargains, teams })
        {
            Assert.Equal("paused", Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/pause")).Text("status"));
            Assert.True(Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/pause")).Repeated);
        }

        Refused(409, "campaignPaused", await Api.Post($"/v1/campaigns/{bargains}/bargains", New("owner"), new { }));
        Refused(409, "campaignPaused", await Help(bargainId, New("friend")));
        Refused(409, "campaignPaused", await Api.Post($"/v1/campaigns/{teams}/teams", New("leader"), new { }));
        Refused(409, "campaignPaused", await TryJoin(teamId, New("member")));
        Refused(409, "campaignPaused", await Api.Post($"/v1/campaigns/{teams}/purchases", New("shopper"), new { }));
        Assert.Equal("paid", (await Pay(teamId, opened["seat"].Text("seatId"))).Text("status"));

        foreach (var campaignId in new[] { bargains, teams }) Assert.Equal("published", Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/resume")).Text("status"));
        await Cut(bargainId, New("friend"));
        await Join(teamId, New("member"));
        Assert.Equal(["campaign.published", "campaign.paused", "campaign.resumed"], await TypesOf(teams, teams));
    }

    [ContractFact]
    public async Task A_closed_campaign_takes_nothing_new_and_what_runs_goes_on()
    {
        var (campaignId, owner) = (await Publish(Headcount(1)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        Assert.Equal("closed", Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/close")).Text("status"));
        Assert.True(Expect(200, await Api.Post($"/v1/campaigns/{campaignId}/close")).Repeated);

        Refused(409, "campaignClosed", await Api.Post($"/v1/campaigns/{campaignId}/bargains", New("owner"), new { }));
        Refused(409, "campaignClosed", await Api.Put($"/v1/campaigns/{campaignId}", Headcount(2)));
        foreach (var verb in new[] { "pause", "resume" }) Refused(409, "campaignClosed", await Api.Post($"/v1/campaigns/{campaignId}/{verb}"));
        Assert.Equal("won", (await Cut(bargainId, New("friend"))).Text("bargainStatus"));
        Expect(201, await Api.Post($"/v1/bargains/{bargainId}/claim", owner));
        foreach (var verb in new[] { "pause", "resume", "close" }) Refused(404, "campaignNotFound", await Api.Post($"/v1/campaigns/{New("nothing")}/{verb}"));
    }

    [ContractFact]
    public async Task Stock_is_raised_at_any_time_and_lowered_to_what_is_held_and_sold()
    {
        var campaignId = New("campaign");
        var offer = Headcount(2).With("stock", 2);
        Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", offer));
        foreach (var owner in New("owner", 2)) await Start(campaignId, owner);

        Refused(409, "stockBelowCommitted", await Api.Put($"/v1/campaigns/{campaignId}", offer.With("stock", 1)));
        Refused(409, "kindIsFixed", await Api.Put($"/v1/campaigns/{campaignId}", GroupBuy(2)));
        var raised = Expect(200, await Api.Put($"/v1/campaigns/{campaignId}", offer.With("stock", 3)));
        Assert.Equal((3, 2, 1), (raised["inventory"].Whole("total"), raised["inventory"].Whole("held"), raised["inventory"].Whole("free")));
        await Start(campaignId, New("owner"));
        Assert.Equal(0, (await Inventory(campaignId)).Whole("free"));
    }

    [ContractFact]
    public async Task Campaigns_are_listed_in_order_of_their_ids_page_by_page()
    {
        // Beside those of the other facts, which come and go meanwhile.
        string[] own = [.. (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Publish(Headcount(2))))).Order(StringComparer.Ordinal)];
        // The list is drawn from the feed, which may show them a moment later.
        var seen = await Waiting.Until(List, listed => own.All(listed.Contains), "the list has all three");

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(own, seen.Where(own.Contains));

        async Task<List<string>> List()
        {
            var listed = new List<string>();
            for (var after = ""; after is not null;)
            {
                var page = Expect(200, await Api.Get($"/v1/campaigns?limit=7&after={after}"));
                Assert.InRange(page.Items().Length, 0, 7);
                listed.AddRange(page.Items().Select(campaign => campaign.Text("campaignId")));
                after = page.Has("next") ? page.Text("next") : null;
            }

            return listed;
        }
    }

    [ContractFact]
    public async Task The_figures_of_a_campaign_add_up()
    {
        var (campaignId, owner) = (await Publish(Fixed(4_000)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        foreach (var friend in New("friend", 3)) await Cut(bargainId, friend);
        Expect(201, await Api.Post($"/v1/bargains/{bargainId}/claim", owner));

        var stats = await Waiting.Until(Stats, seen => seen["funnel"].TryGetProperty("bargain.claimed", out _), "the figures know the claim");
        Assert.Equal((1, 3, 1), (stats["funnel"].Whole("bargain.started"), stats["funnel"].Whole("bargain.cut"), stats["funnel"].Whole("bargain.won")));
        Assert.Equal((10_000, 0), (stats["money"].Whole("cutFen"), stats["money"].Whole("claimedFen")));
        Assert.Equal(4, stats["fission"].Whole("newShoppers"));
        Assert.Equal(3, stats.Items("hours").Sum(hour => hour.Whole("cuts")));
        Refused(404, "campaignNotFound", await Api.Get($"/v1/campaigns/{New("nothing")}/stats"));

        async Task<HttpReply> Stats() => Expect(200, await Api.Get($"/v1/campaigns/{campaignId}/stats"));
    }

    [ContractFact]
    public async Task The_feed_has_every_event_once_and_in_order_whatever_the_pages()
    {
        var (campaignId, owner) = (await Publish(Headcount(3)), New("owner"));
        var bargainId = await Start(campaignId, owner);
        foreach (var friend in New("friend", 3)) await Cut(bargainId, friend);

        var whole = await EventsOf(campaignId);
        Assert.Equal(whole.Count, whole.Select(happened => happened.Text("id")).Distinct().Count());
        var bargain = whole.Where(happened => happened.Text("subjectId") == bargainId).ToArray();
        Assert.Equal(["bargain.started", "bargain.cut", "bargain.cut", "bargain.cut", "bargain.won"], bargain.Select(happened => happened.Text("type")));
        Assert.Equal([1, 2, 3, 4, 5], bargain.Select(happened => happened.Whole("version")));
        Assert.Equal(10_000, bargain.Where(happened => happened.Text("type") == "bargain.cut").Sum(happened => happened.GetProperty("data").Whole("cutFen")));
        // The seed stays inside until the end.
        Assert.All(bargain, happened => Assert.False(happened.GetProperty("data").TryGetProperty("seed", out _)));

        var small = new List<string>();
        for (var after = ""; ;)
        {
            var page = Expect(200, await Api.Get($"/v1/events?limit=17&after={Uri.EscapeDataString(after)}"));
            if (page.Items().Length == 0) break;
            small.AddRange(page.Items().Where(happened => happened.Text("campaignId") == campaignId).Select(happened => happened.Text("id")));
            after = page.Text("next");
        }

        Assert.Equal(whole.Select(happened => happened.Text("id")), small);
        var errors = Refused(400, "malformed", await Api.Get("/v1/events?limit=0&after=nonsense"))["errors"];
        Assert.True(errors.TryGetProperty("after", out _));
        Assert.True(errors.TryGetProperty("limit", out _));
    }

    /// <summary>Shoppers whom the shop declares are no public event; a list of customers that was taken over is a long stretch of nothing.</summary>
    [ContractFact]
    public async Task What_comes_after_a_list_of_declared_shoppers_is_in_the_feed()
    {
        await Parallel.ForEachAsync(New("customer", 600), async (shopper, _) => Expect(200, await Api.Put($"/v1/shoppers/{shopper}", new { existing = true })));

        var campaignId = await Publish(Headcount(3));

        Assert.Equal(["campaign.published"], (await EventsOf(campaignId)).Select(happened => happened.Text("type")));
    }

    [ContractFact]
    public async Task Who_waits_for_the_feed_is_answered_as_soon_as_something_happens()
    {
        var campaignId = await Publish(Headcount(3));
        var end = "";
        for (HttpReply page; (page = Expect(200, await Api.Get($"/v1/events?limit=200&after={Uri.EscapeDataString(end)}"))).Items().Length > 0;) end = page.Text("next");

        var heard = Hear();
        var bargainId = await Start(campaignId, New("owner"));
        Assert.Equal(bargainId, await heard.WaitAsync(Waiting.Patience));

        // What other facts have left behind may come between, and the campaign itself where the feed shows it a moment later.
        async Task<string> Hear()
        {
            const int WaitSeconds = 30;
            while (true)
            {
                var asked = TimeProvider.System.GetTimestamp();
                var page = Expect(200, await Api.Get($"/v1/events?wait={WaitSeconds}&after={Uri.EscapeDataString(end)}"));
                Assert.True(page.Items().Length > 0 || TimeProvider.System.GetElapsedTime(asked).TotalSeconds >= WaitSeconds, "answered with nothing before the wait was over");
                foreach (var happened in page.Items().Where(happened => happened.Text("campaignId") == campaignId && happened.Text("subjectId") != campaignId)) return happened.Text("subjectId");
                end = page.Text("next");
            }
        }
    }
}
