using System.Collections.Immutable;

namespace SocialCommerce.Api.Tests;

/// <summary>Large answers about bargains that are over are made once.</summary>
public sealed class FairnessAnswerTests : IAsyncLifetime
{
    private const string Path = "/v1/bargains/b-1/fairness";

    private EdgeHost _edge = null!;
    private int _asked;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task One_of_many_cuts_is_asked_for_once_and_always_the_same()
    {
        Give(Over(cuts: 2_000));
        var first = await _edge.Send("GET", Path);
        var second = await _edge.Send("GET", Path);

        Assert.Equal((200, "application/json", 2_000), (first.Code, first.MediaType, first.Json.GetProperty("draws").GetArrayLength()));
        Assert.Equal((200, first.MediaType, first.Body), (second.Code, second.MediaType, second.Body));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task All_who_ask_at_once_wait_for_the_same_answer()
    {
        var hold = new TaskCompletionSource<FairnessView?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await SendAndHold(hold.Task);
        var others = Enumerable.Range(0, 10).Select(_ => _edge.Send("GET", Path)).ToList();
        hold.SetResult(Over(cuts: 2_000));

        Assert.Equal(200, (await first).Code);
        foreach (var other in others) Assert.Equal((await first).Body, (await other).Body);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task One_that_is_open_is_asked_for_each_time()
    {
        Give(Samples.Fairness("b-1"));
        Assert.False((await _edge.Send("GET", Path)).Json.TryGetProperty("seed", out _));
        Give(Over(cuts: 3));
        Assert.Equal("5eed", (await _edge.Send("GET", Path)).Json.GetProperty("seed").GetString());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Who_asks_after_the_end_is_not_told_what_somebody_else_asked_before_it()
    {
        var hold = new TaskCompletionSource<FairnessView?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = await SendAndHold(hold.Task);
        Give(Over(cuts: 3));
        var after = _edge.Send("GET", Path);
        hold.SetResult(Samples.Fairness("b-1"));

        Assert.False((await before).Json.TryGetProperty("seed", out _));
        Assert.Equal("5eed", (await after).Json.GetProperty("seed").GetString());
    }

    [Fact]
    public async Task A_fault_is_not_kept()
    {
        _edge.Grains.Fairness = _ => Task.FromException<FairnessView?>(new StoreUnavailableException("The store is away.", outcomeUnknown: false));
        Assert.Equal(503, (await _edge.Send("GET", Path)).Code);
        Give(Over(cuts: 2_000));
        Assert.Equal(200, (await _edge.Send("GET", Path)).Code);
    }

    /// <summary>Asks, and comes back when the grain is asked, whose answer is that of the task.</summary>
    private async Task<Task<Answer>> SendAndHold(Task<FairnessView?> answer)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _edge.Grains.Fairness = _ =>
        {
            Interlocked.Increment(ref _asked);
            begun.TrySetResult();
            return answer;
        };
        var sent = _edge.Send("GET", Path);
        await begun.Task;
        return sent;
    }

    private void Give(FairnessView fairness) => _edge.Grains.Fairness = _ =>
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult<FairnessView?>(fairness);
    };

    private static FairnessView Over(int cuts) => Samples.Fairness("b-1") with
    {
        Seed = "5eed",
        Draws = [.. Enumerable.Range(1, cuts).Select(n => new DrawView { CutNumber = n, HelperId = $"helper-{n}", Draw = new string('0', 64), CutFen = 7 })],
    };
}
