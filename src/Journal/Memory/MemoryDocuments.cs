using System.Globalization;

namespace SocialCommerce.Journal;

/// <summary>Documents in this process's memory.</summary>
internal sealed class MemoryDocuments : IDocumentStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredDocument> _documents = new(StringComparer.Ordinal);
    private long _lastTag;

    public Task<StoredDocument?> Find(string key)
    {
        lock (_gate) return Task.FromResult(_documents.GetValueOrDefault(key));
    }

    public Task<IReadOnlyList<StoredDocument>> List(string prefix)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<StoredDocument>>(
                [.. _documents.Values.Where(document => document.Key.StartsWith(prefix, StringComparison.Ordinal))]);
        }
    }

    public Task<string?> Write(string key, ReadOnlyMemory<byte> content, string? expectedTag)
    {
        UnitCheck.CheckName(key, nameof(key));
        lock (_gate)
        {
            if (_documents.GetValueOrDefault(key)?.Tag != expectedTag) return Task.FromResult<string?>(null);
            // A tag is never given twice, so a document that was removed and written anew has another one.
            var tag = (++_lastTag).ToString(CultureInfo.InvariantCulture);
            _documents[key] = new StoredDocument(key, content.ToArray(), tag);
            return Task.FromResult<string?>(tag);
        }
    }

    public Task<bool> Remove(string key, string? expectedTag)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue(key, out var document)) return Task.FromResult(true);
            if (expectedTag is not null && document.Tag != expectedTag) return Task.FromResult(false);
            _documents.Remove(key);
            return Task.FromResult(true);
        }
    }
}
