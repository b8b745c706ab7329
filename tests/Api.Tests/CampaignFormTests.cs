namespace SocialCommerce.Api.Tests;

/// <summary>How the settings of a campaign are read.</summary>
public sealed class CampaignFormTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Every_setting_of_a_bargain_is_read()
    {
        var read = await Put("""
            {"kind":"bargain","product":{"id":"sku-1","title":"电饭煲","imageUrl":"https://x.example/a.png"},"currency":"USD",
             "startsAt":"2026-03-01T08:00:00+08:00","endsAt":"2026-03-08T00:00:00.250Z","stock":100,"durationSeconds":3600,
             "listPriceFen":19900,"startPriceFen":18000,"floorPriceFen":100,"ownerCut":{"minFen":5,"maxFen":9},"stockPolicy":"claimAtWin",
             "startsPerShopper":2,"claimWithinSeconds":60,"buyBeforeFloor":true,
             "cut":{"policy":"headcount","helpers":15,"minCutFen":2,"newShopperWeight":1.5},"draft":true}
            """);
        Assert.Empty(read.FormFaults);
        Assert.True(read.Draft);
        var expected = new CampaignDefinition
        {
            Kind = CampaignKind.Bargain,
            Product = new Product { Id = "sku-1", Title = "电饭煲", ImageUrl = "https://x.example/a.png" },
            Currency = "USD",
            StartsAt = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
            EndsAt = new DateTimeOffset(2026, 3, 8, 0, 0, 0, 250, TimeSpan.Zero),
            Stock = 100,
            DurationSeconds = 3600,
            ListPriceFen = 19_900,
            StartPriceFen = 18_000,
            FloorPriceFen = 100,
            OwnerCut = new FenRange { MinFen = 5, MaxFen = 9 },
            StockPolicy = StockPolicy.ClaimAtWin,
            StartsPerShopper = 2,
            ClaimWithinSeconds = 60,
            BuyBeforeFloor = true,
            Cut = new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = 15, MinCutFen = 2, NewShopperWeight = 1.5m },
            Tiers = read.Definition.Tiers,
        };
        Assert.Equal(expected, read.Definition);
        Assert.Empty(read.Definition.Tiers);
    }

    [Fact]
    public async Task Every_setting_of_a_group_buy_is_read()
    {
        var read = await Put("""
            {"kind":"groupBuy","soloPriceFen":9900,"teamPriceFen":6900,"teamSize":3,"tiers":[{"size":3,"priceFen":6900},{"size":10,"priceFen":5900}],
             "seatHoldSeconds":600,"unitsPerShopper":2,"join":"invitedOnly","fill":{"whenAtLeast":{"members":2}},"leaderDiscountFen":100}
            """);
        Assert.Empty(read.FormFaults);
        var definition = read.Definition;
        Assert.Equal([new Tier { Size = 3, PriceFen = 6_900 }, new Tier { Size = 10, PriceFen = 5_900 }], definition.Tiers.ToArray());
        Assert.Equal((9_900L, 6_900L, 3, 600, 2, JoinPolicy.InvitedOnly, 2, 100L),
            (definition.SoloPriceFen, definition.TeamPriceFen, definition.TeamSize, definition.SeatHoldSeconds, definition.UnitsPerShopper, definition.Join, definition.FillWhenAtLeast, definition.LeaderDiscountFen));
    }

    [Fact]
    public async Task The_other_cut_policies_are_read()
    {
        var amounts = await Put("""{"kind":"bargain","cut":{"policy":"amounts","existing":{"minFen":10,"maxFen":10},"new":{"minFen":300,"maxFen":500}}}""");
        Assert.Equal(new CutPolicy { Policy = CutPolicyKind.Amounts, Existing = new FenRange { MinFen = 10, MaxFen = 10 }, New = new FenRange { MinFen = 300, MaxFen = 500 } }, amounts.Definition.Cut);
        var set = await Put("""{"kind":"bargain","cut":{"policy":"fixed","cutFen":50}}""");
        Assert.Equal(new CutPolicy { Policy = CutPolicyKind.Fixed, CutFen = 50 }, set.Definition.Cut);
    }

    [Theory]
    [InlineData("\"none\"", null)]
    [InlineData("null", null)]
    [InlineData("{\"whenAtLeast\":{\"members\":4}}", 4)]
    [InlineData("{\"whenAtLeast\":4}", 4)]
    [InlineData("{\"policy\":\"whenAtLeast\",\"members\":4}", 4)]
    [InlineData("{\"policy\":\"none\"}", null)]
    public async Task Filling_is_said_in_several_ways(string fill, int? members)
    {
        var read = await Put("{\"kind\":\"groupBuy\",\"fill\":" + fill + "}");
        Assert.Empty(read.FormFaults);
        Assert.Equal(members, read.Definition.FillWhenAtLeast);
    }

    [Theory]
    [InlineData("\"kind\":\"raffle\"", "kind")]
    [InlineData("\"kind\":\"Bargain\"", "kind")]
    [InlineData("\"kind\":1", "kind")]
    [InlineData("\"stock\":1.5", "stock")]
    [InlineData("\"stock\":3000000000", "stock")]
    [InlineData("\"stock\":\"1\"", "stock")]
    [InlineData("\"endsAt\":\"tomorrow\"", "endsAt")]
    [InlineData("\"endsAt\":\"2030-01-01\"", "endsAt")]
    [InlineData("\"endsAt\":\"2030-01-01T00:00:00\"", "endsAt")]
    [InlineData("\"endsAt\":\"2030-02-30T00:00:00Z\"", "endsAt")]
    [InlineData("\"endsAt\":1893456000", "endsAt")]
    [InlineData("\"endsAt\":\"9999-12-31T23:59:59-14:00\"", "endsAt")]
    [InlineData("\"product\":\"x\"", "product")]
    [InlineData("\"product\":{\"id\":7}", "product.id")]
    [InlineData("\"cut\":[]", "cut")]
    [InlineData("\"cut\":{\"policy\":\"magic\"}", "cut.policy")]
    [InlineData("\"cut\":{\"policy\":\"headcount\",\"helpers\":1.5}", "cut.helpers")]
    [InlineData("\"cut\":{\"policy\":\"headcount\",\"newShopperWeight\":\"x\"}", "cut.newShopperWeight")]
    [InlineData("\"cut\":{\"policy\":\"headcount\",\"newShopperWeight\":1e400}", "cut.newShopperWeight")]
    [InlineData("\"cut\":{\"policy\":\"amounts\",\"new\":{\"minFen\":\"x\"}}", "cut.new.minFen")]
    [InlineData("\"buyBeforeFloor\":\"yes\"", "buyBeforeFloor")]
    [InlineData("\"draft\":\"yes\"", "draft")]
    [InlineData("\"tiers\":{}", "tiers")]
    [InlineData("\"tiers\":[{\"size\":2}]", "tiers[0].priceFen")]
    [InlineData("\"tiers\":[{\"size\":2,\"priceFen\":1},{\"size\":\"3\",\"priceFen\":0}]", "tiers[1].size")]
    [InlineData("\"fill\":\"always\"", "fill")]
    [InlineData("\"fill\":3", "fill")]
    [InlineData("\"fill\":{}", "fill.whenAtLeast")]
    [InlineData("\"fill\":{\"whenAtLeast\":{}}", "fill.whenAtLeast.members")]
    [InlineData("\"fill\":{\"policy\":\"sometimes\"}", "fill.policy")]
    [InlineData("\"join\":\"none\"", "join")]
    [InlineData("\"stockPolicy\":\"whenever\"", "stockPolicy")]
    public async Task What_can_not_be_read_is_named(string member, string field)
        => Assert.Equal(field, Assert.Single((await Put("{" + member + "}")).FormFaults).Field);

    [Theory]
    [InlineData("")]
    [InlineData("{\"stock\":1,\"stock\":2}")]
    [InlineData("[")]
    public async Task A_body_that_can_not_be_read_at_all_never_gets_to_the_rules(string body)
    {
        if (body.Length == 0) Assert.Equal(201, (await _edge.Send("PUT", "/v1/campaigns/c-1")).Code);
        else
        {
            (await _edge.Send("PUT", "/v1/campaigns/c-1", body)).Problem(400, "malformed");
            Assert.Empty(_edge.Grains.Requests);
        }
    }

    private async Task<PublishCampaign> Put(string body)
    {
        var before = _edge.Grains.Requests.Count;
        await _edge.Send("PUT", "/v1/campaigns/c-1", body);
        return Assert.IsType<PublishCampaign>(Assert.Single(_edge.Grains.Requests.Skip(before)));
    }
}
