using System.Text.Json;

namespace SocialCommerce.Rehearsal.Records;

/// <summary>
/// What is known, in the order in which it became known; kept in memory and, where asked for, in a file of JSON lines, written
/// through as they arrive. Safe from any thread.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly StreamWriter? _file;

    private Ledger(StreamWriter? file) => _file = file;

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_lock) return [.. _entries];
        }
    }

    /// <summary>An empty ledger; with a path its entries are appended to that file too.</summary>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public static Ledger Open(string? path)
    {
        if (path is null) return new Ledger(null);
        try
        {
            return new Ledger(new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException($"--record {path}: {e.Message}");
        }
    }

    /// <summary>What an earlier rehearsal recorded. A last line that was cut short is left out: it was never finished.</summary>
    /// <exception cref="UsageException">The file can't be read, is empty, or has a line that is no entry.</exception>
    public static Ledger Load(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--record {path}: {e.Message}");
        }

        var ledger = new Ledger(null);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            try
            {
                ledger._entries.Add(JsonSerializer.Deserialize<Entry>(lines[i], Json.Web)!);
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                if (i < lines.Length - 1) throw new UsageException($"--record {path}: line {i + 1} is no entry of a rehearsal");
            }
        }

        return ledger._entries.Count > 0 ? ledger : throw new UsageException($"--record {path} has no entry in it");
    }

    public void Append(Entry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            _file?.WriteLine(JsonSerializer.Serialize(entry, Json.Web));
        }
    }

    public void Dispose() => _file?.Dispose();
}
