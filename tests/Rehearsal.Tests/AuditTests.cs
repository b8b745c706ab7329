using System.Text.Json.Nodes;
using SocialCommerce.Rehearsal.Auditing;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>One deliberately wrong answer for every rule of the audit: a rule that can't fail checks nothing.</summary>
public sealed class AuditTests
{
    private static readonly Dictionary<string, Action<Scene>> Wrong = new()
    {
        ["startStands"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Won}", b => b["ownerId"] = "somebody"),
        ["startKnown"] = s => StartUnrecorded(s),
        ["oneOpenBargain"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "bargain.won", s.Won)!["occurredAt"] = s.Clock.GetUtcNow()),
        ["cutStands"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c).RemoveAt(2)),
        ["sameReceipt"] = s => Repeat(s, first => first with { CutFen = first.CutFen + 1 }),
        ["cutKnown"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[0]!["helperId"] = "nobody"),
        ["cutOnce"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[1]!["helperId"] = "h1"),
        ["cutsNumbered"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[1]!["cutNumber"] = 7),
        ["sumOfCuts"] = s => Add(s, $"/v1/bargains/{s.Amounts}", "priceFen", 1),
        ["floorHolds"] = s => Add(s, $"/v1/bargains/{s.Won}", "priceFen", -1),
        ["priceChain"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[1]!["priceFen"] = 1),
        ["headcountExact"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Won}", b => b["floorPriceFen"] = -1),
        ["amountsInRange"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[0]!["cutFen"] = 11),
        ["ownerNeverHelps"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[0]!["helperId"] = "second"),
        ["oncePerOwnerAndProduct"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Cancelled}/cuts", c => Items(c)[0]!["helperId"] = "h1"),
        ["dailyLimit"] = s => s.Ledger.Append(new RunBegun("t1", "", 1, DailyHelps: 1, s.Clock.GetUtcNow())),
        ["meAgrees"] = s => s.Engine.Bend("GET", "/v1/me", me => me["helpsToday"]!["used"] = 0),
        ["deadlineHolds"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/cuts", c => Items(c)[2]!["at"] = s.Clock.GetUtcNow()),
        ["endsInTime"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}", b => b["status"] = "open"),
        ["statusFits"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}", b => b["status"] = "won"),
        ["endsOnce"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "bargain.cut", s.Won)!["type"] = "bargain.won"),
        ["eventIdsUnique"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "bargain.cut", s.Won)!["id"] = "e1"),
        ["versionsContiguous"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "bargain.cut", s.Amounts)!["version"] = 9),
        ["cutsInFeed"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "bargain.cut", s.Amounts)!["type"] = "bargain.other"),
        ["claimOnce"] = s => s.Ledger.Append(new BargainClaimed(s.Won, "another-claim", 0)),
        ["cancelStands"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Cancelled}", b => b["status"] = "expired"),
        ["commitmentKept"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Won}/fairness", f => f["seed"] = new string('0', 64)),
        ["seedAtTheEnd"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Won}/fairness", f => f.AsObject().Remove("seed")),
        ["drawsRecompute"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Amounts}/fairness", f => f["draws"]![1]!["draw"] = new string('0', 64)),
        ["stockConserved"] = s => s.Engine.Bend("GET", "/v1/campaigns/umbrella-t1", c => c["stock"]!["held"] = 1),
        ["newOnce"] = s => s.Engine.Bend("GET", $"/v1/bargains/{s.Won}/cuts", c => Items(c)[0]!["newShopper"] = true),
        ["statsAgree"] = s => s.Engine.Bend("GET", "/v1/campaigns/umbrella-t1/stats", c => c["funnel"]!["bargain.won"] = 5),
        ["seatStands"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["seats"]!.AsArray().RemoveAt(1)),
        ["seatsFit"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["held"] = 1),
        ["seatOnce"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["seats"]![1]!["shopperId"] = "m1"),
        ["unitLimit"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["seats"]!.AsArray().Select(seat => seat!["shopperId"] = "m1").ToArray()),
        ["paymentSettled"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["seats"]![2]!["status"] = "released"),
        ["paidOnce"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "seat.held", s.Formed)!["type"] = "seat.paid"),
        ["refundOnce"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "refund.confirmed", s.Failed)!["type"] = "refund.other"),
        ["teamEndsOnce"] = s => s.Engine.Bend("GET", "/v1/events", e => Event(e, "seat.held", s.Formed)!["type"] = "team.formed"),
        ["formedIsFinal"] = s => s.Engine.Bend("GET", $"/v1/teams/{s.Formed}", t => t["status"] = "failed"),
        ["inPlay"] = s => s.Ledger.Append(new BrokenInPlay("onlyTheOwnerClaims", s.Won, "a stranger claimed it")),
        ["noFault"] = s => FailOnce(s, $"/v1/bargains/{s.Won}/fairness"),
        ["readable"] = s => s.Engine.Instead = r => r.RequestUri!.AbsolutePath == $"/v1/bargains/{s.Won}/fairness" ? 403 : null,
    };

    public static TheoryData<string> Rules => [.. AuditRules.All.Select(r => r.Name)];

    [Fact]
    public async Task An_honest_engine_passes_every_rule_and_every_rule_is_checked()
    {
        using var scene = await Scene.Play();

        var findings = await scene.Audit();

        Assert.Empty(findings.Breaches);
        Assert.Empty(findings.Notes);

        // Only a breach seen in the play makes the rule about the play say anything.
        Assert.Equal([AuditRules.InPlay.Name], findings.ByRule.Where(r => r.Checked == 0).Select(r => r.Rule.Name));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_wrong_answer_breaks_the_rule_and_is_named_with_its_ids(string rule)
    {
        using var scene = await Scene.Play();
        Wrong[rule](scene);

        var findings = await scene.Audit();

        var breach = findings.Breaches.FirstOrDefault(b => b.Rule == rule);
        Assert.NotNull(breach);
        Assert.NotEqual("", breach.Subject);
        Assert.NotEqual("", breach.Text);
        Assert.False(findings.Hold);
    }

    [Fact]
    public async Task An_acknowledged_cut_that_is_gone_without_a_trace_is_found()
    {
        using var scene = await Scene.Play();

        // As after a crash that lost the last commit: list, price and count agree with each other, only the receipt remembers.
        scene.Engine.Bend("GET", $"/v1/bargains/{scene.Cancelled}/cuts", c => Items(c).Clear());
        scene.Engine.Bend("GET", $"/v1/bargains/{scene.Cancelled}", b =>
        {
            b["priceFen"] = (long)b["startPriceFen"]!;
            b["remainingFen"] = (long)b["startPriceFen"]!;
            b["cutCount"] = 0;
        });

        var findings = await scene.Audit();

        Assert.Contains(findings.Breaches, b => b.Rule == "cutStands" && b.Subject == $"{scene.Cancelled} h8");
    }

    [Fact]
    public async Task An_acknowledged_start_that_is_gone_is_found()
    {
        using var scene = await Scene.Play();
        scene.Engine.Instead = r => r.RequestUri!.AbsolutePath.StartsWith($"/v1/bargains/{scene.Won}", StringComparison.Ordinal) ? 404 : null;

        var findings = await scene.Audit();

        Assert.Contains(findings.Breaches, b => b.Rule == "startStands" && b.Subject == scene.Won);
    }

    [Fact]
    public async Task A_cut_whose_outcome_is_unknown_may_be_there()
    {
        using var scene = await Scene.Play();
        var helper = await CutUnrecorded(scene);
        Assert.Contains((await scene.Audit()).Breaches, b => b.Rule == "cutKnown");

        scene.Ledger.Append(new OutcomeUnknown("cut", Unrecorded(scene), helper));
        scene.Ledger.Append(new OutcomeUnknown("start", "car-t1", "stranger"));

        Assert.DoesNotContain((await scene.Audit()).Breaches, b => b.Rule is "cutKnown" or "startKnown");
    }

    [Fact]
    public async Task An_unreadable_feed_is_no_audit_that_holds()
    {
        using var scene = await Scene.Play();
        scene.Engine.Instead = r => r.RequestUri!.AbsolutePath == "/v1/events" ? 403 : null;

        var findings = await scene.Audit();

        Assert.Contains(findings.Breaches, b => b.Rule == "readable" && b.Text.Contains("403", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_taken_with_another_content_is_found_in_the_play()
    {
        // The engine forgets the content of its keys: to it, another body under the same key is a plain repeat.
        using var scene = await Scene.Play(engine => engine.ForgetsBodies = true);

        var findings = await scene.Audit();

        Assert.Contains(findings.Breaches, b => b.Rule == "inPlay" && b.Text.StartsWith("keyKeepsItsContent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_seed_of_an_open_bargain_is_right_and_a_shown_one_is_not()
    {
        using var scene = await Scene.Play();
        var open = await scene.StartOne();
        Assert.Empty((await scene.Audit()).Breaches);

        scene.Engine.Bend("GET", $"/v1/bargains/{open}/fairness", f => f["seed"] = new string('1', 64));

        Assert.Contains((await scene.Audit()).Breaches, b => b.Rule == "seedAtTheEnd" && b.Subject == open);
    }

    [Fact]
    public async Task A_team_may_lack_the_version_of_a_changed_leader_and_a_bargain_none()
    {
        using var scene = await Scene.Play();
        scene.Engine.Bend("GET", "/v1/events", page =>
        {
            var last = Items(page).LastOrDefault(e => (string)e!["subjectId"]! == scene.Failed);
            if (last is not null) last["version"] = (int)last["version"]! + 1;
        });
        Assert.Contains((await scene.Audit()).Breaches, b => b.Rule == "versionsContiguous" && b.Subject == scene.Failed);

        // With somebody who left, the gap is the leader's change.
        scene.Engine.Bend("GET", "/v1/events", page => Event(page, "seat.held", scene.Failed)!["type"] = "seat.left");

        Assert.DoesNotContain((await scene.Audit()).Breaches, b => b.Rule == "versionsContiguous");
    }

    [Fact]
    public async Task Stock_figures_are_read_beside_the_setting_of_the_same_name()
    {
        using var scene = await Scene.Play();
        scene.Engine.Bend("GET", "/v1/campaigns/umbrella-t1", c =>
        {
            c["inventory"] = c["stock"]!.DeepClone();
            c["stock"] = (long)c["inventory"]!["total"]!;
        });
        var findings = await scene.Audit();
        Assert.Empty(findings.Breaches);
        Assert.Empty(findings.Notes);

        scene.Engine.Bend("GET", "/v1/campaigns/umbrella-t1", c => c.AsObject().Remove("inventory"));

        Assert.Contains((await scene.Audit()).Notes, n => n.Contains("shows no stock figures", StringComparison.Ordinal));
    }

    private static void FailOnce(Scene scene, string path)
    {
        var failed = false;
        scene.Engine.Instead = request =>
        {
            if (failed || request.RequestUri!.AbsolutePath != path) return null;
            failed = true;
            return 500;
        };
    }

    private static void StartUnrecorded(Scene scene) =>
        Assert.Equal(201, scene.Engine.World.Bargains.Start("car-t1", "stranger").Status);

    private static async Task<string> CutUnrecorded(Scene scene)
    {
        StartUnrecorded(scene);
        var answer = await scene.Api.Cut(Unrecorded(scene), "h9", null, null, CancellationToken.None);
        Assert.True(answer.Done);
        return "h9";
    }

    private static string Unrecorded(Scene scene) =>
        (string)scene.Engine.World.Bargains.Start("car-t1", "stranger").Body!["bargainId"]!;

    private static void Repeat(Scene scene, Func<CutAcknowledged, CutAcknowledged> change) =>
        scene.Ledger.Append(change(scene.Ledger.Entries.OfType<CutAcknowledged>().First()));

    private static void Add(Scene scene, string path, string member, long fen) =>
        scene.Engine.Bend("GET", path, b => b[member] = (long)b[member]! + fen);

    private static JsonArray Items(JsonNode page) => page["items"]!.AsArray();

    private static JsonNode? Event(JsonNode page, string type, string subjectId) =>
        Items(page).FirstOrDefault(e => (string)e!["type"]! == type && (string)e["subjectId"]! == subjectId) ?? new JsonObject();
}
