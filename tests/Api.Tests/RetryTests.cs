using SocialCommerce.TestSupport;

namespace SocialCommerce.Api.Tests;

/// <summary>While one silo is gone and the next takes over, what may be repeated is repeated here instead of at the client.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly HurriedTime _time = new();
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.Start(time: _time);

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task A_help_is_asked_for_again_until_a_silo_answers()
    {
        var tries = 0;
        _edge.Grains.Help = (helper, request) => ++tries < 4
            ? Task.FromException<CutReply>(new Orleans.Runtime.OrleansException("no silo has it"))
            : Task.FromResult(new CutReply { Outcome = Outcome.Repeated, Cut = Samples.Cut(request.BargainId, helper) });

        var answer = await _edge.Send("POST", "/v1/bargains/b-1/cuts");

        Assert.Equal((200, "true", 4), (answer.Code, answer.Headers["Idempotency-Hit"], tries));
    }

    /// <summary>Nobody cancelled it here: Orleans did, for a call that waited too long for a place.</summary>
    [Fact]
    public async Task A_call_that_the_engine_cancelled_is_made_again_and_never_a_fault()
    {
        var tries = 0;
        _edge.Grains.Help = (helper, request) => ++tries < 2
            ? Task.FromException<CutReply>(new OperationCanceledException("Message expired before placement could complete"))
            : Task.FromResult(new CutReply { Outcome = Outcome.Done, Cut = Samples.Cut(request.BargainId, helper) });
        Assert.Equal((201, 2), ((await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Code, tries));

        _edge.Grains.Help = (_, _) => Task.FromException<CutReply>(new OperationCanceledException("Message expired before placement could complete"));
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(503, "unavailable");
    }

    [Fact]
    public async Task A_read_is_asked_for_again_too()
    {
        var tries = 0;
        _edge.Grains.GetBargain = id => ++tries < 2
            ? Task.FromException<BargainView?>(new Orleans.Runtime.OrleansException("silo gone"))
            : Task.FromResult<BargainView?>(Samples.Bargain(id));
        Assert.Equal((200, 2), ((await _edge.Send("GET", "/v1/bargains/b-1")).Code, tries));
    }

    [Fact]
    public async Task Patience_ends_and_then_the_client_is_told()
    {
        var tries = 0;
        _edge.Grains.Help = (_, _) =>
        {
            tries++;
            return Task.FromException<CutReply>(new Orleans.Runtime.OrleansException("silo gone"));
        };
        (await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Problem(503, "unavailable");
        Assert.InRange(_time.Waited.TotalSeconds, 8, 10);
        Assert.InRange(tries, 10, 20);
    }

    [Fact]
    public async Task What_only_a_key_makes_repeatable_is_asked_for_once_without_one()
    {
        var tries = 0;
        _edge.Grains.OpenTeam = (_, _) => ++tries % 2 == 1
            ? Task.FromException<TeamReply>(new Orleans.Runtime.OrleansException("silo gone"))
            : Task.FromResult(new TeamReply { Outcome = Outcome.Done, Team = Samples.Team(), Seat = Samples.Seat() });

        (await _edge.Send("POST", "/v1/campaigns/c-1/teams")).Problem(503, "unavailable");
        Assert.Equal(1, tries);

        tries = 0;
        Assert.Equal(201, (await _edge.Send("POST", "/v1/campaigns/c-1/teams", headers: ("Idempotency-Key", "k-1"))).Code);
        Assert.Equal(2, tries);
    }

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(StoreUnavailableException))]
    [InlineData(typeof(OverloadedException))]
    public async Task What_takes_long_or_is_too_much_is_left_to_the_client(Type fault)
    {
        var tries = 0;
        _edge.Grains.Help = (_, _) =>
        {
            tries++;
            return Task.FromException<CutReply>((Exception)Activator.CreateInstance(fault)!);
        };
        Assert.Equal((503, 1), ((await _edge.Send("POST", "/v1/bargains/b-1/cuts")).Code, tries));
    }
}
