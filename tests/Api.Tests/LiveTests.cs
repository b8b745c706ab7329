using Microsoft.Extensions.DependencyInjection;

namespace SocialCommerce.Api.Tests;

/// <summary>Server-sent events of bargains and teams.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly LiveFake _bargain = new();
    private EdgeHost _edge = null!;

    public async Task InitializeAsync()
    {
        // Time stands still here, and so would whoever waits for a turn.
        _edge = await EdgeHost.Start(new() { ["Api:LiveEventsPerSecondMax"] = "10000000" }, time: _time);
        _edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
    }

    public async Task DisposeAsync()
    {
        _bargain.ComeBack();
        await _edge.DisposeAsync();
    }

    [Fact]
    public async Task A_viewer_sees_the_bargain_at_once_then_every_change_until_its_end()
    {
        await using var viewer = await Viewer.Open(_edge);
        Assert.Equal("text/event-stream", viewer.MediaType);
        Assert.Equal("retry: 2000", await viewer.Line());
        var first = await viewer.Event();
        Assert.Equal(("bargain", "1", 1), (first.Name, first.Id, first.Version));
        Assert.Equal((await _edge.Send("GET", "/v1/bargains/b-1")).Json.GetProperty("product").GetRawText(), first.Data.GetProperty("product").GetRawText());

        _bargain.Change(BargainStatus.Open);
        Assert.Equal(2, (await viewer.Event()).Version);
        _bargain.Change(BargainStatus.Won);
        Assert.Equal("won", (await viewer.Event()).Data.GetProperty("status").GetString());
        _bargain.Change(BargainStatus.Claimed);
        var last = await viewer.Event();
        Assert.Equal(("claimed", 4), (last.Data.GetProperty("status").GetString(), last.Version));
        Assert.Null(await viewer.Line());
        await UntilWatched(0);
    }

    [Fact]
    public async Task Any_number_of_viewers_costs_one_watch()
    {
        var viewers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Viewer.Open(_edge)));
        foreach (var viewer in viewers) Assert.Equal(1, (await viewer.Event()).Version);
        await _bargain.UntilKnown(1);
        Assert.Equal(1, _bargain.WatchesAtOnceMax);
        var watchesBefore = _bargain.Watches;
        _bargain.Change(BargainStatus.Open);
        foreach (var viewer in viewers) Assert.Equal(2, (await viewer.Event()).Version);
        await _bargain.UntilKnown(2);
        Assert.Equal((1, watchesBefore + 1), (_bargain.WatchesAtOnceMax, _bargain.Watches));
        Assert.Equal((1, 40), (Hub.SubjectCount, Hub.ViewerCount));

        _bargain.Change(BargainStatus.Expired);
        foreach (var viewer in viewers)
        {
            Assert.Equal("expired", (await viewer.Event()).Data.GetProperty("status").GetString());
            Assert.Null(await viewer.Line());
            await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_watch_ends_when_the_last_viewer_leaves()
    {
        var stays = await Viewer.Open(_edge);
        var leaves = await Viewer.Open(_edge);
        await stays.Event();
        await leaves.Event();
        await leaves.DisposeAsync();
        await Until(() => Hub.ViewerCount == 1);

        // Somebody still looks, so a watch that comes back with nothing new is followed by another.
        var watchesBefore = _bargain.Watches;
        _bargain.ComeBack();
        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _bargain.Watches > watchesBefore && _bargain.Waiting == 1;
        });
        Assert.Equal(1, Hub.SubjectCount);

        await stays.DisposeAsync();
        await Until(() => Hub.ViewerCount == 0);
        _bargain.Change(BargainStatus.Open);
        await UntilWatched(0);
        var watches = _bargain.Watches;

        // Whoever comes later finds a new one, with what is true by then.
        await using var late = await Viewer.Open(_edge);
        Assert.Equal(2, (await late.Event()).Version);
        Assert.True(_bargain.Watches > watches);
    }

    [Fact]
    public async Task Who_comes_and_goes_piles_up_no_watches()
    {
        for (var i = 0; i < 20; i++)
        {
            var viewer = await Viewer.Open(_edge);
            await viewer.Event();
            await viewer.DisposeAsync();
        }

        Assert.Equal(1, _bargain.WatchesAtOnceMax);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        _edge.Grains.WatchBargain = (_, _) => Task.FromResult<BargainView?>(null);
        _edge.Grains.WatchTeam = (_, _) => Task.FromResult<TeamView?>(null);
        (await _edge.Send("GET", "/v1/bargains/b-1/live")).Problem(404, "bargainNotFound");
        (await _edge.Send("GET", "/v1/teams/t-1/live")).Problem(404, "teamNotFound");
        Assert.Equal((0, 0), (Hub.SubjectCount, Hub.ViewerCount));
    }

    [Fact]
    public async Task What_can_not_be_watched_is_unavailable()
    {
        _edge.Grains.WatchBargain = (_, _) => throw new TimeoutException("late");
        (await _edge.Send("GET", "/v1/bargains/b-1/live")).Problem(503, "unavailable");
        Assert.Equal((0, 0), (Hub.SubjectCount, Hub.ViewerCount));
    }

    [Fact]
    public async Task A_watch_that_fails_later_is_tried_again()
    {
        await using var viewer = await Viewer.Open(_edge);
        await viewer.Event();
        await _bargain.UntilKnown(1);
        _bargain.Fail();

        // One timer of the retry; the one of the pulse was let go.
        await Until(() => _bargain.Waiting == 0);
        await _time.Armed(1);
        _bargain.Change(BargainStatus.Open);
        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _bargain.Watches >= 3;
        });
        Assert.Equal(2, (await viewer.Event()).Version);
    }

    [Fact]
    public async Task A_team_is_watched_too_and_closes_when_it_has_formed()
    {
        _edge.Grains.WatchTeam = (id, known) => Task.FromResult<TeamView?>(
            known == 0 ? Samples.Team(id) : Samples.Team(id) with { Status = TeamStatus.Formed, Version = 3 });
        await using var viewer = await Viewer.Open(_edge, "/v1/teams/t-1/live");
        var seen = await viewer.Event();
        if (seen.Version == 2) seen = await viewer.Event();
        Assert.Equal(("team", "formed"), (seen.Name, seen.Data.GetProperty("status").GetString()));
        Assert.Null(await viewer.Line());
    }

    [Fact]
    public async Task A_browser_that_has_seen_the_end_is_told_not_to_come_back()
    {
        _bargain.Change(BargainStatus.Claimed);
        Assert.Equal(204, (await _edge.Send("GET", "/v1/bargains/b-1/live", headers: ("Last-Event-ID", "2"))).Code);
        Assert.Equal(200, (await _edge.Send("GET", "/v1/bargains/b-1/live", headers: ("Last-Event-ID", "1"))).Code);
    }

    [Fact]
    public async Task A_quiet_stream_gives_signs_of_life()
    {
        await using var viewer = await Viewer.Open(_edge);
        await viewer.Event();
        await _bargain.UntilKnown(1);
        await _time.Armed(1);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(":", await viewer.Line());
    }

    [Fact]
    public async Task A_slow_reader_holds_nobody_back_and_goes_straight_to_the_newest()
    {
        await using var slow = await Viewer.Open(_edge);
        await using var quick = await Viewer.Open(_edge);
        await slow.Event();
        await quick.Event();
        for (var version = 2; version <= 60; version++)
        {
            await _bargain.UntilKnown(version - 1);
            _bargain.Change(BargainStatus.Open, padding: 100_000);
            var seen = await quick.Event();
            Assert.Equal(version, seen.Version);
        }

        await _bargain.UntilKnown(60);
        _bargain.Change(BargainStatus.Expired);
        var count = 0;
        Viewer.Received last;
        do
        {
            last = await slow.Event();
            count++;
        }
        while (last.Data.GetProperty("status").GetString() == "open");
        Assert.Equal(61, last.Version);
        Assert.InRange(count, 1, 59);
    }

    [Fact]
    public async Task A_process_carries_only_so_many()
    {
        await using var edge = await EdgeHost.Start(new() { ["Api:LiveConnectionsMax"] = "1" });
        edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
        await using var viewer = await Viewer.Open(edge);
        await viewer.Event();
        (await edge.Send("GET", "/v1/bargains/b-1/live")).Problem(503, "overloaded");
    }

    [Fact]
    public async Task Many_viewers_are_told_group_after_group()
    {
        const int viewersOfTwoGroups = 150;
        await using var edge = await EdgeHost.Start(new() { ["Api:LiveEventsPerSecondMax"] = "100" }, time: _time);
        edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
        var viewers = await Task.WhenAll(Enumerable.Range(0, viewersOfTwoGroups).Select(_ => Viewer.Open(edge)));
        foreach (var viewer in viewers) Assert.Equal(1, (await viewer.Event()).Version);
        // Groups are made with a moment: one that all of them wait for the end of comes with a sign of life.
        await _bargain.UntilKnown(1);
        await _time.Armed(1);
        _time.Advance(TimeSpan.FromSeconds(15));
        foreach (var viewer in viewers) Assert.Equal(":", await viewer.Line());
        await UntilWaiting(edge, viewersOfTwoGroups);
        _time.Advance(TimeSpan.FromSeconds(10));

        _bargain.Change(BargainStatus.Open);
        var events = viewers.Select(viewer => viewer.Event()).ToArray();
        await Until(() => events.Count(told => told.IsCompleted) >= viewersOfTwoGroups / 2);
        // Time for the others to be told all the same, if nothing held them back.
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.Equal(viewersOfTwoGroups / 2, events.Count(told => told.IsCompleted));

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return events.All(told => told.IsCompleted);
        });
        foreach (var told in events) Assert.Equal(2, (await told).Version);
        foreach (var viewer in viewers) await viewer.DisposeAsync();
    }

    [Fact]
    public async Task A_large_event_counts_as_several()
    {
        // At 100 a second: those of 100 kB to four viewers take more than a second of the pace, small ones 50 ms.
        await using var edge = await EdgeHost.Start(new() { ["Api:LiveEventsPerSecondMax"] = "100" }, time: _time);
        edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
        var viewers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Viewer.Open(edge)));
        foreach (var viewer in viewers) Assert.Equal(1, (await viewer.Event()).Version);
        await UntilWaiting(edge, viewers.Length);
        _time.Advance(TimeSpan.FromSeconds(1));
        _bargain.Change(BargainStatus.Open, padding: 100_000);
        foreach (var viewer in viewers) Assert.Equal(2, (await viewer.Event()).Version);

        await UntilWaiting(edge, viewers.Length);
        _bargain.Change(BargainStatus.Open);
        var events = viewers.Select(viewer => viewer.Event()).ToArray();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(40));
            // Time to be told, if nothing held them back.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.DoesNotContain(events, told => told.IsCompleted);
        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return events.All(told => told.IsCompleted);
        });
        foreach (var told in events) Assert.Equal(3, (await told).Version);
        foreach (var viewer in viewers) await viewer.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_ends_the_streams()
    {
        await using var viewer = await Viewer.Open(_edge);
        await viewer.Event();
        var stopping = _edge.Stop();
        Assert.Null(await viewer.Line());
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Streams_last_for_as_long_as_the_host_says_and_one_that_would_begin_after_that_is_refused()
    {
        using var host = new SaysWhen();
        await using var edge = await EdgeHost.Start(time: _time, services: services => services.AddSingleton<ILongAnswers>(host));
        edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
        await using var viewer = await Viewer.Open(edge);
        await viewer.Event();
        await _bargain.UntilKnown(1);
        host.Stop();
        Assert.Null(await viewer.Line());

        // What it would show is at hand, so that it comes to its first write at once.
        (await edge.Send("GET", "/v1/bargains/b-1/live")).Problem(503, "notReady");
    }

    [Fact]
    public async Task A_shoppers_tokens_take_only_so_many_places_and_keys_any_number()
    {
        await using var edge = await StartWithTokens();
        var (bobs, carols) = (Token("bob"), Token("carol"));
        var first = await Viewer.Open(edge, token: bobs);
        await using var second = await Viewer.Open(edge, token: bobs);
        var refused = await edge.Send("GET", "/v1/bargains/b-1/live", shopper: null, key: null, headers: ("Authorization", "Bearer " + bobs));
        Assert.Equal(2, refused.Problem(429, "rateLimited").GetProperty("limit").GetInt32());
        Assert.Equal("1", refused.Headers["Retry-After"]);
        await using var carol = await Viewer.Open(edge, token: carols);
        var byKey = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Viewer.Open(edge)));

        await first.DisposeAsync();
        // Given back last, when the viewer counts no more.
        var places = HubOf(edge).Places;
        await Until(() => places.TryTake("bob"));
        places.GiveBack("bob");
        Assert.Equal(5, HubOf(edge).ViewerCount);
        await using var again = await Viewer.Open(edge, token: bobs);
        foreach (var viewer in byKey) await viewer.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        await using var edge = await StartWithTokens();
        await using var brief = await Viewer.Open(edge, token: Token("bob", lifeSeconds: 60));
        await using var lasting = await Viewer.Open(edge, token: Token("carol", lifeSeconds: 600));
        await brief.Event();
        await lasting.Event();
        await _bargain.UntilKnown(1);
        _time.Advance(TimeSpan.FromSeconds(65));
        string? line;
        do line = await brief.Line();
        while (line == ":");
        Assert.Null(line);
        _bargain.Change(BargainStatus.Won);
        Assert.Equal(2, (await lasting.Event()).Version);
    }

    private async Task<EdgeHost> StartWithTokens()
    {
        var edge = await EdgeHost.Start(
            new()
            {
                ["Api:Jwt:Issuer"] = Tokens.Issuer,
                ["Api:Jwt:Audience"] = Tokens.Audience,
                ["Api:Jwt:SymmetricKey"] = Convert.ToBase64String(Tokens.Secret),
                ["Api:LivePerShopperMax"] = "2",
                ["Api:LiveEventsPerSecondMax"] = "10000000",
            },
            time: _time);
        edge.Grains.WatchBargain = (_, known) => _bargain.Watch(known);
        return edge;
    }

    private string Token(string shopper, int lifeSeconds = 600) => Tokens.Hs256(Tokens.Payload(_time.GetUtcNow(), sub: shopper, lifeSeconds: lifeSeconds));

    private sealed class SaysWhen : ILongAnswers, IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public CancellationToken End => _end.Token;

        public void Stop() => _end.Cancel();

        public void Dispose() => _end.Dispose();
    }

    private LiveHub Hub => HubOf(_edge);

    private static LiveHub HubOf(EdgeHost edge) => edge.Services.GetRequiredService<LiveHub>();

    /// <summary>Done when so many viewers wait for the bargain's next moment: whoever is not done with the last one goes straight on to the next, and waits for no turn.</summary>
    private static Task UntilWaiting(EdgeHost edge, int viewers)
    {
        var subject = HubOf(edge).Join("bargain/b-1", _ => throw new InvalidOperationException("It is watched already."))!;
        HubOf(edge).Leave(subject);
        return Until(() => subject.Now.Waiting == viewers);
    }

    private Task UntilWatched(int subjects) => Until(() => Hub.SubjectCount == subjects);

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        // Nothing is raised when a viewer has gone: looked at until it is so, or the patience ends and fails the test.
        while (!holds()) await Task.Delay(5, patience.Token);
    }
}
