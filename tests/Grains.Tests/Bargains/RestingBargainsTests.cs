using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains.Tests.Bargains;

public sealed class RestingBargainsTests
{
    private const long Plenty = 64L << 20;

    private readonly RestingBargains _resting = new(Plenty, TimeProvider.System);

    [Fact]
    public void A_bargain_wakes_as_it_was_left_and_only_once()
    {
        _resting.Rest(Open("b", version: 7));
        Assert.Equal(1, _resting.Count);

        var woken = _resting.Wake("b")!;

        Assert.Equal(("b", 7, "owner of b"), (woken.BargainId, woken.Version, woken.OwnerId));
        Assert.Null(_resting.Wake("b"));
        Assert.Null(_resting.Wake("another"));
        Assert.Equal(0, _resting.Count);
        _resting.Rest(Open("b", version: 9));
        _resting.Rest(Open("b", version: 10));
        Assert.Equal(10, _resting.Wake("b")!.Version);
    }

    [Fact]
    public void What_was_read_or_started_before_a_grain_began_is_not_taken_for_how_it_stands()
    {
        Assert.True(_resting.Wants("b"));
        Assert.Null(_resting.Wake("b"));

        Assert.False(_resting.Wants("b"));
        _resting.RestAhead(Open("b", version: 1));
        _resting.RestNew(Open("b", version: 1));

        Assert.Null(_resting.Wake("b"));
        _resting.Rest(Open("b", version: 2));
        _resting.RestAhead(Open("b", version: 1));
        _resting.RestNew(Open("b", version: 1));
        Assert.Equal(2, _resting.Wake("b")!.Version);
        Assert.Null(_resting.Wake("b"));
        _resting.RestNew(Open("new", version: 1));
        _resting.RestAhead(Open("ahead", version: 3));
        Assert.Equal((1, 3), (_resting.Wake("new")!.Version, _resting.Wake("ahead")!.Version));
    }

    [Fact]
    public void Bargains_that_are_over_are_not_kept()
    {
        foreach (var status in Enum.GetValues<BargainStatus>()) _resting.Rest(Open($"b-{status}", version: 1) with { Status = status, ClaimBefore = DateTimeOffset.UnixEpoch });

        Assert.Equal(2, _resting.Count);
        Assert.Equal(BargainStatus.Open, _resting.Wake("b-Open")!.Status);
        Assert.Equal(BargainStatus.Won, _resting.Wake("b-Won")!.Status);
    }

    [Fact]
    public void Bargains_under_the_same_terms_share_them_and_others_have_their_own()
    {
        for (var number = 0; number < 100; number++) _resting.Rest(Open($"b-{number}", version: 1) with { TermsOrNull = Terms(number % 3) });

        var woken = Enumerable.Range(0, 100).Select(number => _resting.Wake($"b-{number}")!.Terms).ToArray();
        Assert.All(woken, (terms, number) => Assert.Equal(Terms(number % 3), terms));
        Assert.Equal(3, woken.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void As_much_is_kept_as_there_is_room_for_and_those_that_came_last()
    {
        const int Many = 60_000;
        var resting = new RestingBargains(4L << 20, TimeProvider.System);
        for (var number = 0; number < Many; number++)
        {
            if (!resting.HasRoom) break;
            resting.RestAhead(Open($"b-{number}", version: 1));
        }

        // Reading ahead ends when it would cost what is there already.
        Assert.False(resting.HasRoom);
        var ahead = resting.Count;
        Assert.InRange(ahead, 5_000, 20_000);
        Assert.Equal(1, resting.Wake("b-0")!.Version);

        for (var number = 0; number < Many; number++) resting.Rest(Open($"b-{number}", version: 2));
        Assert.False(resting.Wants("unheard of"));
        resting.RestAhead(Open("late", version: 1));
        Assert.Null(resting.Wake("late"));
        Assert.InRange(resting.Count, ahead, 3 * ahead);
        Assert.Null(resting.Wake("b-0"));
        Assert.Equal(2, resting.Wake($"b-{Many - 1}")!.Version);
    }

    [Fact]
    public async Task All_who_ask_at_once_get_a_bargain_once()
    {
        for (var number = 0; number < 2_000; number++) _resting.Rest(Open($"b-{number}", version: number) with { TermsOrNull = Terms(number) });

        var woken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 2_000).Select(number => _resting.Wake($"b-{number}")).OfType<BargainState>().ToArray())));

        var all = woken.SelectMany(some => some).ToArray();
        Assert.Equal(2_000, all.Length);
        Assert.All(all, bargain => Assert.Equal(($"b-{bargain.Version}", Terms(bargain.Version)), (bargain.BargainId, bargain.Terms)));
    }

    [Fact]
    public void How_many_are_kept_is_told()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var resting = new RestingBargains(TimeProvider.System, meters);
        foreach (var id in new[] { "a", "b", "c" }) resting.Rest(Open(id, version: 1));
        resting.Wake("b");
        var told = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: "socialcommerce.bargains.resting", Meter.Name: "SocialCommerce.Grains" }) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, kept, _, _) => told = instrument.Meter.Scope == meters ? kept : told);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(2, told);
    }

    private static BargainState Open(string id, int version) => new()
    {
        BargainId = id,
        OwnerId = $"owner of {id}",
        Status = BargainStatus.Open,
        TermsOrNull = Terms(0),
        ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
        Version = version,
    };

    private static BargainTerms Terms(int number) => new()
    {
        CampaignId = $"c-{number}",
        ProductId = "p",
        ProductTitle = "P",
        Currency = "CNY",
        Cut = new CutRule { Kind = CutRuleKind.Fixed, CutFen = number },
    };
}
