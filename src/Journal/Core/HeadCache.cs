namespace SocialCommerce.Journal;

/// <summary>
/// Versions that streams have reached, as far as this process has seen. Bounded; thread-safe.
/// </summary>
/// <remarks>
/// An entry is never ahead of the store, as nothing is ever taken away from a stream. It may be behind where another process has
/// written, so it can prove a unit stale, but "too far ahead" must be asked of the store.
/// </remarks>
internal sealed class HeadCache(int capacity)
{
    // Two generations instead of a linked list: as good as LRU here, without an allocation per stream.
    private readonly Lock _gate = new();
    private readonly int _generationMax = Math.Max(1, capacity / 2);
    private Dictionary<string, int> _young = new(StringComparer.Ordinal);
    private Dictionary<string, int> _old = new(StringComparer.Ordinal);

    public bool TryGet(string stream, out int head)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(stream, out head)) return true;
            if (!_old.TryGetValue(stream, out head)) return false;
            Keep(stream, head);
            return true;
        }
    }

    /// <summary>The stream has at least this many events.</summary>
    public void Raise(string stream, int head)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(stream, out var known))
            {
                if (known < head) _young[stream] = head;
                return;
            }

            Keep(stream, _old.TryGetValue(stream, out var older) ? Math.Max(head, older) : head);
        }
    }

    private void Keep(string stream, int head)
    {
        if (_young.Count >= _generationMax)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        _young[stream] = head;
    }
}
