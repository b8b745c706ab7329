using System.Collections.Concurrent;
using SocialCommerce.Rehearsal.Graphs;
using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>What every play of one run stands on: the graph, the engine, the clock, the ledger.</summary>
internal sealed class Stage(RehearsalOptions options, string runId, FriendGraph graph, EngineApi api, Ledger ledger, TimeProvider clock, CancellationToken ct)
{
    // A generated graph's people are numbers; a file's names keep their own look behind the prefix.
    private readonly string _prefix = options.GraphFile is { } file && Path.GetFileName(file).StartsWith("facebook", StringComparison.OrdinalIgnoreCase) ? "fb" : "p";
    private readonly ConcurrentDictionary<string, int> _helps = new(StringComparer.Ordinal);
    private long _keys;

    public RehearsalOptions Options => options;
    public string RunId => runId;
    public FriendGraph Graph => graph;
    public EngineApi Api => api;
    public Ledger Ledger => ledger;
    public CancellationToken Stopping => ct;
    public Tally Tally { get; } = new();
    public Agenda Agenda { get; } = new(clock, options.Concurrency);
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How long a bargain or team of this run stays open: short enough that some expire in the run.</summary>
    public TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(Math.Clamp(options.Seconds * 2 / 5, 1, 30));

    /// <summary>The last moment of the play; set when it begins.</summary>
    public DateTimeOffset End { get; set; }

    public int OwnerCount => Math.Min(options.Owners ?? Math.Max(4, graph.People / 12), graph.People);

    /// <summary>The shopper id of a person: theirs in this run only, so that quotas of earlier runs don't spoil this one.</summary>
    public string Shopper(int person) => $"{_prefix}{graph.NameOf(person)}-{runId}";

    public Random Chance(params ReadOnlySpan<object> about) => Play.Chance.For(options.Seed, about);

    public Task Pause(TimeSpan time, CancellationToken? until = null) =>
        time > TimeSpan.Zero ? Task.Delay(time, clock, until ?? ct) : Task.CompletedTask;

    /// <summary>An idempotency key that nobody used before.</summary>
    public string NewKey() => $"rehearsal-{runId}-{Interlocked.Increment(ref _keys)}";

    public void Helped(string shopperId) => _helps.AddOrUpdate(shopperId, 1, static (_, n) => n + 1);

    public int HelpsOf(string shopperId) => _helps.GetValueOrDefault(shopperId);

    /// <summary>
    /// Sends a request that changes something and counts its refusal; an outcome that stays open is written down before anything
    /// else. What was done is the caller's to record.
    /// </summary>
    public async Task<Answer<T>> Send<T>(string act, string targetId, string shopperId, Task<Answer<T>> sending)
        where T : class
    {
        try
        {
            var answer = await sending;
            Note(act, targetId, shopperId, answer);
            return answer;
        }
        catch (Exception e) when (e is EngineAwayException or OperationCanceledException)
        {
            Unknown(act, targetId, shopperId);
            throw;
        }
    }

    private void Note<T>(string act, string targetId, string shopperId, Answer<T> answer)
        where T : class
    {
        if (answer.Outcome == Outcome.Refused)
        {
            Tally.Refused(act, answer.Code);
        }
        else if (answer.Outcome == Outcome.Unknown)
        {
            Unknown(act, targetId, shopperId);
            Tally.Refused(act, answer.Code);
        }
    }

    private void Unknown(string act, string targetId, string shopperId)
    {
        Tally.Count("unknown");
        ledger.Append(new OutcomeUnknown(act, targetId, shopperId));
    }
}
