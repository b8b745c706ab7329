using System.Buffers;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;

namespace SocialCommerce.Api.Tests;

/// <summary>Every status of the contract, provoked; and the one table behind them.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public void Every_refusal_of_every_contract_has_its_problem()
    {
        var refusals = typeof(CutRefusal).Assembly.GetTypes().Where(type => type.IsEnum && type.Name.EndsWith("Refusal", StringComparison.Ordinal)).ToList();
        Assert.Equal(7, refusals.Count);
        foreach (var name in refusals.SelectMany(type => Enum.GetNames(type)).Where(name => name != "None").Distinct())
        {
            var code = JsonNamingPolicy.CamelCase.ConvertName(name);
            var problem = Problems.Of(code);
            Assert.Equal(code, problem.Code);
            var expected = code switch
            {
                "invalidCampaign" => 400,
                "notTheOwner" or "notYourSeat" => 403,
                _ when code.EndsWith("NotFound", StringComparison.Ordinal) => 404,
                "bargainExpired" or "bargainCancelled" or "teamFailed" => 410,
                _ => 409,
            };
            Assert.Equal((code, expected), (code, problem.Status));
        }
    }

    [Fact]
    public void A_refusal_that_this_edge_does_not_know_is_a_refusal_all_the_same()
    {
        Assert.Equal((409, "refused"), (Problems.Of("brandNew").Status, Problems.Of("brandNew").Code));
        Assert.Equal("refused", Problems.Of((CutRefusal)999).Code);
    }

    [Fact]
    public void Codes_are_unique_and_every_row_says_something()
    {
        Assert.Distinct(Problems.All.Select(problem => problem.Code));
        Assert.All(Problems.All, problem => Assert.True(problem.Title.Length > 0 && problem.Detail.Length > 0 && problem.Status is >= 400 and < 600));
    }

    [Theory]
    [InlineData(CutRefusal.BargainNotFound, 404, "bargainNotFound")]
    [InlineData(CutRefusal.OwnBargain, 409, "ownBargain")]
    [InlineData(CutRefusal.BargainCancelled, 410, "bargainCancelled")]
    [InlineData(CutRefusal.BargainExpired, 410, "bargainExpired")]
    [InlineData(CutRefusal.BargainWon, 409, "bargainWon")]
    [InlineData(CutRefusal.BargainSoldOut, 409, "bargainSoldOut")]
    [InlineData(CutRefusal.HelpedOwnerOnProductBefore, 409, "helpedOwnerOnProductBefore")]
    [InlineData(CutRefusal.CampaignPaused, 409, "campaignPaused")]
    public async Task A_refused_cut_is_a_problem(CutRefusal refusal, int status, string code)
    {
        _edge.Grains.Help = (_, _) => Task.FromResult(new CutReply { Outcome = Outcome.Refused, Refusal = refusal });
        for (var again = 0; again < 2; again++) (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(status, code);
    }

    [Fact]
    public async Task The_daily_limit_says_how_many_and_until_when()
    {
        _edge.Grains.Help = (_, _) => Task.FromResult(new CutReply { Outcome = Outcome.Refused, Refusal = CutRefusal.DailyHelpLimitReached, HelpsToday = Samples.HelpsToday() });
        var problem = (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(409, "dailyHelpLimitReached");
        Assert.Equal((3, Samples.AtText), (problem.GetProperty("limit").GetInt32(), problem.GetProperty("resetsAt").GetString()));
    }

    [Fact]
    public async Task A_full_team_names_others()
    {
        _edge.Grains.JoinTeam = (_, _) => Task.FromResult(new SeatReply { Outcome = Outcome.Refused, Refusal = JoinRefusal.TeamFull, OpenTeams = [Samples.OpenTeam("t-7")] });
        var problem = (await _edge.Send("POST", "/v1/teams/t-1/seats")).Problem(409, "teamFull");
        Assert.Equal("t-7", Assert.Single(problem.GetProperty("openTeams").EnumerateArray()).GetProperty("teamId").GetString());
    }

    [Fact]
    public async Task A_failed_team_is_gone()
    {
        _edge.Grains.JoinTeam = (_, _) => Task.FromResult(new SeatReply { Outcome = Outcome.Refused, Refusal = JoinRefusal.TeamFailed });
        (await _edge.Send("POST", "/v1/teams/t-1/seats")).Problem(410, "teamFailed");
    }

    [Fact]
    public async Task Unit_limits_say_how_many()
    {
        _edge.Grains.JoinTeam = (_, _) => Task.FromResult(new SeatReply { Outcome = Outcome.Refused, Refusal = JoinRefusal.UnitLimitReached, Limit = 2 });
        _edge.Grains.OpenTeam = (_, _) => Task.FromResult(new TeamReply { Outcome = Outcome.Refused, Refusal = OpenRefusal.UnitLimitReached, Limit = 3 });
        _edge.Grains.Buy = (_, _) => Task.FromResult(new PurchaseReply { Outcome = Outcome.Refused, Refusal = OpenRefusal.UnitLimitReached, Limit = 4 });
        Assert.Equal(2, (await _edge.Send("POST", "/v1/teams/t-1/seats")).Problem(409, "unitLimitReached").GetProperty("limit").GetInt32());
        Assert.Equal(3, (await _edge.Send("POST", "/v1/campaigns/c-2/teams")).Problem(409, "unitLimitReached").GetProperty("limit").GetInt32());
        Assert.Equal(4, (await _edge.Send("POST", "/v1/campaigns/c-2/purchases")).Problem(409, "unitLimitReached").GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task Another_amount_names_the_right_one()
    {
        const string Body = """{"paymentId":"x","amountFen":1}""";
        _edge.Grains.PaySeat = (_, _) => Task.FromResult(new SeatChangeReply { Outcome = Outcome.Refused, Refusal = SeatRefusal.AmountMismatch, ExpectedFen = 6_900 });
        _edge.Grains.PayPurchase = (_, _) => Task.FromResult(new PurchaseChangeReply { Outcome = Outcome.Refused, Refusal = SeatRefusal.AmountMismatch, ExpectedFen = 9_900 });
        Assert.Equal(6_900, (await _edge.Send("POST", "/v1/teams/t-1/seats/s-1/payment", Body)).Problem(409, "amountMismatch").GetProperty("expectedFen").GetInt64());
        Assert.Equal(9_900, (await _edge.Send("POST", "/v1/purchases/p-1/payment", Body)).Problem(409, "amountMismatch").GetProperty("expectedFen").GetInt64());
    }

    [Fact]
    public async Task Another_shoppers_things_are_forbidden()
    {
        _edge.Grains.Claim = (_, _) => Task.FromResult(new ClaimReply { Outcome = Outcome.Refused, Refusal = ClaimRefusal.NotTheOwner });
        _edge.Grains.Leave = (_, _) => Task.FromResult(new SeatChangeReply { Outcome = Outcome.Refused, Refusal = SeatRefusal.NotYourSeat });
        (await _edge.Send("POST", "/v1/bargains/b-1/claim")).Problem(403, "notTheOwner");
        (await _edge.Send("DELETE", "/v1/teams/t-1/seats/s-1")).Problem(403, "notYourSeat");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        _edge.Grains.GetBargain = _ => Task.FromResult<BargainView?>(null);
        _edge.Grains.Cuts = (_, _) => Task.FromResult<CutPage?>(null);
        _edge.Grains.Fairness = _ => Task.FromResult<FairnessView?>(null);
        _edge.Grains.GetTeam = _ => Task.FromResult<TeamView?>(null);
        _edge.Grains.GetPurchase = _ => Task.FromResult<PurchaseView?>(null);
        _edge.Grains.GetCampaign = _ => Task.FromResult<CampaignView?>(null);
        _edge.Grains.Stats = id => Task.FromResult(new CampaignStatsView { CampaignId = id });
        _edge.Grains.OpenTeams = (_, _) => Task.FromResult(new OpenTeamPage());
        _edge.Grains.Share = (_, _) => Task.FromResult(new ShareReply { Outcome = Outcome.Refused, Refusal = "teamNotFound" });
        (await _edge.Send("GET", "/v1/bargains/b-1")).Problem(404, "bargainNotFound");
        (await _edge.Send("GET", "/v1/bargains/b-1/cuts")).Problem(404, "bargainNotFound");
        (await _edge.Send("GET", "/v1/bargains/b-1/fairness")).Problem(404, "bargainNotFound");
        (await _edge.Send("GET", "/v1/teams/t-1")).Problem(404, "teamNotFound");
        (await _edge.Send("GET", "/v1/purchases/p-1")).Problem(404, "purchaseNotFound");
        (await _edge.Send("GET", "/v1/campaigns/c-1")).Problem(404, "campaignNotFound");
        (await _edge.Send("GET", "/v1/campaigns/c-1/stats")).Problem(404, "campaignNotFound");
        (await _edge.Send("GET", "/v1/campaigns/c-1/teams")).Problem(404, "campaignNotFound");
        (await _edge.Send("POST", "/v1/teams/t-1/share")).Problem(404, "teamNotFound");
    }

    [Fact]
    public async Task A_quiet_campaign_is_there_all_the_same()
    {
        _edge.Grains.Stats = id => Task.FromResult(new CampaignStatsView { CampaignId = id });
        _edge.Grains.OpenTeams = (_, _) => Task.FromResult(new OpenTeamPage());
        Assert.Equal(200, (await _edge.Send("GET", "/v1/campaigns/c-1/stats")).Code);
        Assert.Equal("""{"items":[]}""", (await _edge.Send("GET", "/v1/campaigns/c-1/teams")).Body);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "notFound")]
    [InlineData("GET", "/v1", 404, "notFound")]
    [InlineData("POST", "/v1/bargains", 404, "notFound")]
    [InlineData("PATCH", "/v1/bargains/b-1", 405, "methodNotAllowed")]
    [InlineData("DELETE", "/v1/campaigns/c-1", 405, "methodNotAllowed")]
    [InlineData("POST", "/v1/events", 405, "methodNotAllowed")]
    public async Task Where_nothing_is_a_problem_says_so(string method, string path, int status, string code)
    {
        var answer = await _edge.Send(method, path);
        answer.Problem(status, code);
        Assert.Equal(status == 405, answer.Headers.ContainsKey("Allow"));
    }

    [Fact]
    public async Task A_fault_is_told_without_its_insides()
    {
        _edge.Grains.GetBargain = _ => throw new InvalidOperationException("secret connection string");
        var answer = await _edge.Send("GET", "/v1/bargains/b-1");
        Assert.NotEmpty(answer.Problem(500, "internalError").GetProperty("traceId").GetString()!);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
        Assert.Equal(("no-store", "nosniff"), (answer.Headers["Cache-Control"], answer.Headers["X-Content-Type-Options"]));
    }

    [Fact]
    public async Task A_reply_that_makes_no_sense_is_a_fault()
    {
        _edge.Grains.Help = (_, _) => Task.FromResult(new CutReply());
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(500, "internalError");
        _edge.Grains.Help = (_, _) => Task.FromResult(new CutReply { Outcome = Outcome.Done });
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(500, "internalError");
    }

    [Fact]
    public async Task What_is_away_is_unavailable_for_a_while()
    {
        (Exception Fault, string Code)[] faults =
        [
            (new StoreUnavailableException("gone"), "storeUnavailable"),
            (new StoreUnavailableException("gone", outcomeUnknown: true), "storeUnavailable"),
            (new OverloadedException("busy"), "overloaded"),
            (new TimeoutException("late"), "unavailable"),
        ];
        foreach (var (fault, code) in faults)
        {
            _edge.Grains.Help = (_, _) => Task.FromException<CutReply>(fault);
            var answer = await _edge.Send("POST", "/v1/bargains/b-1/cuts");
            answer.Problem(503, code);
            Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        }
    }

    [Fact]
    public async Task Whether_anything_happened_is_told_when_it_is_known()
    {
        _edge.Grains.Help = (_, _) => throw new StoreUnavailableException("gone");
        Assert.StartsWith("Nothing happened", (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        _edge.Grains.Help = (_, _) => throw new StoreUnavailableException("gone", outcomeUnknown: true);
        Assert.StartsWith("It is not known", (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_between_the_first_byte_and_its_sending_cuts_the_connection()
    {
        await using var edge = await EdgeHost.Start(routes: app => app.MapGet("/half", static async http =>
        {
            http.Response.BodyWriter.Write("half an ans"u8);
            await Task.Yield();
            throw new InvalidOperationException("A fault half way.");
        }));
        await Assert.ThrowsAsync<HttpRequestException>(() => edge.Send("GET", "/half"));
        Assert.Equal(200, (await edge.Send("GET", "/v1/bargains/b-1")).Code);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused()
    {
        (await _edge.Send("GET", "/v1/bargains/b-1", headers: ("X-Large", new string('a', 17 * 1024)))).Problem(431, "headersTooLarge");
        var many = Enumerable.Range(0, 70).Select(i => ($"X-H{i}", "1")).ToArray();
        (await _edge.Send("GET", "/v1/bargains/b-1", headers: many)).Problem(431, "headersTooLarge");
        Assert.Equal(431, (int)(await _edge.Send("GET", "/v1/bargains/b-1", headers: ("X-Large", new string('a', 70 * 1024)))).Status);
    }

    [Fact]
    public async Task Over_the_rate_one_waits_and_others_do_not()
    {
        // Time stands still: on a clock that goes on, a slow machine is given its next token before it asks for one too many.
        var time = new ManualTime(Samples.At);
        await using var edge = await EdgeHost.Start(new() { ["Api:RateLimit:PerSecond"] = "1", ["Api:RateLimit:Burst"] = "3" }, time: time);
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await edge.Send("GET", "/v1/bargains/b-1")).Code);
        var answer = await edge.Send("GET", "/v1/bargains/b-1");
        answer.Problem(429, "rateLimited");
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal(200, (await edge.Send("GET", "/v1/bargains/b-1", shopper: "carol")).Code);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await edge.Send("GET", "/v1/bargains/b-1")).Code);
    }

    [Fact]
    public async Task The_settings_of_a_campaign_are_told_with_every_fault()
    {
        _edge.Grains.Publish = (_, request) => Task.FromResult(new CampaignReply
        {
            Outcome = Outcome.Refused,
            Refusal = CampaignRefusal.InvalidCampaign,
            Faults = ImmutableArray.Create(
                new Fault { Field = "stock", Message = "is required." },
                new Fault { Field = "product.title", Message = "is required." },
                new Fault { Field = "endsAt", Message = "is required." }).AddRange(request.FormFaults),
        });
        var errors = (await _edge.Send("PUT", "/v1/campaigns/c-1", """{"stock":"many","product":3,"kind":"bargain"}""")).Problem(400, "invalidCampaign").GetProperty("errors");
        Assert.Equal(["endsAt", "product", "stock"], errors.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.StartsWith("must be a whole number", Assert.Single(errors.GetProperty("stock").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }
}
