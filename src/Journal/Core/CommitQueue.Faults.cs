namespace SocialCommerce.Journal;

/// <summary>What becomes of units when the store refuses them or goes away, and how the queue comes back to work.</summary>
internal sealed partial class CommitQueue
{
    // True when the units are to be written again. A connection that was merely cut comes back at once and nobody notices; otherwise
    // whatever waits is refused, and the units whose commit was cut off are held until the store tells their outcome.
    private bool Recover(List<PendingUnit> units, StoreLostException fault, long lostAt)
    {
        var held = units.Count > 0;
        var recovery = _store.TryRecover();
        for (var tries = 0; recovery == Recovery.Away; tries++)
        {
            FailQueued(_store.Obstacle is { } obstacle ? new StoreLostException(obstacle, fault) : fault, true);
            if (held && _time.GetElapsedTime(lostAt) >= _options.OutcomePatience) held = GiveUp(true);
            if (!Pause(tries)) break;
            recovery = _store.TryRecover();
        }

        if (recovery == Recovery.Away)
        {
            if (held) GiveUp(true);
            return false;
        }

        ComeBack(recovery);
        if (!held) return false;
        if (_store.LastCommitHappened)
        {
            Settle(units);
            return false;
        }

        return _time.GetElapsedTime(lostAt) < _options.OutcomePatience || GiveUp(false);

        bool GiveUp(bool outcomeUnknown)
        {
            FailUnits(units, new JournalUnavailableException(fault.Message, outcomeUnknown, fault.InnerException));
            return false;
        }
    }

    // Waits before the next try, longer each time. False when the journal closes instead.
    private bool Pause(int tries)
    {
        var wait = tries > 16 || _options.RetryFirst * (1 << tries) > _options.RetryMax ? _options.RetryMax : _options.RetryFirst * (1 << tries);
        lock (_gate) return !_closed && (Monitor.Wait(_gate, wait) || !_closed);
    }

    // Everything that waits fails as well: most of it was decided on top of the units that could not be written.
    private void Fail(List<PendingUnit> units, JournalUnavailableException fault)
    {
        FailQueued(fault, false);
        FailUnits(units, fault);
        var recovery = _store.TryRecover();
        if (recovery == Recovery.Away) Recover([], new StoreLostException(fault.Message, fault), _time.GetTimestamp());
        else ComeBack(recovery);
    }

    private void ComeBack(Recovery recovery)
    {
        // What is decided on more than the store has now would leave a gap: every stream is asked about once more.
        if (recovery == Recovery.Back) _heads.Forget();
        lock (_gate)
        {
            _away = false;
            if (recovery == Recovery.Back) _fault = null;
        }
    }

    private void FailUnits(List<PendingUnit> units, JournalUnavailableException reason)
    {
        foreach (var unit in units) _lost.Lose(unit.Unit);
        lock (_gate) _queuedUnits -= units.Count;
        foreach (var unit in units) unit.Fail(reason);
    }

    private void FailQueued(Exception fault, bool away)
    {
        List<IWriterWork> queued;
        lock (_gate)
        {
            _away = away;
            _fault = fault.Message;
            queued = [.. _queue];
            _queue.Clear();
            _queuedUnits -= queued.Count(work => work is PendingUnit);
        }

        var unsent = new JournalUnavailableException(fault.Message, false, fault);
        foreach (var unit in queued.OfType<PendingUnit>()) _lost.Lose(unit.Unit);
        foreach (var work in queued)
        {
            if (work is PendingUnit unit) unit.Fail(unsent);
            else ((WriterJob)work).Fail(unsent);
        }
    }
}
