namespace SocialCommerce.Journal;

/// <summary>
/// Group commit: one thread gathers every unit that arrived while the previous commit ran and commits them together. No timer: an
/// idle journal commits at once, a busy one in large batches. First in, first out; but where many units of hundreds of events come at once, as when
/// large teams fail, they are let in a few at a time, and what comes meanwhile need not wait for them all.
/// </summary>
internal sealed partial class CommitQueue : IAsyncDisposable
{
    private const int LargeUnitEvents = 256;
    private const int LargeUnitsAtOnce = 4;

    private readonly CommitQueueOptions _options;
    private readonly IBatchStore _store;
    private readonly HeadCache _heads;
    private readonly LostStreams _lost;
    private readonly BatchWriter _writer;
    private readonly Absences? _absent;
    private readonly Action _committed;
    private readonly TimeProvider _time;
    private readonly Func<long> _lastSequence;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly SemaphoreSlim _largeUnits = new(LargeUnitsAtOnce);
    private readonly object _gate = new();
    private readonly Queue<IWriterWork> _queue = new();
    private bool _closed;
    private bool _away;
    private string? _fault;
    private int _queuedUnits;
    private long _sequence;
    private long _unitsCommitted;
    private long _eventsCommitted;
    private long _commits;
    private long _reads;
    private long _readsSpared;

    /// <param name="absent">Where nobody else writes; null where others may.</param>
    /// <param name="committed">Called on the writer's thread after each commit, before its units are told.</param>
    public CommitQueue(IBatchStore store, CommitQueueOptions options, HeadCache heads, Absences? absent, string name, Action committed, TimeProvider time)
    {
        _options = options;
        _store = store;
        _heads = heads;
        _lost = new LostStreams(options.LostMax);
        _writer = new BatchWriter(store, heads, _lost);
        _absent = absent;
        _committed = committed;
        _time = time;
        _lastSequence = () => Volatile.Read(ref _sequence);
        // A thread of its own: a commit waits for the disk, and the pool's threads are the grains'.
        new Thread(Loop) { Name = name, IsBackground = true }.Start();
    }

    public JournalStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new JournalStatus(
                    _fault is null, _fault, _queuedUnits, _unitsCommitted, _eventsCommitted, _commits, Volatile.Read(ref _reads), Volatile.Read(ref _readsSpared));
            }
        }
    }

    public Task Append(JournalUnit unit)
    {
        UnitCheck.Check(unit);
        _absent?.Appears(unit);
        var pending = new PendingUnit(unit);
        return pending.Events < LargeUnitEvents ? Append(pending) : AppendLarge(pending);
    }

    /// <summary>Runs a job on the writer's thread, in its place among the units.</summary>
    public Task<T> Run<T>(Func<T> job)
    {
        var work = new WriterJob<T>(job);
        return HandOver(work, 0) is { } refusal ? Task.FromException<T>(refusal) : work.Done;
    }

    /// <summary>To be called before a stream is read: from then on its readers know what became of failed units.</summary>
    /// <returns>False when there is no such stream, and the store need not be asked.</returns>
    public bool Reading(string stream)
    {
        _lost.Know(stream, Volatile.Read(ref _sequence));
        return IsWorthAsking(_absent?.Streams, stream);
    }

    /// <summary>The same for a stream of this process's own. That it is not there is told once: whoever asks again may have made it, or lost on it.</summary>
    public bool ReadingOwn(string stream, AbsentNames own)
    {
        if (!own.Knows(stream))
        {
            own.Appears(stream);
            return true;
        }

        own.Appears(stream);
        _lost.Know(stream, Volatile.Read(ref _sequence));
        Interlocked.Increment(ref _reads);
        Interlocked.Increment(ref _readsSpared);
        return false;
    }

    /// <inheritdoc cref="IJournal.Recall"/>
    public void Recall(string stream, int version)
    {
        UnitCheck.CheckName(stream, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        _heads.Raise(stream, version);
    }

    /// <summary>To be called before a receipt is looked for.</summary>
    /// <returns>False when there is none under the key, and the store need not be asked.</returns>
    public bool ReadingReceipt(string key) => IsWorthAsking(_absent?.Receipts, key);

    private bool IsWorthAsking(AbsentNames? absent, string name)
    {
        Interlocked.Increment(ref _reads);
        if (absent?.Knows(name) != true) return true;
        Interlocked.Increment(ref _readsSpared);
        return false;
    }

    /// <summary>Commits what was handed over, then refuses and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        await _ended.Task;
    }

    private async Task AppendLarge(PendingUnit pending)
    {
        await _largeUnits.WaitAsync();
        try
        {
            await Append(pending);
        }
        finally
        {
            _largeUnits.Release();
        }
    }

    private Task Append(PendingUnit pending)
    {
        var refusal = HandOver(pending, 1);
        if (refusal is null) return pending.Done;

        // What builds on it must be refused as well, also when the store is back by then.
        _lost.Lose(pending.Unit);
        return Task.FromException(refusal);
    }

    private JournalUnavailableException? HandOver(IWriterWork work, int units)
    {
        lock (_gate)
        {
            if (_closed) return new JournalUnavailableException("The journal is closed.");
            if (_away) return new JournalUnavailableException(_fault ?? "The store is away.");
            if (_queuedUnits + units > _options.QueuedUnitsMax) return new JournalUnavailableException($"{_queuedUnits} units are waiting for the journal already.");
            if (work is PendingUnit pending) pending.Sequence = ++_sequence;
            _queuedUnits += units;
            _queue.Enqueue(work);
            if (_queue.Count == 1) Monitor.Pulse(_gate);
            return null;
        }
    }

    private void Loop()
    {
        var units = new List<PendingUnit>(_options.BatchUnitsMax);
        var jobs = new List<WriterJob>();
        while (Take(units, jobs))
        {
            if (units.Count > 0) Commit(units);
            foreach (var job in jobs) Run(job);
        }

        _ended.SetResult();
    }

    // Waits for work. False once the queue is closed and empty.
    private bool Take(List<PendingUnit> units, List<WriterJob> jobs)
    {
        units.Clear();
        jobs.Clear();
        var events = 0;
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_closed) return false;
                Monitor.Wait(_gate);
            }

            while (units.Count + jobs.Count < _options.BatchUnitsMax && _queue.TryPeek(out var next))
            {
                if (next is WriterJob job) jobs.Add(job);
                else
                {
                    // A job keeps its place: units handed over after it don't overtake it.
                    var unit = (PendingUnit)next;
                    if (jobs.Count > 0 || units.Count > 0 && events + unit.Events > _options.BatchEventsMax) break;
                    events += unit.Events;
                    units.Add(unit);
                }

                _queue.Dequeue();
            }
        }

        return true;
    }

    private void Commit(List<PendingUnit> units)
    {
        long? lostAt = null;
        for (var losses = 0; ; losses++)
        {
            try
            {
                _writer.Write(units);
                Settle(units);
                return;
            }
            catch (StoreLostException fault)
            {
                lostAt ??= _time.GetTimestamp();
                if (losses > 0) Pause(losses);
                if (!Recover(units, fault, lostAt.Value)) return;
            }
            catch (JournalUnavailableException fault)
            {
                Fail(units, fault);
                return;
            }
#pragma warning disable CA1031 // A bug in a store must not end the only writer: callers would wait for ever.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Fail(units, new JournalUnavailableException($"The journal's writer failed: {fault.Message}", true, fault));
                return;
            }
        }
    }

    private void Settle(List<PendingUnit> units)
    {
        var committed = _writer.Committed;
        // Before anybody is told: whoever was finds itself no longer counted as waiting.
        lock (_gate)
        {
            _queuedUnits -= units.Count;
            if (committed.Count > 0)
            {
                _fault = null;
                _commits++;
                _unitsCommitted += committed.Count;
                foreach (var unit in committed) _eventsCommitted += unit.Events;
            }
        }

        _writer.Settle(_lastSequence);
        if (committed.Count == 0) return;
        _committed();
        foreach (var unit in committed) unit.Complete();
        _store.Tidy();
    }

    private void Run(WriterJob job)
    {
        try
        {
            job.Run();
            // A full disk may have room again. Behind something that sends requests only to those who are ready, no unit would come to find out.
            lock (_gate)
            {
                if (!_away) _fault = null;
            }
        }
        catch (JournalUnavailableException fault)
        {
            job.Fail(fault);
            Fail([], fault);
        }
        catch (StoreLostException fault)
        {
            job.Fail(new JournalUnavailableException(fault.Message, true, fault));
            Recover([], fault, _time.GetTimestamp());
        }
#pragma warning disable CA1031 // As above: the job's caller gets the exception, the writer goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            job.Fail(fault);
        }
    }
}
