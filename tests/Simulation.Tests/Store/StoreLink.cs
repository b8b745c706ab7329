namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// The journal as one life of a silo sees it: commits take their time and share it, may be refused, may end nobody knows how; reads may
/// be slow, old by the time they arrive, or fail.
/// </summary>
/// <remarks>
/// One batch is under way at a time, and what comes meanwhile makes the next, as in the journals on disk; when one fails, so does what
/// waits behind it. Only the life's own callers hear anything after its end: nobody.
/// </remarks>
internal sealed class StoreLink : IJournal
{
    private readonly World _world;
    private readonly Store _store;
    private readonly Life _life;
    private readonly int _silo;
    private readonly Dice _dice;
    private readonly MemoryJournal _journal;
    private List<Pending> _waiting = [];
    private List<Pending> _underWay = [];
    private readonly List<JournalUnit[]> _late = [];
    private long _lastAnswerAt;
    private HashSet<string>? _named;
    private FeedPosition _namedTo = FeedPosition.Start;

    public StoreLink(World world, Life life, int silo, Dice dice)
    {
        (_world, _store, _life, _silo, _dice) = (world, world.Store, life, silo, dice);
        _journal = _store.Open();
    }

    public int DeadlineShards => _journal.DeadlineShards;

    public IDocumentStore Documents => _journal.Documents;

    public JournalStatus Status => _journal.Status;

    private Weather Weather => _store.Weather;

    public Task Append(JournalUnit unit)
    {
        if (_store.IsAwayFor(_silo)) return Task.FromException(TurnedAway());
        var pending = new Pending(unit);
        _waiting.Add(pending);
        if (_underWay.Count == 0) Begin();
        return pending.Task;
    }

    public Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue) =>
        Reading(() => _journal.Read(stream, afterVersion, limit).Result);

    // Each silo is sure that all streams are its own, and the others write to them all the same.
    public void Own()
    {
        _named ??= [];
        for (var atEnd = false; !atEnd;)
        {
            var page = _journal.Feed(_namedTo, limit: 1_000).Result;
            foreach (var happened in page.Events) _named.Add(happened.Stream);
            (_namedTo, atEnd) = (page.Next, page.AtEnd);
        }
    }

    public ValueTask<IReadOnlyList<StoredEvent>?> ReadOwn(string stream) => _named?.Add(stream) == true ? default : new(Read(stream)!);

    public Task<StoredReceipt?> FindReceipt(string key) => Reading(() => _journal.FindReceipt(key).Result);

    public Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null) => Reading(() => _journal.Feed(after, limit, kinds).Result);

    public void Recall(string stream, int version) => _journal.Recall(stream, version);

    public Task<IReadOnlyList<string>> Waiting(string after, int limit) => Reading(() => _journal.Waiting(after, limit).Result);

    public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit) => Reading(() => _journal.Due(shard, now, limit).Result);

    public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000) =>
        Fault() is { } fault ? Task.FromException<int>(fault) : _journal.ForgetReceipts(now, limit);

    public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default) => _world.Timeline.Delay(patience);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Commits to the true journal, without a fault; gives what the unit was refused for.</summary>
    public Exception? Truly(JournalUnit unit)
    {
        var done = _journal.Append(unit);
        return done.Exception?.InnerException;
    }

    /// <summary>The same as if it had been decided on what is there, and under keys that nobody has used.</summary>
    public Exception? TrulyWhateverWasThere(JournalUnit unit)
    {
        var forced = new JournalUnit(
            [.. unit.Appends.Select(append => append with { ExpectedVersion = _store.Truth.Read(append.Stream).Result.Count })],
            [.. (unit.Receipts ?? []).Where(receipt => _store.Truth.FindReceipt(receipt.Key).Result is null)]);
        return forced.Appends.Count + forced.Receipts!.Count == 0 ? null : Truly(forced);
    }

    /// <summary>The silo was killed. What was under way may have got through.</summary>
    public void Die()
    {
        if (_underWay.Count > 0 && _dice.Happens(0.5))
        {
            foreach (var pending in _underWay) Write(pending.Unit, dead: true);
        }

        _underWay = [];
        _waiting = [];
        // Who writes alone holds a lock that lasts as long as its last statement (docs/adr/0008): what is late comes before the next life, or never.
        if (_world.Setting.Silos > 1) return;
        foreach (var units in _late)
        {
            if (_dice.Happens(0.5)) WriteLate(units);
        }

        _late.Clear();
    }

    private void Begin()
    {
        (_underWay, _waiting) = (_waiting, _underWay);
        if (Weather.CommitMost == TimeSpan.Zero) Commit();
        else _world.Timeline.After(_dice.Wait(Weather.CommitMost), Commit);
    }

    private void Commit()
    {
        if (_life.IsOver) return;
        var batch = _underWay;
        var end = _store.IsAwayFor(_silo) ? CommitEnd.Refused : Weather.End(_dice);
        _world.Trace.Note($"silo {_silo}: {batch.Count} units, {end}");
        if (end is CommitEnd.Done or CommitEnd.LostWritten)
        {
            foreach (var pending in batch) pending.Fault = Write(pending.Unit);
        }

        if (end != CommitEnd.Done) Fail(batch, end);
        _underWay = [];
        Answer(batch);
        if (_waiting.Count > 0) Begin();
    }

    private void Fail(List<Pending> batch, CommitEnd end)
    {
        _world.Faults.Count(end switch
        {
            CommitEnd.Refused => Tests.Fault.CommitRefused,
            CommitEnd.LostWritten => Tests.Fault.AnswerLostWritten,
            CommitEnd.LostNotWritten => Tests.Fault.AnswerLostNotWritten,
            _ => Tests.Fault.AnswerLostWrittenLater,
        });
        foreach (var pending in batch) pending.Fault = new JournalUnavailableException("The connection was cut.", outcomeUnknown: end != CommitEnd.Refused);
        if (end == CommitEnd.LostWrittenLater)
        {
            JournalUnit[] units = [.. batch.Select(pending => pending.Unit)];
            _late.Add(units);
            _world.Timeline.After(_dice.Wait(Weather.LateMost), () =>
            {
                if (_late.Remove(units)) WriteLate(units);
            });
        }

        foreach (var pending in _waiting) pending.Fault = new JournalUnavailableException("The connection was cut.", outcomeUnknown: false);
        batch.AddRange(_waiting);
        _waiting = [];
    }

    private void WriteLate(JournalUnit[] units)
    {
        foreach (var unit in units) Write(unit);
    }

    private Exception? Write(JournalUnit unit, bool dead = false)
    {
        var fault = dead ? _world.Defect.WriteOfTheDead(unit, this) : _world.Defect.Write(unit, this);
        _world.Trace.Note($"silo {_silo}: {(unit.Appends.Count > 0 ? unit.Appends[0].Stream : "receipt")} {(fault is null ? "written" : "lost on its version")}");
        _world.Auditor.Follow();
        return fault;
    }

    private void Answer(List<Pending> batch)
    {
        var at = Math.Max(_lastAnswerAt, _world.Timeline.Ticks + _dice.Wait(Weather.CommitMost).Ticks);
        _lastAnswerAt = at;
        if (at == _world.Timeline.Ticks) Tell(batch);
        else _world.Timeline.After(TimeSpan.FromTicks(at - _world.Timeline.Ticks), () => Tell(batch));
    }

    private void Tell(List<Pending> batch)
    {
        if (_life.IsOver) return;
        foreach (var pending in batch) pending.Tell();
    }

    private Task<T> Reading<T>(Func<T> read)
    {
        if (Fault() is { } fault) return Task.FromException<T>(fault);
        if (Weather.ReadMost == TimeSpan.Zero) return Task.FromResult(read());
        var wait = _dice.Wait(Weather.ReadMost);
        if (wait == TimeSpan.Zero) return Task.FromResult(read());

        // Read now and told later: old news by then. Or asked now and read later.
        var answer = new TaskCompletionSource<T>();
        if (_dice.Happens(0.5))
        {
            var value = read();
            _world.Timeline.After(wait, () => answer.SetResult(value));
        }
        else
        {
            _world.Timeline.After(wait, () =>
            {
                if (_life.IsOver) return;
                if (_store.IsAwayFor(_silo)) answer.SetException(TurnedAway());
                else answer.SetResult(read());
            });
        }

        return answer.Task;
    }

    private JournalUnavailableException? Fault()
    {
        if (_store.IsAwayFor(_silo)) return TurnedAway();
        if (Weather.Unreadable == 0 || !_dice.Happens(Weather.Unreadable)) return null;
        _world.Faults.Count(Tests.Fault.ReadFailed);
        return new JournalUnavailableException("The connection was cut.", outcomeUnknown: false);
    }

    private JournalUnavailableException TurnedAway()
    {
        _world.Faults.Count(Tests.Fault.TurnedAway);
        return new JournalUnavailableException("The store is away.", outcomeUnknown: false);
    }

    private sealed class Pending(JournalUnit unit)
    {
        private readonly TaskCompletionSource _done = new();

        public JournalUnit Unit => unit;

        public Exception? Fault { get; set; }

        public Task Task => _done.Task;

        public void Tell()
        {
            if (Fault is null) _done.SetResult();
            else _done.SetException(Fault);
        }
    }
}
