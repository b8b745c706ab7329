using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Tests;

public sealed class ClientTests : IDisposable
{
    private readonly FakeEngine _engine = new(TimeProvider.System);
    private readonly HttpClient _http;

    public ClientTests() => _http = new HttpClient(_engine) { BaseAddress = new Uri("http://localhost") };

    [Fact]
    public async Task A_request_is_repeated_with_the_same_key_until_it_is_answered()
    {
        var keys = new List<string>();
        _engine.Away = r =>
        {
            keys.Add(r.Headers.GetValues("Idempotency-Key").First());
            return keys.Count < 3;
        };

        var answer = await Client(10).Send<object>(new("x", HttpMethod.Put, "/v1/shoppers/a") { Body = new { existing = true }, IdempotencyKey = "k1" }, default);

        Assert.Equal(Outcome.Done, answer.Outcome);
        Assert.Equal(["k1", "k1", "k1"], keys);
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(429, 3)]
    [InlineData(502, 3)]
    public async Task An_engine_that_is_overloaded_is_asked_again(int status, int tries)
    {
        var count = 0;
        _engine.Instead = _ => ++count < tries ? status : null;

        Assert.Equal(Outcome.Done, (await Client(10).Send<object>(new("x", HttpMethod.Get, "/v1/campaigns"), default)).Outcome);
        Assert.Equal(tries, count);
    }

    [Theory]
    [InlineData(500, Outcome.Unknown, 3)]
    [InlineData(409, Outcome.Refused, 1)]
    [InlineData(410, Outcome.Refused, 1)]
    public async Task A_status_says_what_is_known_afterwards(int status, object outcome, int tries)
    {
        var count = 0;
        _engine.Instead = _ =>
        {
            count++;
            return status;
        };

        var answer = await Client(10).Send<object>(new("x", HttpMethod.Get, "/v1/campaigns"), default);

        Assert.Equal((Outcome)outcome, answer.Outcome);
        Assert.Equal($"http{status}", answer.Code);
        Assert.Equal(tries, count);
    }

    [Fact]
    public async Task Patience_ends_with_the_time_and_the_address()
    {
        _engine.Away = _ => true;

        var e = await Assert.ThrowsAsync<EngineAwayException>(() => Client(0).Send<object>(new("x", HttpMethod.Get, "/v1/campaigns"), default));

        Assert.Contains("http://localhost/ did not answer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latencies_are_nearest_ranks()
    {
        var latencies = new Latencies();
        for (var i = 1; i <= 200; i++) latencies.Add("cut", TimeSpan.FromMilliseconds(i));

        Assert.Equal(new LatencyRow("cut", 200, 100, 190, 198, 200), Assert.Single(latencies.Rows()));
    }

    [Fact]
    public void An_absence_is_told_from_its_first_failure_to_the_next_answer()
    {
        var outages = new Outages();
        var start = DateTimeOffset.UnixEpoch;
        outages.Answered(start);
        outages.Failed(start.AddSeconds(1));
        outages.Failed(start.AddSeconds(2));
        Assert.Equal(start.AddSeconds(1), outages.AwaySince);
        outages.Answered(start.AddSeconds(4));

        // A try that began before that answer and failed after it is no new absence.
        outages.Failed(start.AddSeconds(3));

        Assert.Null(outages.AwaySince);
        Assert.Equal([(start.AddSeconds(1), start.AddSeconds(4))], outages.Over);
    }

    public void Dispose()
    {
        _http.Dispose();
        _engine.Dispose();
    }

    private EngineClient Client(int patienceSeconds) => new(_http, "dev", TimeSpan.FromSeconds(patienceSeconds), TimeProvider.System);
}
