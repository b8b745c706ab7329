namespace SocialCommerce.Api.Tests;

/// <summary>What answers look like, member by member: outsiders build on it.</summary>
public sealed class ShapeTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task A_bargain_has_its_shape()
    {
        var answer = await _edge.Send("GET", "/v1/bargains/b-1");
        Assert.Equal((200, "application/json"), (answer.Code, answer.MediaType));
        Has(answer.Json, "bargainId", "campaignId", "product", "ownerId", "status", "startPriceFen", "floorPriceFen", "priceFen", "remainingFen", "cutCount",
            "cutsNeeded", "startedAt", "expiresAt", "version", "fairness", "currency");
        Assert.Equal("open", answer.Json.GetProperty("status").GetString());
        Assert.Equal(Samples.AtText, answer.Json.GetProperty("startedAt").GetString());
        Assert.Equal(15_000, answer.Json.GetProperty("priceFen").GetInt64());
        Has(answer.Json.GetProperty("cutsNeeded"), "least", "most");
        Has(answer.Json.GetProperty("fairness"), "commitment");
        Has(answer.Json.GetProperty("product"), "id", "title");

        // Readable as it is sent, not only after unescaping.
        Assert.Contains("电饭煲", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_bargain_has_its_ends()
    {
        _edge.Grains.GetBargain = id => Task.FromResult<BargainView?>(
            Samples.Bargain(id) with { Status = BargainStatus.SoldOut, EndedAt = Samples.At, ClaimBefore = Samples.At, ClaimId = "cl-1", StockLeft = 4 });
        var bargain = (await _edge.Send("GET", "/v1/bargains/b-1")).Json;
        Assert.Equal("soldOut", bargain.GetProperty("status").GetString());
        Assert.Equal(Samples.AtText, bargain.GetProperty("endedAt").GetString());
        Assert.Equal(Samples.AtText, bargain.GetProperty("claimBefore").GetString());
        Assert.Equal("cl-1", bargain.GetProperty("claimId").GetString());
        Assert.Equal(4, bargain.GetProperty("stockLeft").GetInt32());
    }

    // The answer to a help is written by hand; lists and the document's schema come from the serializer.
    [Theory]
    [InlineData(BargainStatus.None)]
    [InlineData(BargainStatus.Open)]
    [InlineData(BargainStatus.Won)]
    [InlineData(BargainStatus.Claimed)]
    [InlineData(BargainStatus.Lapsed)]
    [InlineData(BargainStatus.Expired)]
    [InlineData(BargainStatus.SoldOut)]
    [InlineData(BargainStatus.Cancelled)]
    public void A_cut_is_written_by_hand_as_by_the_serializer(BargainStatus status)
    {
        foreach (var today in new[] { null, new HelpsToday { Used = 2, Limit = 3, ResetsAt = Samples.At.AddHours(7) } })
        {
            var receipt = new CutReceipt
            {
                BargainId = "b_\"<电饭煲>",
                HelperId = "bob & co",
                CutNumber = 7,
                CutFen = 312,
                PriceFen = long.MaxValue,
                RemainingFen = -1,
                CutsNeeded = new CutsNeeded { Least = 3, Most = 9 },
                NewShopper = today is null,
                Depth = 2,
                At = Samples.At.ToOffset(TimeSpan.FromHours(8)),
                BargainStatus = status,
                HelpsToday = today,
            };
            Assert.Equal(Written(receipt, JsonAnswer.ToBytes(receipt, ApiJson.Default.CutReceipt)), Written(receipt, JsonAnswer.ToBytes(json => CutReceiptJson.Write(json, receipt))));
        }

        static string Written(CutReceipt receipt, byte[] json) => $"{receipt.BargainStatus} {System.Text.Encoding.UTF8.GetString(json)}";
    }

    [Fact]
    public async Task A_cut_has_its_shape()
    {
        var answer = await _edge.Send("POST", "/v1/bargains/b-1/cuts", "{}");
        Assert.Equal(201, answer.Code);
        Has(answer.Json, "bargainId", "helperId", "cutNumber", "cutFen", "priceFen", "remainingFen", "cutsNeeded", "newShopper", "depth", "at", "bargainStatus", "helpsToday");
        Has(answer.Json.GetProperty("helpsToday"), "used", "limit", "resetsAt");
        Assert.Equal("bob", answer.Json.GetProperty("helperId").GetString());
    }

    [Fact]
    public async Task A_claim_has_its_shape()
    {
        var answer = await _edge.Send("POST", "/v1/bargains/b-1/claim", """{"atCurrentPrice":true}""", shopper: "alice");
        Assert.Equal(201, answer.Code);
        Has(answer.Json, "claimId", "bargainId", "priceFen", "at");
        var request = _edge.Grains.Only<ClaimBargain>();
        Assert.Equal(("alice", true), (request.ShopperId, request.AtCurrentPrice));
    }

    [Fact]
    public async Task A_team_has_its_shape_and_my_seat()
    {
        var opened = await _edge.Send("POST", "/v1/campaigns/c-2/teams");
        Assert.Equal(201, opened.Code);
        Has(opened.Json, "teamId", "campaignId", "leaderId", "status", "size", "paid", "held", "free", "priceFen", "openedAt", "expiresAt", "seats", "version",
            "product", "currency", "join", "tiers", "seat");
        Has(opened.Json.GetProperty("seat"), "seatId", "teamId", "shopperId", "status", "priceFen", "holdExpiresAt", "depth");
        var read = await _edge.Send("GET", "/v1/teams/t-1");
        Has(read.Json, "teamId", "campaignId", "leaderId", "status", "size", "paid", "held", "free", "priceFen", "openedAt", "expiresAt", "seats", "version",
            "product", "currency", "join", "tiers");
        Assert.Equal("invitedOnly", read.Json.GetProperty("join").GetString());
    }

    [Fact]
    public async Task A_refunded_seat_has_its_refund()
    {
        _edge.Grains.RefundSeat = (_, _) => Task.FromResult(new SeatChangeReply
        {
            Outcome = Outcome.Done,
            Seat = Samples.Seat() with { Status = SeatStatus.Refunded, Refund = new RefundView { Reason = "teamFailed", RequestedAt = Samples.At, ConfirmedAt = Samples.At } },
        });
        var answer = await _edge.Send("POST", "/v1/teams/t-1/seats/s-1/refund", """{"refundId":"r-1"}""");
        Assert.Equal(200, answer.Code);
        Assert.Equal("refunded", answer.Json.GetProperty("status").GetString());
        Has(answer.Json.GetProperty("refund"), "reason", "requestedAt", "confirmedAt", "amountFen");
        Assert.Equal(("s-1", "r-1"), (_edge.Grains.Only<RefundConfirmation>().SeatId, _edge.Grains.Only<RefundConfirmation>().RefundId));
    }

    [Fact]
    public async Task A_purchase_has_its_shape()
    {
        var answer = await _edge.Send("POST", "/v1/campaigns/c-2/purchases");
        Assert.Equal(201, answer.Code);
        Has(answer.Json, "purchaseId", "campaignId", "shopperId", "status", "priceFen", "holdExpiresAt", "version");
    }

    [Fact]
    public async Task A_bargain_campaign_has_its_settings_flat_and_its_stock_as_a_number()
    {
        var campaign = (await _edge.Send("GET", "/v1/campaigns/c-1")).Json;
        Has(campaign, "campaignId", "status", "version", "definitionVersion", "kind", "product", "currency", "startsAt", "endsAt", "stock", "durationSeconds",
            "listPriceFen", "startPriceFen", "floorPriceFen", "cut", "stockPolicy", "claimWithinSeconds", "buyBeforeFloor", "inventory");
        Assert.Equal(100, campaign.GetProperty("stock").GetInt32());
        Assert.Equal("""{"total":100,"held":5,"sold":20,"free":75}""", campaign.GetProperty("inventory").GetRawText());
        Assert.Equal("""{"policy":"headcount","helpers":15,"minCutFen":1,"newShopperWeight":2}""", campaign.GetProperty("cut").GetRawText());
        Assert.Equal("reserveAtStart", campaign.GetProperty("stockPolicy").GetString());
    }

    [Fact]
    public async Task A_group_buy_campaign_says_how_teams_fill()
    {
        _edge.Grains.GetCampaign = id => Task.FromResult<CampaignView?>(Samples.GroupBuy(id));
        var campaign = (await _edge.Send("GET", "/v1/campaigns/c-2")).Json;
        Assert.Equal("""{"whenAtLeast":{"members":2}}""", campaign.GetProperty("fill").GetRawText());
        Assert.Equal("""[{"size":3,"priceFen":6900},{"size":10,"priceFen":5900}]""", campaign.GetProperty("tiers").GetRawText());
        Assert.Equal("newShoppersOnly", campaign.GetProperty("join").GetString());

        _edge.Grains.GetCampaign = id => Task.FromResult<CampaignView?>(Samples.GroupBuy(id) with { Definition = Samples.GroupBuy(id).Definition with { FillWhenAtLeast = null } });
        campaign = (await _edge.Send("GET", "/v1/campaigns/c-2")).Json;
        Assert.Equal("none", campaign.GetProperty("fill").GetString());
    }

    [Fact]
    public async Task An_event_has_its_data_as_an_object_and_the_feed_always_its_cursor()
    {
        var feed = (await _edge.Send("GET", "/v1/events")).Json;
        var happened = Assert.Single(feed.GetProperty("items").EnumerateArray());
        Has(happened, "id", "type", "occurredAt", "campaignId", "subjectId", "version", "data");
        Assert.Equal(Samples.Event().Data, happened.GetProperty("data").GetRawText());
        Assert.Equal("7", feed.GetProperty("next").GetString());
    }

    [Fact]
    public async Task Lists_have_items_and_a_cursor_until_the_end()
    {
        var cuts = (await _edge.Send("GET", "/v1/bargains/b-1/cuts?after=2&limit=7")).Json;
        Has(cuts, "items", "next");
        Assert.Equal((2, 7), (_edge.Grains.Only<CutsQuery>().After, _edge.Grains.Only<CutsQuery>().Limit));
        _edge.Grains.Cuts = (_, _) => Task.FromResult<CutPage?>(new CutPage());
        Has((await _edge.Send("GET", "/v1/bargains/b-1/cuts")).Json, "items");

        Has((await _edge.Send("GET", "/v1/campaigns?after=c-0")).Json, "items", "next");
        Assert.Equal(("c-0", 50, true), (_edge.Grains.Only<CampaignsQuery>().After, _edge.Grains.Only<CampaignsQuery>().Limit, _edge.Grains.Only<CampaignsQuery>().Drafts));
        var teams = (await _edge.Send("GET", "/v1/campaigns/c-2/teams?open=true")).Json;
        Has(Assert.Single(teams.GetProperty("items").EnumerateArray()), "teamId", "leaderId", "size", "paid", "held", "free", "priceFen", "expiresAt");
    }

    [Fact]
    public async Task The_rest_has_its_shapes()
    {
        Has((await _edge.Send("GET", "/v1/me")).Json, "shopperId", "newShopper", "helpsToday", "bargains", "teams");
        Has((await _edge.Send("GET", "/v1/bargains/b-1/fairness")).Json, "bargainId", "commitment", "policy", "startPriceFen", "floorPriceFen", "draws");
        Has((await _edge.Send("GET", "/v1/campaigns/c-1/stats")).Json, "campaignId", "funnel", "money", "fission", "hours", "upTo");
        var declared = await _edge.Send("PUT", "/v1/shoppers/carol", """{"existing":true}""");
        Assert.Equal("""{"shopperId":"carol","existing":true}""", declared.Body);
        Assert.Null(_edge.Grains.Only<DeclareShopper>().RequestKey);
    }

    [Theory]
    [InlineData("/v1/bargains/b-1/share", "/b/b-1?via=to%2Bken")]
    [InlineData("/v1/teams/t-1/share", "/t/t-1?via=to%2Bken")]
    public async Task A_share_link_leads_to_the_page(string path, string expected)
    {
        var answer = await _edge.Send("POST", path, """{"channel":"wechat","via":"v"}""");
        Assert.Equal(200, answer.Code);
        Assert.Equal("to+ken", answer.Json.GetProperty("token").GetString());
        Assert.Equal(new Uri(_edge.Address, expected).AbsoluteUri, answer.Json.GetProperty("url").GetString());
        var request = _edge.Grains.Only<ShareRequest>();
        Assert.Equal(("bob", "wechat", "v"), (request.ShopperId, request.Channel, request.Via));
    }

    [Fact]
    public async Task A_share_link_begins_with_the_public_address()
    {
        await using var edge = await EdgeHost.Start(new() { ["Api:PublicBaseUrl"] = "https://deals.shop.example/x/" });
        var answer = await edge.Send("POST", "/v1/bargains/b-1/share");
        Assert.Equal("https://deals.shop.example/x/b/b-1?via=to%2Bken", answer.Json.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Answers_are_not_stored_and_not_guessed_at()
    {
        var answer = await _edge.Send("GET", "/v1/bargains/b-1");
        Assert.Equal(("no-store", "nosniff"), (answer.Headers["Cache-Control"], answer.Headers["X-Content-Type-Options"]));
        Assert.False(answer.Headers.ContainsKey("Server"));
    }

    private static void Has(JsonElement json, params string[] members)
        => Assert.Equal(members.Order(StringComparer.Ordinal), json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
}
