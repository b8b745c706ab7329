namespace SocialCommerce.Journal;

/// <summary>
/// A journal in one SQLite file, for one process: write-ahead log, synchronous=FULL, group commit on a thread of its own.
/// </summary>
/// <remarks>
/// The file stays readable with <c>sqlite3</c> while the engine runs. A second process is refused by a lock on <c>.lock</c> beside the
/// file. When the disk is full appends fail and the next one tries again, so that the journal heals by itself.
/// </remarks>
public sealed class SqliteJournal : IJournal
{
    private readonly FileStream _lock;
    private readonly SqliteBatchStore _store;
    private readonly SqliteReader[] _readers;
    private readonly SqliteStatement _forget;
    private readonly CommitQueue _queue;
    private readonly ReadQueue _streamReads;
    private readonly ReadQueue _otherReads;
    private readonly FeedEnd _end;
    private readonly Absences _absent;
    private int _disposed;

    private SqliteJournal(SqliteJournalOptions options, FileStream fileLock, SqliteConnection writer, int shards, SqliteReader[] readers, HeadCache heads, RecentEvents recent, TimeProvider time)
    {
        _lock = fileLock;
        _readers = readers;
        DeadlineShards = shards;
        _store = new SqliteBatchStore(writer, options, shards, recent);
        _forget = writer.Prepare("DELETE FROM receipts WHERE rowid IN (SELECT rowid FROM receipts WHERE kept_until < ?1 LIMIT ?2) RETURNING 1");
        _end = new FeedEnd(time);
        _end.Reach(new FeedPosition(0, _store.LastPosition));
        // Sweeps and feed pages are long; a stream that a grain waits for must not stand behind them.
        _streamReads = new ReadQueue(requests => readers[0].Answer(requests, mayHold: _store.IsLogAtRest), "journal reader", readers[0].Release);
        _otherReads = new ReadQueue(requests => readers[1].Answer(requests, mayHold: false), "journal feed reader");
        _absent = new Absences(
            new AbsentNames(
                (after, limit) => _otherReads.Ask(new SqliteRead<IReadOnlyList<string>>(reader => reader.StreamsAfter(after, limit))),
                time,
                stream => IndexedStream.Name(options.HashOf(stream))),
            new AbsentNames((after, limit) => _otherReads.Ask(new SqliteRead<IReadOnlyList<string>>(reader => reader.ReceiptsAfter(after, limit))), time));
        _queue = new CommitQueue(_store, options.Queue, heads, _absent, "journal writer", () => _end.Reach(new FeedPosition(0, _store.LastPosition)), time);
        Documents = new SqliteDocuments(writer, _store, _queue, _otherReads);
        foreach (var hash in recent.Beginnings()) _absent.Streams.Holds(IndexedStream.Name(hash));
        // The lock beside the file keeps everybody else out.
        _absent.Begin();
    }

    public int DeadlineShards { get; }

    public IDocumentStore Documents { get; }

    public JournalStatus Status => _queue.Status;

    /// <summary>Opens the file, makes it when missing, and takes it for this process.</summary>
    /// <param name="time">Measures patience; the system's when null.</param>
    /// <exception cref="JournalUnavailableException">In use, not a journal, newer than this program, damaged, or not writable; says which.</exception>
    public static SqliteJournal Open(SqliteJournalOptions options, TimeProvider? time = null)
    {
        DeadlineShard.Checked(options.DeadlineShards);
        var opened = new Stack<IDisposable>();
        try
        {
            var fileLock = TakeLock(options.Path);
            opened.Push(fileLock);
            var writer = new SqliteConnection(options.Path, create: true, options.LockPatience, GatheringVfs.Name);
            opened.Push(writer);
            SqliteSchema.Configure(writer);
            var shards = SqliteSchema.Prepare(writer, options.Path, options.DeadlineShards);
            var heads = new HeadCache(options.Queue.HeadsMax);
            var recent = new RecentEvents(options.IndexEvery);
            var readers = new SqliteReader[2];
            for (var i = 0; i < readers.Length; i++) opened.Push(readers[i] = new SqliteReader(options, heads, recent));
            return new SqliteJournal(options, fileLock, writer, shards, readers, heads, recent, time ?? TimeProvider.System);
        }
        catch (Exception thrown)
        {
            while (opened.TryPop(out var one)) one.Dispose();
            if (thrown is SqliteFault fault) throw fault.For(options.Path);
            throw;
        }
    }

    public Task Append(JournalUnit unit) => _queue.Append(unit);

    public Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue)
    {
        UnitCheck.CheckName(stream, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (!_queue.Reading(stream)) return Absences.NoEvents;
        return _streamReads.Ask(new StreamRead(stream, afterVersion, limit));
    }

    public void Recall(string stream, int version) => _queue.Recall(stream, version);

    public Task<IReadOnlyList<string>> Waiting(string after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _otherReads.Ask(new SqliteRead<IReadOnlyList<string>>(reader => reader.Waiting(after, limit)));
    }

    public Task<StoredReceipt?> FindReceipt(string key)
    {
        UnitCheck.CheckKey(key, nameof(key));
        if (!_queue.ReadingReceipt(key)) return Absences.NoReceipt;
        return _streamReads.Ask(new ReceiptRead(key));
    }

    public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000) => _queue.Run(() =>
    {
        var forgotten = 0;
        _store.Transact(() =>
        {
            _forget.Bind(1, Moment.Now(now)).Bind(2, limit);
            while (_forget.Step()) forgotten++;
        });
        return forgotten;
    });

    public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit)
    {
        DeadlineShard.Check(shard, DeadlineShards);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _otherReads.Ask(new SqliteRead<IReadOnlyList<DueStream>>(reader => reader.Due(shard, Moment.Now(now), limit)));
    }

    public Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _otherReads.Ask(new SqliteRead<FeedPage>(reader => reader.Feed(after, limit, kinds)));
    }

    public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default) =>
        _end.Wait(after, patience, cancellation);

    /// <summary>Commits what was handed over, then closes the file and leaves it to others.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _queue.DisposeAsync();
        await _absent.DisposeAsync();
        await _streamReads.DisposeAsync();
        await _otherReads.DisposeAsync();
        _end.Close();
        foreach (var reader in _readers) reader.Dispose();
        _store.Dispose();
        await _lock.DisposeAsync();
    }

    /// <summary>For tests: see <see cref="SqliteBatchStore.LimitPages"/>.</summary>
    internal Task LimitPages(long pages) => _queue.Run(() =>
    {
        _store.LimitPages(pages);
        return true;
    });

    private static FileStream TakeLock(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException($"'{path}' can't be written: {fault.Message}", fault);
        }

        try
        {
            // Never deleted: a process that waits for the lock would hold the deleted file's, and another one a new file's.
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(path + ".lock"))
        {
            throw new JournalUnavailableException($"'{path}' is in use by another process.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException($"'{path}' can't be written: {fault.Message}", fault);
        }
    }
}
