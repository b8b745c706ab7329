using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>How batches are committed, one under way at a time, and what becomes of those behind one that fails.</summary>
internal abstract partial class JournaledGrain<TState, TEvent>
{
    private async Task Pump()
    {
        while (_first is { } batch)
        {
            _first = batch.Behind;
            Settled settled;
            var written = 0;
            var asOf = services.Monotonic.GetTimestamp();
            try
            {
                var events = Seal(batch.Events);
                written = events.Count;
                settled = Settled.Committed;
                StreamAppend[] appends = [new StreamAppend(Stream, _durableVersion, Encode(events), DeadlineOf(batch)), .. batch.Others];
                // The stock is shared by all of the campaign's bargains and teams, so its grain commits what moves it.
                if (batch.Move.IsNone && batch.StockTotal is null) await services.Journal.Append(new JournalUnit(appends, batch.Receipts));
                else settled = (await StockOf(batch).Commit(StockCommit.Of(batch.Move, batch.StockTotal, appends, batch.Receipts))).AsSettled();
            }
            catch (Exception fault)
            {
                settled = SettledBy(fault);
            }

            if (settled.How == SettledAs.Committed)
            {
                _durable = batch.After;
                _durableVersion += written;
                DurableAsOf = asOf;
                if (_first is null)
                {
                    _last = null;
                    _singly = false;
                }

                OnDurable(_durable!, _durableVersion);
                TellWatchers();
                batch.Settled.SetResult(settled);
            }
            else
            {
                Fail(batch, settled);
            }
        }

        _pump = null;
    }

    /// <summary>Takes back what was decided: this batch and, since they rest on it, all behind it.</summary>
    private void Fail(Batch batch, Settled settled)
    {
        if (settled.How is SettledAs.Committed) throw new InvalidOperationException("A committed batch does not fail.");
        var rest = _first;
        _first = _last = null;
        if (settled.How == SettledAs.SoldOut)
        {
            // Which of several commands there is a unit for shows when each asks alone.
            _decided = _durable;
            if (batch.Commands > 1) settled = Settled.Redo;
            _singly = true;
        }
        else if (settled.How == SettledAs.Away)
        {
            _decided = _durable;
        }
        else
        {
            _inDoubt |= settled.How == SettledAs.Unknown;
            // Somebody else wrote, or we can't know: only the stream itself can tell. If another silo has this grain, this activation should go.
            if (settled.Streams.Contains(Stream)) Forget();
            else Drop();
        }

        batch.Settled.SetResult(settled);
        for (var behind = rest; behind is not null; behind = behind.Behind)
            behind.Settled.SetResult(settled.How == SettledAs.Away || AsksForNoLess(behind, batch, settled) ? settled : Settled.Redo);
    }

    /// <summary>
    /// What there was no unit for alone, there is none for behind it. All hear so at once: asking one after the other, each failing those
    /// behind it, would wear out everybody's attempts.
    /// </summary>
    private static bool AsksForNoLess(Batch behind, Batch batch, Settled settled) =>
        settled.How == SettledAs.SoldOut && batch.StockTotal is null && behind.StockTotal is null && behind.Move.Takes >= batch.Move.Takes;

    private IStockGrain StockOf(Batch batch) => services.Grains.Of<IStockGrain>(Streams.Stock(CampaignOf(batch.After!)));

    private static Settled SettledBy(Exception fault) => fault switch
    {
        JournalConflictException conflict => Settled.Conflict([.. conflict.Streams, .. conflict.ReceiptKeys]),
        JournalUnavailableException away => Settled.Away(away.Message, away.OutcomeUnknown),
        StoreUnavailableException away => Settled.Away(away.Message, away.OutcomeUnknown),
        // Whatever went wrong on the way to another grain: the outcome is unknown, and every waiting command has to hear so.
        _ => Settled.Away(fault.Message, outcomeUnknown: true),
    };

    private NewEvent[] Encode(IReadOnlyList<TEvent> events)
    {
        var encoded = new NewEvent[events.Count];
        for (var i = 0; i < encoded.Length; i++) encoded[i] = codec.Encode(events[i]);
        return encoded;
    }

    private DeadlineChange? DeadlineOf(Batch batch)
    {
        var due = DueAt(batch.After!);
        if (due == DueAt(_durable!)) return null;
        return due is null ? DeadlineChange.Clear : DeadlineChange.At(due.Value);
    }

    private sealed class Batch
    {
        // Made when a second command asks for room: most batches have one, and then its own lists do.
        private HashSet<string>? _streams;
        private HashSet<string>? _keys;
        private int _allEvents;

        public IReadOnlyList<TEvent> Events { get; private set; } = [];
        public IReadOnlyList<StreamAppend> Others { get; private set; } = [];
        public IReadOnlyList<ReceiptWrite> Receipts { get; private set; } = [];
        public StockMove Move { get; private set; }
        public int? StockTotal { get; private set; }
        public TState? After { get; private set; }
        public int Commands { get; private set; }

        /// <summary>The batch that was decided on top of it.</summary>
        public Batch? Behind { get; set; }

        /// <summary>Told on the grain's own scheduler, as the last thing of a turn, so that what waits for it goes on in the same turn.</summary>
        public TaskCompletionSource<Settled> Settled { get; } = new();

        /// <summary>A unit names a stream once, and a receipt's key.</summary>
        public bool HasRoomFor(IReadOnlyList<TEvent> events, IReadOnlyList<StreamAppend> others, IReadOnlyList<ReceiptWrite> receipts)
        {
            if (_allEvents + CountOf(events, others) > BatchEventsMax) return false;
            _streams ??= Others.Select(other => other.Stream).ToHashSet(StringComparer.Ordinal);
            _keys ??= Receipts.Select(receipt => receipt.Key).ToHashSet(StringComparer.Ordinal);
            return Commands < BatchMax && !others.Any(other => _streams.Contains(other.Stream)) && !receipts.Any(receipt => _keys.Contains(receipt.Key));
        }

        public void Add(IReadOnlyList<TEvent> events, IReadOnlyList<StreamAppend> others, StockMove move, int? stockTotal, IReadOnlyList<ReceiptWrite> receipts, TState after)
        {
            _allEvents += CountOf(events, others);
            Events = Joined(Events, events);
            Others = Joined(Others, others);
            Receipts = Joined(Receipts, receipts);
            _streams?.UnionWith(others.Select(other => other.Stream));
            _keys?.UnionWith(receipts.Select(receipt => receipt.Key));
            Move += move;
            StockTotal = stockTotal ?? StockTotal;
            After = after;
            Commands++;
        }

        private static int CountOf(IReadOnlyList<TEvent> events, IReadOnlyList<StreamAppend> others)
        {
            var count = events.Count;
            for (var i = 0; i < others.Count; i++) count += others[i].Events.Count;
            return count;
        }

        private static IReadOnlyList<T> Joined<T>(IReadOnlyList<T> before, IReadOnlyList<T> more)
        {
            if (before.Count == 0) return more;
            if (more.Count == 0) return before;
            var joined = before as Joint<T> ?? new Joint<T>(before);
            joined.AddRange(more);
            return joined;
        }

        // Of the batch, where other lists are the commands' own.
        private sealed class Joint<T>(IEnumerable<T> first) : List<T>(first);
    }
}
