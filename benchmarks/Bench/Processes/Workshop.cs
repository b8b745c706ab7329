namespace SocialCommerce.Bench;

/// <summary>What a run has made outside itself: a folder, servers, a database. Gone with it, also when it is stopped half-way.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<IDisposable> _kept = new();
    private int _folders;
    private bool _disposed;

    public string Root { get; } = Directory.CreateTempSubdirectory("bench-").FullName;

    /// <summary>A new, empty folder.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Root, $"{name}-{++_folders}")).FullName;

    /// <summary>Disposes of it at the end of the run.</summary>
    public T Keep<T>(T made) where T : IDisposable
    {
        lock (_gate) _kept.Push(made);
        return made;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            while (_kept.TryPop(out var made)) made.Dispose();
            Directory.Delete(Root, recursive: true);
        }
    }
}
