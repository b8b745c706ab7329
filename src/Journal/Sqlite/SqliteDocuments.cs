using System.Globalization;

namespace SocialCommerce.Journal;

/// <summary>Documents in the file: written on the writer's thread, read beside it.</summary>
internal sealed class SqliteDocuments(SqliteConnection writer, SqliteBatchStore store, CommitQueue queue, ReadQueue reads) : IDocumentStore
{
    private readonly SqliteStatement _nextTag = writer.Prepare("UPDATE store SET last_tag = last_tag + 1 RETURNING last_tag");
    private readonly SqliteStatement _tag = writer.Prepare("SELECT tag FROM documents WHERE key = ?1");
    private readonly SqliteStatement _write = writer.Prepare("INSERT INTO documents (key, tag, content) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET tag = excluded.tag, content = excluded.content");
    private readonly SqliteStatement _remove = writer.Prepare("DELETE FROM documents WHERE key = ?1");

    public Task<StoredDocument?> Find(string key)
    {
        UnitCheck.CheckName(key, nameof(key));
        return reads.Ask(new SqliteRead<StoredDocument?>(reader => reader.Document(key)));
    }

    public Task<IReadOnlyList<StoredDocument>> List(string prefix) =>
        reads.Ask(new SqliteRead<IReadOnlyList<StoredDocument>>(reader => reader.Documents(prefix)));

    public Task<string?> Write(string key, ReadOnlyMemory<byte> content, string? expectedTag)
    {
        UnitCheck.CheckName(key, nameof(key));
        return queue.Run(() =>
        {
            string? written = null;
            store.Transact(() =>
            {
                if (TagOf(key) != expectedTag) return;
                // A tag is never given twice, so a document that was removed and written anew has another one.
                _nextTag.Step();
                var tag = _nextTag.Long(0);
                _nextTag.Reset();
                _write.Bind(1, key).Bind(2, tag).Bind(3, content.Span).Run();
                written = tag.ToString(CultureInfo.InvariantCulture);
            });
            return written;
        });
    }

    public Task<bool> Remove(string key, string? expectedTag)
    {
        UnitCheck.CheckName(key, nameof(key));
        return queue.Run(() =>
        {
            var gone = false;
            store.Transact(() =>
            {
                var tag = TagOf(key);
                gone = tag is null || expectedTag is null || tag == expectedTag;
                if (gone && tag is not null) _remove.Bind(1, key).Run();
            });
            return gone;
        });
    }

    private string? TagOf(string key)
    {
        var tag = _tag.Bind(1, key).Step() ? _tag.Long(0).ToString(CultureInfo.InvariantCulture) : null;
        _tag.Reset();
        return tag;
    }
}
