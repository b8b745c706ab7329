using System.Runtime.CompilerServices;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// What every aggregate does, written once: load, decide, fold, commit, answer, and fall over safely.
/// </summary>
/// <remarks>
/// Commands are decided in memory, one after the other, each on what all before it decided. What they decided is committed in batches,
/// one under way at a time: commands that arrive meanwhile make the next batch. A batch is one unit of the journal, together with the
/// streams of the shoppers and the stock that its commands touch. When a batch fails, everything decided after it fails, too, and is
/// decided anew; so is a batch that lost on a version, after reading the stream again. Readers see the durable state alone.
/// The class using this must be reentrant.
/// </remarks>
internal abstract partial class JournaledGrain<TState, TEvent>(JournaledGrainServices services, EventCodec<TEvent> codec) : Grain
    where TState : class
    where TEvent : class
{
    /// <summary>So many commands at most share a unit; the journal gathers units on top of that.</summary>
    private const int BatchMax = 512;

    // Failed teams bring hundreds each to their campaign's stock. In one unit with all of them, everybody's commits would wait for seconds.
    private const int BatchEventsMax = 2_048;

    private const int AttemptsMax = 8;

    // Well within the response timeout of every engine.
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(8);

    private TState? _decided;
    private Folded? _folded;
    private TState? _durable;
    private int _durableVersion;
    // Waiting, each with the one behind it: a queue of its own would be room that a million bargains at rest never use.
    private Batch? _first;
    private Batch? _last;
    private Task? _pump;
    private bool _singly;
    private TaskCompletionSource? _changed;
    private Task? _changeNoticed;

    protected JournaledGrainServices Services => services;

    /// <summary>
    /// What a tick finds that nothing is due for: a refusal, so given after a look from time to time. Whoever sweeps goes by what the store has,
    /// and would ask in vain for as long as this activation has not heard of what another silo wrote.
    /// </summary>
    protected static Step<TEvent, Done> NothingDue { get; } = new(Done.Instance) { Refusal = 1 };

    /// <summary>The name of the aggregate's stream.</summary>
    protected abstract string Stream { get; }

    protected abstract TState Empty { get; }

    protected abstract TState Evolve(TState state, TEvent happened);

    /// <summary>When something is to happen by itself; kept as the stream's due time.</summary>
    protected virtual DateTimeOffset? DueAt(TState state) => null;

    /// <summary>The campaign whose stock the aggregate's units come from.</summary>
    protected virtual string CampaignOf(TState state) => throw new InvalidOperationException($"{GetType().Name} moves no stock.");

    /// <summary>The events as they are written; an aggregate may sum up what was decided one by one.</summary>
    protected virtual IReadOnlyList<TEvent> Seal(IReadOnlyList<TEvent> events) => events;

    /// <summary>A new durable state, committed here or read from the stream; for snapshots and caches.</summary>
    protected virtual void OnDurable(TState durable, int version) { }

    /// <summary>The durable state is not known any more, until it is read again.</summary>
    protected virtual void OnForgotten() { }

    /// <summary>
    /// The durable state where it is at hand, however long ago it was confirmed; else null. Enough to decide on: what is accepted is
    /// confirmed by its commit, and <c>Execute</c> looks before it refuses.
    /// </summary>
    protected TState? AtHand => _durable;

    /// <summary>The state as the last commit left it; confirmed, so it may be shown.</summary>
    protected ValueTask<TState> Durable()
    {
        return _durable is { } durable && !IsUnconfirmed ? new(durable) : new(Looked());

        async Task<TState> Looked()
        {
            do
            {
                while (_durable is null) await Load();
            }
            while (IsUnconfirmed && await Confirm());
            GoIfNothing();
            return _durable ?? await Durable();
        }
    }

    /// <summary>The durable state once its version differs from the one given, or after some seconds as it is; at once where there is none.</summary>
    protected async Task<TState> DurableAfter(int knownVersion)
    {
        await Durable();
        if (_durableVersion == knownVersion && _durableVersion > 0)
        {
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // Noticed once for all who wait, in a turn of this grain: a wait straight on the change would end on a thread of its own.
            _changeNoticed ??= Here(_changed.Task);
            // Waiting in vain is no fault: the caller asks again.
            await _changeNoticed.WaitAsync(WatchPatience, services.Monotonic)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return await Durable();

        static async Task Here(Task changed) => await changed;
    }

    private void TellWatchers()
    {
        _changed?.TrySetResult();
        _changed = null;
        _changeNoticed = null;
    }

    /// <summary>Decides a command and answers when its outcome is durable.</summary>
    /// <param name="decide">Pure but for ids and chance: it is called again when what it rested on was not committed.</param>
    /// <param name="whenStale">The reply when another stream of the step was not at the version that the caller gave; null where that can't be.</param>
    /// <param name="first">Looks for the answer to an earlier request with the same key.</param>
    /// <param name="refusalIsFinal">
    /// Nobody asks again after a refusal, so it must not rest on what is no longer so: another silo that believes it has this grain may have
    /// written since. Costs a look at the stream, so not for what very many are refused.
    /// </param>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    protected async Task<TReply> Execute<TReply>(
        Func<TState, Circumstances, Step<TEvent, TReply>> decide, Func<IReadOnlyList<string>, TReply>? whenStale = null, Func<Task<TReply?>>? first = null,
        bool refusalIsFinal = false)
        where TReply : class
    {
        var stockIsGone = false;
        for (var failures = 0; failures < AttemptsMax;)
        {
            if (first is not null && await Read(first) is { } answered) return answered;
            while (_durable is null) await Load();

            var circumstances = new Circumstances(services.Now(), stockIsGone);
            var step = decide(_decided!, circumstances);
            if (step.Events.Count == 0)
            {
                // Where the durable state says the same, its own answer is given: the other may show what is not yet durable.
                var answer = _last is null ? step : decide(_durable!, circumstances);
                if (answer.Events.Count == 0 && answer.Refusal == step.Refusal)
                {
                    if ((refusalIsFinal || answer.IsDoubtful) && answer.Refusal != 0 && await SomebodyElseWrote()) continue;
                    if (answer.Refusal != 0 && IsUnconfirmed && await Confirm()) continue;
                    GoIfNothing();
                    return answer.Reply;
                }
            }

            // A refusal that rests on something decided but not durable waits for the commit of that.
            var settled = await (step.Events.Count == 0 ? _last!.Settled.Task : Enqueue(step));
            switch (settled.How)
            {
                case SettledAs.Committed:
                    return step.Reply;
                case SettledAs.Conflict when whenStale is not null && Concerns(settled, step):
                    return whenStale(settled.Streams);
                case SettledAs.Away or SettledAs.Unknown:
                    throw new StoreUnavailableException(settled.Fault, settled.How == SettledAs.Unknown);
                case SettledAs.SoldOut when step.Events.Count > 0:
                    stockIsGone = true;
                    failures++;
                    break;
                case SettledAs.Conflict when settled.Streams.Contains(Stream) || Concerns(settled, step):
                    failures++;
                    break;
                default:
                    // Another command's failure, of which that one has only so many: it does not count against this one.
                    break;
            }
        }

        throw new StoreUnavailableException($"{Stream} kept changing under the command.", outcomeUnknown: false);
    }

    /// <summary>The same for a request of the shop or an owner, which may carry a key of its own; its refusal is final.</summary>
    protected async Task<TReply> Execute<TReply>(RequestKey? key, ReplyCodec<TReply> codec, Func<TState, Circumstances, Step<TEvent, TReply>> decide)
        where TReply : class
    {
        var reply = await Execute(decide, first: key is null ? null : () => services.Receipts.Find(key, codec).AsTask(), refusalIsFinal: true);
        return key is null ? reply : await Read(() => services.Receipts.Keep(key, reply, codec, services.Now()).AsTask());
    }

    /// <summary>
    /// Before asking a grain that may be asking this one: the rest runs in a later turn. Orleans holds an activation's lock while it starts the
    /// grain and begins its first requests, so of two grains that woke and asked one another there neither would ever answer.
    /// </summary>
    protected static YieldAwaitable LaterTurn() => Task.Yield();

    private static bool Concerns<TReply>(Settled settled, Step<TEvent, TReply> step) =>
        step.Others.Any(other => settled.Streams.Contains(other.Stream)) || step.Receipts.Any(receipt => settled.Streams.Contains(receipt.Key));

    /// <summary>The state after the events that a decision makes a step of. Taking that step does not fold them again.</summary>
    protected TState After(TState state, IReadOnlyList<TEvent> events)
    {
        var after = Fold(state, events);
        if (events.Count > 0) _folded = new Folded(state, events, after);
        return after;
    }

    private TState Fold(TState state, IReadOnlyList<TEvent> events)
    {
        for (var i = 0; i < events.Count; i++) state = Evolve(state, events[i]);
        return state;
    }

    private Task<Settled> Enqueue<TReply>(Step<TEvent, TReply> step)
    {
        _decided = _folded is { } folded && folded.Before == _decided && folded.Events == step.Events ? folded.After : Fold(_decided!, step.Events);
        _folded = null;

        var batch = _first is not null && !_singly && _last!.HasRoomFor(step.Events, step.Others, step.Receipts) ? _last : null;
        if (batch is null)
        {
            batch = new Batch();
            if (_first is null) _first = batch;
            else _last!.Behind = batch;
            _last = batch;
        }

        batch.Add(step.Events, step.Others, step.Move, step.StockTotal, step.Receipts, _decided!);
        if (_pump is null or { IsCompleted: true }) _pump = Pump();
        return batch.Settled.Task;
    }

    private sealed class Folded(TState before, IReadOnlyList<TEvent> events, TState after)
    {
        public TState Before => before;
        public IReadOnlyList<TEvent> Events => events;
        public TState After => after;
    }
}
