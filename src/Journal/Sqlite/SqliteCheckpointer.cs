using Microsoft.Win32.SafeHandles;

namespace SocialCommerce.Journal;

/// <summary>
/// Moves the log into the file beside the writer, on a thread and a connection of its own: thousands of pages and an fsync take tens of
/// milliseconds, and a commit that waits for them is a commit that every shopper waits for. SQLite allows one checkpoint beside one writer.
/// Not in one go, for the same reason: <see cref="PacingVfs"/>.
/// </summary>
/// <remarks>
/// SQLite syncs the file only at the end of a checkpoint that finds nothing left to move, which beside a busy writer is never: that would be
/// the writer's own, last one. So what was moved is synced here first.
/// </remarks>
internal sealed class SqliteCheckpointer : IDisposable
{
    // While a pass runs the log grows. The second pass has that growth to move, the third that of a short pass.
    private const int PassesMax = 3;
    private const int FramesWorthAPass = 500;

    private readonly SqliteConnection _connection;
    private readonly SafeFileHandle _file;
    private readonly AutoResetEvent _wanted = new(false);
    private readonly Thread _thread;
    private volatile State _state;
    private volatile bool _closed;

    public SqliteCheckpointer(SqliteJournalOptions options)
    {
        _connection = new SqliteConnection(options.Path, create: false, options.LockPatience, PacingVfs.Name);
        _connection.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
        _file = File.OpenHandle(options.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _thread = new Thread(Loop) { Name = "journal checkpoints", IsBackground = true };
        _thread.Start();
    }

    private enum State
    {
        Idle = 0,
        Running = 1,
        /// <summary>Nearly all is moved: the writer moves the rest, and the next commit begins the log anew.</summary>
        Ready = 2,
    }

    /// <summary>Whether there is nothing to wait for: neither a checkpoint under way nor a rest that the writer should move.</summary>
    public bool IsIdle => _state == State.Idle;

    /// <summary>Begins a checkpoint; on the writer's thread, while idle.</summary>
    public void Begin()
    {
        _state = State.Running;
        _wanted.Set();
    }

    /// <summary>After each checkpoint, until <see cref="End"/>: what came into the log meanwhile is the writer's to move.</summary>
    public bool IsReady => _state == State.Ready;

    /// <summary>The writer has moved its part.</summary>
    public void End() => _state = State.Idle;

    /// <summary>Ends the thread; a pass under way is waited for.</summary>
    public void Stop()
    {
        _closed = true;
        _wanted.Set();
        _thread.Join();
    }

    /// <summary>After every other connection to the file is closed: when a process closes any handle of a file, POSIX ends all its locks on it.</summary>
    public void Dispose()
    {
        Stop();
        _wanted.Dispose();
        _connection.Dispose();
        _file.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _wanted.WaitOne();
            if (_closed) return;
            MoveInPasses();
            _state = State.Ready;
        }
    }

    private void MoveInPasses()
    {
        var movedBefore = 0;
        for (var pass = 0; pass < PassesMax && !_closed; pass++)
        {
            // A fault or a reader in the way: nothing is lost, the log only stays longer.
            if (_connection.Checkpoint(truncate: false) is not { } log) return;
            Sync();
            if (log.Moved - movedBefore < FramesWorthAPass) return;
            movedBefore = log.Moved;
        }
    }

    private void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException)
        {
            // The checkpoint that ends the log syncs for itself, and tells.
        }
    }
}
