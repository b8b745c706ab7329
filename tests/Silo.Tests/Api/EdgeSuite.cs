using System.Net.Http.Headers;

namespace SocialCommerce.Silo.Tests.Api;

/// <summary>What holds for every request: keys, credentials, forms, and what the process says of itself.</summary>
public abstract class EdgeSuite(ApiHost host) : ApiSuite(host)
{
    [ContractFact]
    public async Task The_same_key_gets_the_first_answer_and_another_content_is_refused()
    {
        var (campaignId, leader, key) = (await Publish(GroupBuy(3).With("unitsPerShopper", 5)), New("leader"), New("key"));
        var (teams, purchases) = ($"/v1/campaigns/{campaignId}/teams", $"/v1/campaigns/{campaignId}/purchases");
        var team = Expect(201, await Api.Post(teams, leader, new { }, key));
        Repeated(team, await Api.Post(teams, leader, new { }, key));
        Refused(422, "idempotencyKeyReused", await Api.Post(teams, leader, new { via = "x" }, key));
        Refused(422, "idempotencyKeyReused", await Api.Post(purchases, leader, new { }, key));
        // Another shopper's key is another key.
        Assert.NotEqual(team.Text("teamId"), Expect(201, await Api.Post(teams, New("leader"), new { }, key)).Text("teamId"));
        Assert.Equal(2, (await Inventory(campaignId)).Whole("held"));

        var bought = Expect(201, await Api.Post(purchases, leader, new { }, key + "-2"));
        Repeated(bought, await Api.Post(purchases, leader, new { }, key + "-2"));
    }

    [ContractFact]
    public async Task A_key_that_a_start_and_a_cut_were_sent_with_stays_good_when_all_is_over()
    {
        var (campaignId, owner, friend, key) = (await Publish(Headcount(1)), New("owner"), New("friend"), New("key"));
        var started = Expect(201, await Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { }, key));
        var bargainId = started.Text("bargainId");
        var cut = Expect(201, await Help(bargainId, friend, key: key));
        Expect(201, await Api.Post($"/v1/bargains/{bargainId}/claim", owner));

        Repeated(started, await Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { }, key));
        Repeated(cut, await Help(bargainId, friend, key: key));
        Refused(422, "idempotencyKeyReused", await Help(bargainId, friend, via: "x", key: key));
    }

    [ContractFact]
    public async Task A_campaign_that_is_put_twice_under_a_key_is_one_version()
    {
        var (campaignId, key) = (New("campaign"), New("key"));
        var offer = Headcount(2);
        var first = Expect(201, await Api.Put($"/v1/campaigns/{campaignId}", offer, key));
        var again = Expect(200, await Api.Put($"/v1/campaigns/{campaignId}", offer, key));
        Assert.True(again.Repeated);
        Assert.Equal(first.Fen("definitionVersion"), again.Fen("definitionVersion"));
        Refused(422, "idempotencyKeyReused", await Api.Put($"/v1/campaigns/{campaignId}", offer.With("stock", 7), key));
    }

    [ContractFact]
    public async Task Of_the_same_request_sent_many_times_at_once_one_is_the_first()
    {
        var (campaignId, owner) = (await Publish(Headcount(20)), New("owner"));
        var starts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { })));
        Assert.Single(starts, start => start.Status == 201);
        Assert.Equal(5, starts.Count(start => start is { Status: 200, Repeated: true }));
        var bargainId = Assert.Single(starts.Select(start => start.Text("bargainId")).Distinct());

        var friends = New("friend", 5);
        var cuts = await Task.WhenAll(friends.SelectMany(friend => Enumerable.Repeat(friend, 4)).Select(friend => Help(bargainId, friend)));
        foreach (var friend in friends)
        {
            var own = cuts.Where(cut => cut.Text("helperId") == friend).ToArray();
            Assert.Single(own, cut => cut.Status == 201);
            Assert.Single(own.Select(cut => cut.Text).Distinct());
        }

        var bargain = await BargainOf(bargainId);
        Assert.Equal((5, 10_000 - cuts.Where(cut => cut.Status == 201).Sum(cut => cut.Fen("cutFen"))), (bargain.Fen("cutCount"), bargain.Fen("priceFen")));
    }

    [ContractFact]
    public async Task A_malformed_request_is_answered_with_every_field_at_fault()
    {
        var payment = Refused(400, "malformed", await Api.Post("/v1/teams/no%20id/seats/s-1/payment", body: new { paymentId = 7, amountFen = "much" }));
        Assert.Equal(["amountFen", "paymentId", "teamId"], payment["errors"].EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        var cuts = Refused(400, "malformed", await Api.Get("/v1/bargains/b-1/cuts?limit=0&after=-1"));
        Assert.Equal(["after", "limit"], cuts["errors"].EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.True(Refused(400, "malformed", await Api.Post("/v1/bargains/b-1/cuts"))["errors"].TryGetProperty("X-User-Id", out _));
        Assert.True(Refused(400, "malformed", await Api.Put($"/v1/shoppers/{New("shopper")}", new { existing = false }))["errors"].TryGetProperty("existing", out _));
    }

    [ContractFact]
    public async Task What_is_no_request_of_this_api_is_refused_as_what_it_is()
    {
        Refused(404, "notFound", await Api.Get("/v1/nothing"));
        var wrong = Refused(405, "methodNotAllowed", await Api.Delete("/v1/campaigns", null));
        Assert.Contains("GET", wrong.Headers["Allow"], StringComparison.Ordinal);
        Refused(415, "notJson", await Raw(new StringContent("via=x", MediaTypeHeaderValue.Parse("text/plain"))));
        Refused(413, "bodyTooLarge", await Raw(new StringContent($$"""{"via":"{{new string('x', 70_000)}}"}""", MediaTypeHeaderValue.Parse("application/json"))));
        Refused(400, "malformed", await Raw(new StringContent("{\"via\":", MediaTypeHeaderValue.Parse("application/json"))));

        Task<HttpReply> Raw(HttpContent content)
        {
            var request = Api.Request(HttpMethod.Post, "/v1/bargains/b-1/cuts", New("friend"));
            request.Content = content;
            return Api.Send(request);
        }
    }

    [ContractFact]
    public async Task Nobody_is_let_in_without_credentials_or_beyond_their_scope()
    {
        var (campaignId, owner) = (await Publish(Headcount(2)), New("owner"));
        var start = $"/v1/campaigns/{campaignId}/bargains";
        var stranger = Refused(401, "unauthenticated", await Api.Post(start, owner, new { }, apiKey: null));
        Assert.StartsWith("Bearer", stranger.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Refused(401, "unauthenticated", await Api.Post(start, owner, new { }, apiKey: "no-key"));

        var bargainId = Expect(201, await Api.Post(start, owner, new { }, apiKey: ApiHost.ShopperKey)).Text("bargainId");
        Refused(403, "forbidden", await Api.Put($"/v1/campaigns/{campaignId}", Headcount(2), apiKey: ApiHost.ShopperKey));
        Refused(403, "forbidden", await Api.Get("/v1/events", apiKey: ApiHost.ShopperKey));
        Refused(403, "forbidden", await Api.Post($"/v1/campaigns/{campaignId}/pause", apiKey: ApiHost.ShopperKey));
        Refused(403, "forbidden", await Api.Post("/v1/teams/t-1/seats/s-1/payment", body: new { paymentId = "p", amountFen = 1 }, apiKey: ApiHost.ShopperKey));
        // Without naming a shopper it would be the operator's cancellation.
        Refused(400, "malformed", await Api.Post($"/v1/bargains/{bargainId}/cancel", apiKey: ApiHost.ShopperKey));
        Assert.Equal("open", (await BargainOf(bargainId)).Text("status"));
    }

    [ContractFact]
    public async Task The_process_tells_of_its_health_and_counts()
    {
        var bargainId = await Start(await Publish(Headcount(2)), New("owner"));
        await Cut(bargainId, New("friend"));
        foreach (var address in Api.Addresses)
        {
            using var one = new ShopApi([address]);
            Assert.Equal("live", Expect(200, await one.Get("/health/live", apiKey: null)).Text("status"));
            Assert.Equal("ready", (await Ready(one)).Text("status"));
            var metrics = Expect(200, await one.Get("/metrics", apiKey: null));
            Assert.Equal("text/plain", metrics.MediaType);
            Assert.Contains("http_server_request_duration_seconds", metrics.Text, StringComparison.Ordinal);
        }

        // What a proxy passes on is not the operator of this machine.
        var passedOn = Api.Request(HttpMethod.Get, "/metrics");
        passedOn.Headers.Add("X-Forwarded-For", "203.0.113.7");
        Refused(404, "notFound", await Api.Send(passedOn));
    }

    [ContractFact]
    public async Task The_contract_is_there_to_be_read()
    {
        var contract = Expect(200, await Api.Get("/openapi/v1.json", apiKey: null));
        string[] paths =
        [
            "/v1/campaigns", "/v1/campaigns/{campaignId}", "/v1/campaigns/{campaignId}/pause", "/v1/campaigns/{campaignId}/resume", "/v1/campaigns/{campaignId}/close",
            "/v1/campaigns/{campaignId}/stats", "/v1/campaigns/{campaignId}/bargains", "/v1/campaigns/{campaignId}/teams", "/v1/campaigns/{campaignId}/purchases",
            "/v1/bargains/{bargainId}", "/v1/bargains/{bargainId}/cuts", "/v1/bargains/{bargainId}/live", "/v1/bargains/{bargainId}/claim",
            "/v1/bargains/{bargainId}/cancel", "/v1/bargains/{bargainId}/fairness", "/v1/bargains/{bargainId}/share",
            "/v1/teams/{teamId}", "/v1/teams/{teamId}/live", "/v1/teams/{teamId}/seats", "/v1/teams/{teamId}/seats/{seatId}",
            "/v1/teams/{teamId}/seats/{seatId}/payment", "/v1/teams/{teamId}/seats/{seatId}/refund", "/v1/teams/{teamId}/share",
            "/v1/purchases/{purchaseId}/payment", "/v1/me", "/v1/shoppers/{shopperId}", "/v1/events",
        ];
        Assert.Superset(paths.ToHashSet(), contract["paths"].EnumerateObject().Select(path => path.Name).ToHashSet());
        Assert.Equal("text/html", Expect(200, await Api.Get("/docs", apiKey: null)).MediaType);
    }
}
