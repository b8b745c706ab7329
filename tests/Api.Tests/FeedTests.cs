using System.Collections.Concurrent;

namespace SocialCommerce.Api.Tests;

/// <summary>Waiting for events.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start(time: _time);

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task A_wait_is_read_in_turns_until_something_comes()
    {
        var reads = 0;
        _edge.Grains.ReadFeed = (_, query) =>
        {
            _time.Advance(TimeSpan.FromSeconds(query.WaitSeconds));
            return Task.FromResult(++reads < 3 ? new FeedReply { Next = "0-" + reads } : new FeedReply { Items = [Samples.Event()], Next = "0-3" });
        };
        var feed = (await _edge.Send("GET", "/v1/events?after=0-0&wait=60&limit=9")).Json;
        Assert.Equal("0-3", feed.GetProperty("next").GetString());
        Assert.Equal(
            [new FeedQuery { After = "0-0", Limit = 9, WaitSeconds = 8 }, new FeedQuery { After = "0-1", Limit = 9, WaitSeconds = 8 }, new FeedQuery { After = "0-2", Limit = 9, WaitSeconds = 8 }],
            _edge.Grains.Requests.OfType<FeedQuery>());
    }

    [Fact]
    public async Task A_wait_ends_with_nothing_but_the_cursor()
    {
        _edge.Grains.ReadFeed = (_, query) =>
        {
            _time.Advance(TimeSpan.FromSeconds(query.WaitSeconds));
            return Task.FromResult(new FeedReply { Next = "here" });
        };
        Assert.Equal("""{"items":[],"next":"here"}""", (await _edge.Send("GET", "/v1/events?wait=30")).Body);
        Assert.Equal([8, 8, 8, 6], _edge.Grains.Requests.OfType<FeedQuery>().Select(query => query.WaitSeconds));
    }

    [Fact]
    public async Task Without_a_wait_it_answers_at_once()
    {
        _edge.Grains.ReadFeed = (_, _) => Task.FromResult(new FeedReply { Next = "" });
        Assert.Equal("""{"items":[],"next":""}""", (await _edge.Send("GET", "/v1/events")).Body);
        Assert.Equal(0, _edge.Grains.Only<FeedQuery>().WaitSeconds);
    }

    [Fact]
    public async Task What_is_not_public_is_looked_through_to_its_end()
    {
        var reads = 0;
        _edge.Grains.ReadFeed = (_, _) => Task.FromResult(++reads < 4 ? new FeedReply { Next = "0-" + reads, More = true } : new FeedReply { Items = [Samples.Event()], Next = "0-4" });
        Assert.Equal("0-4", (await _edge.Send("GET", "/v1/events")).Json.GetProperty("next").GetString());
        Assert.Equal(["", "0-1", "0-2", "0-3"], _edge.Grains.Requests.OfType<FeedQuery>().Select(query => query.After));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_named_with_all_else_and_nothing_is_read()
    {
        (await _edge.Send("GET", "/v1/events?after=zzz&wait=5")).Malformed("after");
        (await _edge.Send("GET", "/v1/events?limit=0&after=zzz&wait=61")).Malformed("after", "limit", "wait");
        Assert.Empty(_edge.Grains.Requests);
    }

    [Fact]
    public async Task Consumers_that_wait_do_not_wait_for_one_another()
    {
        var waiting = new ConcurrentDictionary<string, TaskCompletionSource<FeedReply>>();
        var both = new TaskCompletionSource();
        _edge.Grains.ReadFeed = (key, _) =>
        {
            var reply = waiting.GetOrAdd(key, _ => new TaskCompletionSource<FeedReply>());
            if (waiting.Count == 2) both.TrySetResult();
            return reply.Task;
        };
        var first = _edge.Send("GET", "/v1/events?wait=20");
        var second = _edge.Send("GET", "/v1/events?wait=20");
        await both.Task.WaitAsync(LiveTests.Patience);
        foreach (var reply in waiting.Values) reply.SetResult(new FeedReply { Items = [Samples.Event()], Next = "7" });
        Assert.Equal((200, 200), ((await first).Code, (await second).Code));

        // The keys are lent again.
        _edge.Grains.ReadFeed = (key, _) => Task.FromResult(new FeedReply { Items = [Samples.Event()], Next = key });
        Assert.Contains((await _edge.Send("GET", "/v1/events")).Json.GetProperty("next").GetString()!, waiting.Keys);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_waiting()
    {
        var asked = new TaskCompletionSource();
        _edge.Grains.ReadFeed = (_, _) =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<FeedReply>().Task;
        };
        var reading = _edge.Send("GET", "/v1/events?after=0-5&wait=60");
        await asked.Task.WaitAsync(LiveTests.Patience);
        var stopping = _edge.Stop();
        Assert.Equal("""{"items":[],"next":"0-5"}""", (await reading).Body);
        await stopping;
    }
}
