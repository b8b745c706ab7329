using SocialCommerce.Rehearsal.Auditing;
using SocialCommerce.Rehearsal.Graphs;
using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Play;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>A time that stands still until a test moves it; timers stay real.</summary>
internal sealed class SceneTime : TimeProvider
{
    // Noon in Shanghai of some day: no scene crosses midnight.
    private DateTimeOffset _now = new(2026, 3, 2, 4, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;
}

/// <summary>
/// A small campaign played to its end on the fake engine: one bargain won and claimed, one by amounts expired, one cancelled, one
/// of a second owner; a team formed, one failed with its money back. Tests then bend one answer and audit.
/// </summary>
internal sealed class Scene : IDisposable
{
    private readonly HttpClient _http;
    private readonly Stage _stage;
    private readonly BargainActs _acts;

    private Scene()
    {
        Engine = new FakeEngine(Clock);
        _http = new HttpClient(Engine) { BaseAddress = new Uri("http://localhost") };
        Api = new EngineApi(new EngineClient(_http, "dev", TimeSpan.FromSeconds(1), Clock));
        var options = RehearsalOptions.Parse(["--seconds", "30", "--owners", "20"]);
        _stage = new Stage(options, "t1", SmallWorld.Of(50, 1), Api, Ledger, Clock, CancellationToken.None);
        _acts = new BargainActs(_stage);
    }

    public SceneTime Clock { get; } = new();
    public FakeEngine Engine { get; }
    public EngineApi Api { get; }
    public Ledger Ledger { get; } = Ledger.Open(null);
    public string Won { get; private set; } = "";
    public string Amounts { get; private set; } = "";
    public string Cancelled { get; private set; } = "";
    public string Formed { get; private set; } = "";
    public string Failed { get; private set; } = "";
    public string RefundedSeat { get; private set; } = "";
    public IReadOnlyList<BargainCampaign> Campaigns { get; private set; } = [];

    /// <summary>Plays the scene; <paramref name="bent"/> may bend the engine before anything is asked of it.</summary>
    public static async Task<Scene> Play(Action<FakeEngine>? bent = null)
    {
        var scene = new Scene();
        bent?.Invoke(scene.Engine);
        await scene.Bargains();
        await scene.Teams();
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await new Shop(scene._stage).Work(["tea-t1"], new CancellationToken(canceled: true));
        return scene;
    }

    public async Task<Findings> Audit()
    {
        var reader = new EvidenceReader(Api, Clock, 4, 100, CancellationToken.None);
        var audit = new Audit(reader, Clock, TimeSpan.Zero, CancellationToken.None);
        return (await audit.Run(new Facts(Ledger.Entries))).Findings;
    }

    /// <summary>One more bargain, which stays open.</summary>
    public async Task<string> StartOne() => (await _acts.Start(Campaigns[2], "third", null, 0, null))!.BargainId;

    public void Dispose()
    {
        _http.Dispose();
        Engine.Dispose();
        Ledger.Dispose();
    }

    private async Task Bargains()
    {
        Campaigns = await BargainCatalogue.Publish(_stage);
        var (umbrella, amounts) = (Campaigns[0], Campaigns[3]);
        Ledger.Append(new ShopperDeclared("h1"));
        await Api.Declare("h1", existing: true, CancellationToken.None);

        Won = (await _acts.Start(umbrella, "owner", null, 0, null))!.BargainId;
        for (var i = 1; i <= 5; i++) await _acts.Cut(Won, $"h{i}", null, $"key-{i}");
        await _acts.Cut(Won, "h1", null, null);
        await _acts.ReuseKey(Won, "h1", "key-1");
        await _acts.Claim(Won, "owner", atCurrentPrice: false);
        await _acts.Claim(Won, "owner", atCurrentPrice: false);

        Amounts = (await _acts.Start(amounts, "second", null, 0, null))!.BargainId;
        foreach (var helper in new[] { "h1", "h6", "h7" }) await _acts.Cut(Amounts, helper, null, null);

        // The same owner again, after the first was won, on the same product.
        Cancelled = (await _acts.Start(umbrella, "owner", null, 0, null))!.BargainId;
        await _acts.Cut(Cancelled, "h8", null, null);
        await _acts.Cancel(Cancelled, "owner");
    }

    private async Task Teams()
    {
        var (campaigns, _) = await TeamCatalogue.Publish(_stage);
        var acts = new TeamActs(_stage);
        var tea = campaigns[0].Published.CampaignId;
        var formed = (await acts.Open(tea, "m1", null))!.Value;
        Formed = formed.Team.TeamId;
        var seats = new[] { formed.Seat, await acts.Join(Formed, "m2", null), await acts.Join(Formed, "m3", null) };
        foreach (var seat in seats) await acts.Pay(Formed, seat!, $"pay-{seat!.SeatId}");

        var failed = (await acts.Open(tea, "m4", null))!.Value;
        Failed = failed.Team.TeamId;
        RefundedSeat = failed.Seat.SeatId;
        await acts.Pay(Failed, failed.Seat, "pay-failed");
        var purchase = await acts.Buy(tea, "m5");
        await acts.PayPurchase(purchase!, "pay-alone");
    }
}
