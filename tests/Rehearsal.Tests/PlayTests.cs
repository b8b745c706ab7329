using System.Text.Json.Nodes;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>Nothing else runs beside these: their clock moves when the process is idle.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>The whole command, from options to exit code, on the fake engine.</summary>
[Collection(nameof(Alone))]
public sealed class PlayTests : IAsyncLifetime
{
    private readonly PlayTime _clock;
    private readonly FakeEngine _engine;
    private readonly StringWriter _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rehearsal").FullName;

    public PlayTests()
    {
        FakeEngine? engine = null;
        _clock = new PlayTime(() => Volatile.Read(ref engine)?.Busy ?? true);
        Volatile.Write(ref engine, _engine = new FakeEngine(_clock));
    }

    [Fact]
    public async Task A_whole_rehearsal_of_both_plays_holds_and_its_record_can_be_audited_again()
    {
        var (record, json) = (Path.Combine(_folder, "record.jsonl"), Path.Combine(_folder, "report.json"));

        Assert.Equal(0, await Run("--shoppers", "300", "--owners", "60", "--record", record, "--json", json));
        Assert.Contains("the audit holds", Output, StringComparison.Ordinal);

        var written = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        var run = written["report"]!["run"]!;
        var all = written["report"]!["bargains"]!.AsArray();
        int Sum(string what) => all.Sum(b => (int)b![what]!);
        Assert.True((long)run["cuts"]! > 100, Output);
        Assert.Equal((long)run["cuts"]!, Sum("cuts"));
        Assert.True((long)run["repeats"]! > 0, Output);
        Assert.True(Sum("won") > 0 && Sum("claimed") > 0 && Sum("expired") > 0 && Sum("cancelled") > 0, Output);
        Assert.Equal(Sum("started"), Sum("claimed") + Sum("lapsed") + Sum("expired") + Sum("soldOut") + Sum("cancelled"));
        var codes = written["report"]!["refusals"]!.AsArray().Select(r => (string)r!["code"]!).ToArray();
        Assert.Contains("ownBargain", codes);
        Assert.Contains("dailyHelpLimitReached", codes);
        Assert.Contains("bargainExpired", codes);
        var fission = written["report"]!["bargainFission"]!;
        Assert.True((int)fission["broughtStarters"]! > 0 && (double)fission["k"]! > 0, Output);
        Assert.True(fission["levels"]!.AsArray().Count >= 2, Output);
        var teams = written["report"]!["teams"]!.AsArray();
        Assert.True(teams.Sum(t => (int)t!["formed"]!) > 0 && teams.Sum(t => (int)t!["failed"]!) > 0, Output);
        Assert.True(teams.Sum(t => (int)t!["refunded"]!) > 0, Output);

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await Run("audit", "--record", record));

        // What the record remembers and the engine has lost is found from the record alone.
        var lost = Ledger.Load(record).Entries.OfType<CutAcknowledged>().First();
        _engine.Bend("GET", $"/v1/bargains/{lost.BargainId}/cuts", page => page["items"]!.AsArray().Clear());
        Assert.Equal(1, await Run("audit", "--record", record));
        Assert.Contains($"BROKEN cutStands: {lost.BargainId} {lost.HelperId}", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_goes_away_in_the_middle_and_loses_answers_loses_nothing()
    {
        // Every ninth help is done and its answer lost; and for a while nobody answers at all.
        var helps = 0;
        _engine.LosesAnswer = r => r.RequestUri!.AbsolutePath.EndsWith("/cuts", StringComparison.Ordinal)
            && r.Method == HttpMethod.Post && Interlocked.Increment(ref helps) % 9 == 0;
        var from = DateTimeOffset.MaxValue;
        _engine.Away = _ =>
        {
            if (helps > 40 && from == DateTimeOffset.MaxValue) from = _clock.GetUtcNow();
            return _clock.GetUtcNow() >= from && _clock.GetUtcNow() < from.AddSeconds(0.5);
        };

        Assert.Equal(0, await Run("--shoppers", "200", "--kind", "bargain"));

        Assert.Matches("the engine was away for [01]\\.[0-9] s", Output);
        Assert.Contains("the audit holds", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_stays_away_ends_the_rehearsal_with_one_line()
    {
        var helps = 0;
        _engine.Away = r => r.RequestUri!.AbsolutePath.EndsWith("/cuts", StringComparison.Ordinal) && Interlocked.Increment(ref helps) > 2;
        var record = Path.Combine(_folder, "record.jsonl");

        Assert.Equal(2, await Run("--seconds", "30", "--kind", "bargain", "--patience", "1", "--record", record));

        Assert.Contains("did not answer for 1 s", Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
        Assert.Contains(Ledger.Load(record).Entries.OfType<OutcomeUnknown>(), u => u.Act == "cut");
    }

    [Fact]
    public async Task Without_group_buy_both_plays_bargains_and_says_so_and_group_fails()
    {
        _engine.WithoutGroupBuy = true;

        Assert.Equal(0, await Run("--seconds", "1", "--shoppers", "60"));
        Assert.Contains("plays no group-buy", Output, StringComparison.Ordinal);

        Assert.Equal(2, await Run("--seconds", "1", "--shoppers", "60", "--kind", "group"));
    }

    [Theory]
    [InlineData("unknown option --ownrs", "--ownrs", "5")]
    [InlineData("--seconds 0 is not a whole number from 1 to 86400; --kind all is none of", "--seconds", "0", "--kind", "all")]
    [InlineData("--json needs a value", "--json")]
    [InlineData("audit needs --record FILE", "audit")]
    [InlineData("nothing-here.txt", "--graph", "/nothing-here.txt")]
    [InlineData("answered 401", "--key", "wrong")]
    [InlineData("no entry in it", "audit", "--record", "/dev/null")]
    public async Task What_the_caller_must_put_right_is_said_in_one_line(string said, params string[] args)
    {
        Assert.Equal(2, await Run(args));

        Assert.Contains(said, Output, StringComparison.Ordinal);
        Assert.Single(Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Help_lists_every_option_that_is_known()
    {
        Assert.Equal(0, await Run("--help"));

        foreach (var option in new[] { "--url", "--key", "--kind", "--graph", "--shoppers", "--owners", "--seconds", "--concurrency", "--seed", "--record" })
        {
            Assert.Contains(option, Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_listening_is_a_connection_error_and_not_a_stack_trace()
    {
        _engine.Away = _ => true;

        Assert.Equal(2, await Run("--seconds", "1"));

        Assert.Contains("http://localhost:8080/ did not answer", Output, StringComparison.Ordinal);
        Assert.Single(Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Stopping_a_rehearsal_ends_it_without_an_audit()
    {
        using var stop = new CancellationTokenSource();
        _engine.Away = r =>
        {
            if (r.RequestUri!.AbsolutePath.EndsWith("/cuts", StringComparison.Ordinal)) stop.Cancel();
            return false;
        };

        Assert.Equal(2, await RehearsalCommand.Run([], _output, _engine, _clock, TimeSpan.Zero, stop.Token));

        Assert.Contains("stopped before the audit", Output, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _clock.DisposeAsync();
        _engine.Dispose();
        _output.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Output => _output.ToString();

    private Task<int> Run(params string[] args) =>
        RehearsalCommand.Run(args, _output, _engine, _clock, TimeSpan.FromSeconds(1), CancellationToken.None);
}
