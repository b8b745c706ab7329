namespace SocialCommerce.Journal;

/// <summary>The writer's side of the file. Everything here runs on the writer's thread.</summary>
internal sealed class SqliteBatchStore : IBatchStore, IDisposable
{
    // Beyond this the log is cut even if that makes readers wait a moment.
    private const long LogBytesMax = 128L << 20;

    private readonly SqliteJournalOptions _options;
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly string _log;
    private readonly int _shards;
    private readonly StreamIndex _index;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _due;
    private readonly SqliteStatement _notDue;
    private readonly SqliteStatement _receipt;
    private readonly SqliteStatement _taken;
    private readonly SqliteStatement _lastPosition;
    private JournalUnit? _doubtful;
    private int _pagesInLog;

    public SqliteBatchStore(SqliteConnection connection, SqliteJournalOptions options, int shards, RecentEvents recent)
    {
        _options = options;
        _connection = connection;
        _checkpointer = new SqliteCheckpointer(options);
        _log = options.Path + "-wal";
        _shards = shards;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _event = connection.Prepare("INSERT INTO events (position, stream, version, kind, payload) VALUES (?1, ?2, ?3, ?4, ?5)");
        _due = connection.Prepare("INSERT INTO deadlines (stream, shard, due_at) VALUES (?1, ?2, ?3) ON CONFLICT (stream) DO UPDATE SET due_at = excluded.due_at");
        _notDue = connection.Prepare("DELETE FROM deadlines WHERE stream = ?1");
        _receipt = connection.Prepare("INSERT INTO receipts (key, fingerprint, answer, kept_until) VALUES (?1, ?2, ?3, ?4)");
        _taken = connection.Prepare("SELECT 1 FROM receipts WHERE key = ?1");
        _lastPosition = connection.Prepare("SELECT max(position) FROM events");
        LastPosition = ReadLastPosition();
        _index = new StreamIndex(connection, recent, options);
    }

    /// <summary>The position of the last committed event.</summary>
    public long LastPosition { get; private set; }

    public bool LastCommitHappened { get; private set; }

    public StoreFacts Ask(IReadOnlyCollection<string> streams, IReadOnlyCollection<string> receiptKeys)
    {
        try
        {
            var heads = new Dictionary<string, int>(streams.Count, StringComparer.Ordinal);
            foreach (var stream in streams) heads[stream] = _index.Head(stream);
            var taken = new HashSet<string>(StringComparer.Ordinal);
            foreach (var key in receiptKeys)
            {
                if (IsTaken(key)) taken.Add(key);
            }

            return new StoreFacts(heads, taken);
        }
        catch (SqliteFault fault)
        {
            throw fault.For(_options.Path);
        }
    }

    public void Commit(IReadOnlyList<PendingUnit> units)
    {
        _doubtful = null;
        LastCommitHappened = false;
        _index.Begin();
        try
        {
            Transact(() =>
            {
                foreach (var pending in units) Insert(pending.Unit);
                _index.Move();
                _doubtful = units[0].Unit;
            });
        }
        catch (Exception thrown)
        {
            _index.RolledBack();
            if (thrown is KeyTakenException) ReadOn();
            throw;
        }

        _index.Committed(LastPosition);
        LastCommitHappened = true;
        _doubtful = null;
    }

    /// <summary>Runs the work in a transaction of its own.</summary>
    /// <exception cref="KeyTakenException">A key refused it; nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">Nothing was written, or it says that the outcome is unknown.</exception>
    /// <exception cref="StoreLostException">The disk failed while units were committed.</exception>
    public void Transact(Action work)
    {
        var before = LastPosition;
        var committing = false;
        try
        {
            _begin.Run();
            work();
            if (!HasFiles) throw new JournalUnavailableException($"'{_options.Path}' or its log is gone.");
            committing = true;
            _options.Faults?.Invoke(SqliteStep.BeforeCommit);
            _commit.Run();
            _options.Faults?.Invoke(SqliteStep.AfterCommit);
        }
        catch (Exception thrown)
        {
            LastPosition = before;
            RollBack();
            var cutOff = committing && thrown is SqliteFault { IsDisk: true };
            if (!cutOff) _doubtful = null;
            if (thrown is not SqliteFault fault) throw;
            if (fault.IsKeyTaken) throw new KeyTakenException(fault.Message, fault);
            var reason = fault.For(_options.Path);
            if (!cutOff) throw reason;
            if (_doubtful is not null) throw new StoreLostException(reason.Message, fault);
            throw new JournalUnavailableException(reason.Message, true, fault);
        }

        _pagesInLog += _connection.TakePagesWritten();
    }

    /// <summary>
    /// After a failed COMMIT its pages may lie in the log, unseen but complete, and come to life when the log is read after a crash. A
    /// small commit of our own takes their place in the log; when it is on disk, reading tells the truth for good.
    /// </summary>
    public Recovery TryRecover()
    {
        if (_doubtful is null) return Recovery.NextCommitTells;
        if (!HasFiles) return Recovery.Away;
        try
        {
            RollBack();
            _connection.Execute("UPDATE store SET recoveries = recoveries + 1");
            ReadOn();
            LastCommitHappened = IsWritten(_doubtful);
            _doubtful = null;
            return Recovery.Back;
        }
        catch (SqliteFault)
        {
            // The fault that brought us here is told already; this try only found that it lasts.
            return Recovery.Away;
        }
    }

    /// <summary>
    /// Has the log moved into the file once it is long enough, so that it does not grow without bound. Nearly all of it is moved beside the
    /// commits; the little that came meanwhile here, between two commits, since the log begins anew only when nothing in it is left to move.
    /// </summary>
    public void Tidy()
    {
        if (_checkpointer.IsReady)
        {
            // A reader in the way or a full disk: nothing is lost, the log just stays longer until the next time.
            var log = _connection.Checkpoint(truncate: new FileInfo(_log) is { Exists: true, Length: > LogBytesMax });
            _pagesInLog = log is { } pages ? pages.Written - pages.Moved : 0;
            // Who reads from now on is not in the way of the log's beginning anew: all of it is in the file.
            _checkpointer.End();
        }
        else if (_pagesInLog >= _options.CheckpointPages && _checkpointer.IsIdle)
        {
            _checkpointer.Begin();
        }
    }

    /// <summary>Whether no reader is in the way of the log's being moved, however long it stays on its state of the file.</summary>
    public bool IsLogAtRest => _checkpointer.IsIdle;

    /// <summary>For tests: the file may have so many pages and no more, as if the disk were full.</summary>
    public void LimitPages(long pages) => _connection.Number($"PRAGMA max_page_count = {pages}");

    public void Dispose()
    {
        _checkpointer.Stop();
        _connection.Checkpoint(truncate: true);
        _connection.Dispose();
        _checkpointer.Dispose();
    }

    private void Insert(JournalUnit unit)
    {
        foreach (var append in unit.Appends)
        {
            var version = append.ExpectedVersion;
            _index.Add(append.Stream, version + 1, LastPosition + 1, append.Events.Count);
            foreach (var added in append.Events)
                _event.Bind(1, ++LastPosition).Bind(2, append.Stream).Bind(3, ++version).Bind(4, added.Kind).BindText(5, added.Payload.Span).Run();
            if (append.Deadline is not { } deadline) continue;
            if (deadline.DueAt is { } dueAt) _due.Bind(1, append.Stream).Bind(2, DeadlineShard.Of(append.Stream, _shards)).Bind(3, Moment.From(dueAt)).Run();
            else _notDue.Bind(1, append.Stream).Run();
        }

        foreach (var receipt in unit.Receipts ?? [])
        {
            _receipt.Bind(1, receipt.Key).Bind(2, receipt.Fingerprint).Bind(3, receipt.Answer.Span).Bind(4, Moment.From(receipt.KeptUntil)).Run();
        }
    }

    // On Unix a deleted file can still be written, by this process alone: it would acknowledge what nobody will ever read.
    private bool HasFiles => File.Exists(_options.Path) && File.Exists(_log);

    private void RollBack()
    {
        try
        {
            _connection.RollBack();
        }
        catch (SqliteFault)
        {
            // The disk that failed the transaction may fail its end as well; SQLite forgets the transaction all the same.
        }
    }

    // What was written without us, be it by a commit that was given up or by somebody with a tool.
    private void ReadOn()
    {
        _index.ReadOn();
        LastPosition = ReadLastPosition();
    }

    private bool IsTaken(string key)
    {
        var taken = _taken.Bind(1, key).Step();
        _taken.Reset();
        return taken;
    }

    /// <summary>Whether a unit of the last commit is there: by its first stream's head, or, being a receipt alone, by its key.</summary>
    private bool IsWritten(JournalUnit unit) =>
        unit.Appends is [var append, ..] ? _index.Head(append.Stream) > append.ExpectedVersion : IsTaken(unit.Receipts![0].Key);

    private long ReadLastPosition()
    {
        var position = _lastPosition.Step() ? _lastPosition.Long(0) : 0;
        _lastPosition.Reset();
        return position;
    }
}
