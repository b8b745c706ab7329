namespace SocialCommerce.Journal;

/// <summary>
/// Finds out which units of a batch may be committed, commits them in one transaction, and names to every other one what it lost on.
/// Called by one thread at a time.
/// </summary>
internal sealed class BatchWriter(IBatchStore store, HeadCache heads, LostStreams lost)
{
    // Each retry means that another process committed in between; that many in a row mean a fault.
    private const int RetriesMax = 100;

    private readonly Dictionary<string, int> _planned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _plannedKeys = new(StringComparer.Ordinal);
    private readonly HashSet<(string Stream, int End)> _lostHere = [];
    private readonly Dictionary<string, int> _freshHeads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _freshKeys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streamsToAsk = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keysToAsk = new(StringComparer.Ordinal);
    private readonly List<PendingUnit> _winners = [];
    private readonly List<(PendingUnit Unit, JournalConflictException Reason)> _losers = [];

    /// <summary>The units of the last batch that were committed.</summary>
    public IReadOnlyList<PendingUnit> Committed => _winners;

    /// <summary>Commits what can be. No unit is told anything; <see cref="Settle"/> comes next.</summary>
    /// <exception cref="JournalUnavailableException">Nothing was written.</exception>
    /// <exception cref="StoreLostException">The store must recover; then either <see cref="Settle"/> or write the batch again.</exception>
    public void Write(IReadOnlyList<PendingUnit> batch)
    {
        _freshHeads.Clear();
        _freshKeys.Clear();
        for (var attempt = 0; ; attempt++)
        {
            PlanOnFacts(batch);
            if (_winners.Count == 0) break;
            try
            {
                store.Commit(_winners);
                break;
            }
            catch (KeyTakenException taken)
            {
                if (attempt == RetriesMax) throw new JournalUnavailableException("Other writers kept taking the keys of this batch.", false, taken);
                AskAgain();
            }
        }
    }

    /// <summary>
    /// The last batch was written: losers learn it here, winners are left in <see cref="Committed"/> for the caller to tell.
    /// <paramref name="lastSequence"/> gives the number of the unit handed over last.
    /// </summary>
    public void Settle(Func<long> lastSequence)
    {
        foreach (var unit in _winners)
        {
            foreach (var append in unit.Appends)
            {
                heads.Raise(append.Stream, append.ExpectedVersion + append.Events.Count);
                lost.Know(append.Stream, lastSequence());
            }
        }

        // Marked first, told second: no unit decided on a loser's state can be handed over in between.
        foreach (var (unit, _) in _losers) lost.Lose(unit.Unit);
        foreach (var (unit, reason) in _losers) unit.Fail(reason);
    }

    // Plans until nothing is left that only the store can tell. Every pass asks for something not asked before, so this ends.
    private void PlanOnFacts(IReadOnlyList<PendingUnit> batch)
    {
        while (true)
        {
            Plan(batch);
            if (_streamsToAsk.Count == 0 && _keysToAsk.Count == 0) return;
            Ask();
        }
    }

    private void Plan(IReadOnlyList<PendingUnit> batch)
    {
        _planned.Clear();
        _plannedKeys.Clear();
        _lostHere.Clear();
        _winners.Clear();
        _losers.Clear();
        foreach (var pending in batch)
        {
            if (Faults(pending, batch[0].Sequence) is { } reason)
            {
                _losers.Add((pending, reason));
                foreach (var append in pending.Appends) _lostHere.Add((append.Stream, append.ExpectedVersion + append.Events.Count));
                AskAboutLoser(pending.Unit);
                continue;
            }

            _winners.Add(pending);
            foreach (var append in pending.Appends) _planned[append.Stream] = append.ExpectedVersion + append.Events.Count;
            foreach (var receipt in pending.Unit.Receipts ?? []) _plannedKeys.Add(receipt.Key);
        }
    }

    // Null for a unit that can be committed as far as is known.
    private JournalConflictException? Faults(PendingUnit pending, long firstSequence)
    {
        List<string>? streams = null;
        List<string>? keys = null;
        foreach (var append in pending.Appends)
        {
            if (!IsAtHead(append) || BuildsOnLoser(append, pending.Sequence, firstSequence)) (streams ??= []).Add(append.Stream);
        }

        foreach (var receipt in pending.Unit.Receipts ?? [])
        {
            if (_plannedKeys.Contains(receipt.Key) || _freshKeys.GetValueOrDefault(receipt.Key)) (keys ??= []).Add(receipt.Key);
        }

        return streams is null && keys is null ? null : new JournalConflictException(streams ?? [], keys ?? []);
    }

    private bool BuildsOnLoser(StreamAppend append, long sequence, long firstSequence) =>
        _lostHere.Count > 0 && _lostHere.Contains((append.Stream, append.ExpectedVersion))
        || lost.Refuses(append.Stream, append.ExpectedVersion, sequence, firstSequence);

    private bool IsAtHead(StreamAppend append)
    {
        if (_planned.TryGetValue(append.Stream, out var head)) return append.ExpectedVersion == head;
        if (_freshHeads.TryGetValue(append.Stream, out head)) return append.ExpectedVersion == head;

        // The primary key tells whether a stream that is said to be new exists already; no need to ask.
        if (!heads.TryGet(append.Stream, out head)) head = 0;
        if (append.ExpectedVersion <= head) return append.ExpectedVersion == head;

        // Perhaps a gap, perhaps another process wrote: taken for right in this pass, so that everything unknown is found in one.
        _streamsToAsk.Add(append.Stream);
        return true;
    }

    // A loser is told all that it lost on, so nothing of it may rest on an assumption.
    private void AskAboutLoser(JournalUnit unit)
    {
        foreach (var append in unit.Appends)
        {
            if (!_freshHeads.ContainsKey(append.Stream)) _streamsToAsk.Add(append.Stream);
        }

        foreach (var receipt in unit.Receipts ?? [])
        {
            if (!_freshKeys.ContainsKey(receipt.Key)) _keysToAsk.Add(receipt.Key);
        }
    }

    // The batch met something in the store that was not known: everything in it is asked for anew.
    private void AskAgain()
    {
        foreach (var pending in _winners)
        {
            foreach (var append in pending.Appends) _streamsToAsk.Add(append.Stream);
            foreach (var receipt in pending.Unit.Receipts ?? []) _keysToAsk.Add(receipt.Key);
        }

        Ask();
    }

    private void Ask()
    {
        var facts = store.Ask(_streamsToAsk, _keysToAsk);
        foreach (var (stream, head) in facts.Heads)
        {
            _freshHeads[stream] = head;
            if (head > 0) heads.Raise(stream, head);
        }

        foreach (var key in _keysToAsk) _freshKeys[key] = facts.TakenKeys.Contains(key);
        _streamsToAsk.Clear();
        _keysToAsk.Clear();
    }
}
