namespace SocialCommerce.Journal;

/// <summary>
/// Where each stream's events lie: in the file's index, which is behind, and in what it lacks yet. It is also the fence: a version of a
/// stream is written once. Everything here runs on the writer's thread.
/// </summary>
internal sealed class StreamIndex
{
    // Faster than events come, so that a generation is moved before the next one is full.
    private const int MovedPerAdded = 5;
    private const int AddedPerMoved = 4;
    private const int MovedAtLeast = 16;

    private readonly SqliteConnection _connection;
    private readonly RecentEvents _recent;
    private readonly Func<string, long> _hashOf;
    private readonly int _generationMax;
    private readonly SqliteStatement _move;
    private readonly SqliteStatement _indexedTo;
    private readonly SqliteStatement _seek;
    private readonly SqliteStatement _head;
    private readonly SqliteStatement _isOf;
    private readonly SqliteStatement _behind;
    private readonly List<long> _found = [];
    private long _readTo;
    private int _before;
    private int _moving;

    public StreamIndex(SqliteConnection connection, RecentEvents recent, SqliteJournalOptions options)
    {
        _connection = connection;
        _recent = recent;
        _hashOf = options.HashOf;
        _generationMax = options.IndexEvery;
        // One of a generation that a crash cut short may be there already.
        _move = connection.Prepare("INSERT OR IGNORE INTO stream_index (hash, version, position) VALUES (?1, ?2, ?3)");
        _indexedTo = connection.Prepare("UPDATE store SET indexed_to = ?1");
        _seek = connection.Prepare("SELECT position FROM stream_index WHERE hash = ?1 AND version = ?2");
        _head = connection.Prepare("""
            SELECT i.version FROM stream_index AS i CROSS JOIN events AS e ON e.position = i.position
            WHERE i.hash = ?1 AND e.stream = ?2 ORDER BY i.version DESC LIMIT 1
            """);
        _isOf = connection.Prepare("SELECT 1 FROM events WHERE position = ?1 AND stream = ?2");
        _behind = connection.Prepare("SELECT position, stream, version FROM events WHERE position > ?1 ORDER BY position LIMIT ?2");
        _readTo = connection.Number("SELECT indexed_to FROM store");
        while (connection.Number("SELECT coalesce(max(position), 0) FROM events") - _readTo > 2L * _generationMax) MoveAtOnce();
        ReadOn();
    }

    /// <summary>The stream's version; 0 where there is none.</summary>
    public int Head(string stream)
    {
        var hash = _hashOf(stream);
        var recent = _recent.Find(hash, 0);
        for (var i = recent.Count - 1; i >= 0; i--)
        {
            if (IsOf(recent[i].Position, stream)) return recent[i].Version;
        }

        var head = _head.Bind(1, hash).Bind(2, stream).Step() ? _head.Int(0) : 0;
        _head.Reset();
        return head;
    }

    /// <summary>A commit begins; it ends with <see cref="Committed"/> or <see cref="RolledBack"/>.</summary>
    public void Begin()
    {
        _before = _recent.Count;
        _moving = 0;
    }

    /// <summary>Events of a stream are being written, at one position after the other.</summary>
    /// <exception cref="KeyTakenException">The stream has such a version.</exception>
    public void Add(string stream, int firstVersion, long firstPosition, int count)
    {
        var hash = _hashOf(stream);
        if (Has(stream, hash, firstVersion)) throw new KeyTakenException($"'{stream}' has version {firstVersion} already.");
        for (var i = 0; i < count; i++) _recent.Add(new RecentEvent(hash, firstVersion + i, firstPosition + i));
    }

    /// <summary>Moves a slice of what the index lacks into it; within the transaction that added so much.</summary>
    public void Move()
    {
        var slice = _recent.NextToMove((_recent.Count - _before) * MovedPerAdded / AddedPerMoved + MovedAtLeast, out var indexedTo);
        foreach (var next in slice) Insert(next);
        if (indexedTo > 0) _indexedTo.Bind(1, indexedTo).Run();
        _moving = slice.Length;
    }

    public void Committed(long lastPosition)
    {
        _readTo = lastPosition;
        _recent.Moved(_moving);
    }

    public void RolledBack() => _recent.RollBack(_before);

    /// <summary>Takes in what is in the file and was not told: at the start, or when a commit that had failed turns out to have happened.</summary>
    public void ReadOn()
    {
        foreach (var added in Behind(long.MaxValue)) _recent.Add(added);
    }

    /// <summary>For what was left far behind: a file of the version before this index.</summary>
    private void MoveAtOnce()
    {
        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var next = Behind(_generationMax);
            next.Sort();
            foreach (var entry in next) Insert(entry);
            _indexedTo.Bind(1, _readTo).Run();
            _connection.Execute("COMMIT");
        }
        finally
        {
            _connection.RollBack();
        }
    }

    private void Insert(RecentEvent entry) => _move.Bind(1, entry.Hash).Bind(2, entry.Version).Bind(3, entry.Position).Run();

    private List<RecentEvent> Behind(long limit)
    {
        var behind = new List<RecentEvent>();
        _behind.Bind(1, _readTo).Bind(2, limit);
        while (_behind.Step()) behind.Add(new RecentEvent(_hashOf(_behind.Text(1)), _behind.Int(2), _behind.Long(0)));
        if (behind.Count > 0) _readTo = behind[^1].Position;
        return behind;
    }

    private bool Has(string stream, long hash, int version)
    {
        var newest = _recent.NewestVersion(hash);
        // The version before it is the newest that there is: nearly always so for a stream that lives.
        if (newest > 0 && newest == version - 1) return false;
        // And for one whose grain woke just now: its reader looked.
        if (newest == 0 && _recent.TakeHead(stream, version - 1)) return false;
        _found.Clear();
        if (newest >= version)
        {
            foreach (var recent in _recent.Find(hash, version - 1))
            {
                if (recent.Version == version) _found.Add(recent.Position);
            }
        }

        _seek.Bind(1, hash).Bind(2, version);
        while (_seek.Step()) _found.Add(_seek.Long(0));
        foreach (var position in _found)
        {
            if (IsOf(position, stream)) return true;
        }

        return false;
    }

    private bool IsOf(long position, string stream)
    {
        var isOf = _isOf.Bind(1, position).Bind(2, stream).Step();
        _isOf.Reset();
        return isOf;
    }
}
