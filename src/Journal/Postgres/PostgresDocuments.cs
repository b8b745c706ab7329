using System.Globalization;
using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>Documents in PostgreSQL. Each write is one statement, so that the check of the tag and the write are one.</summary>
internal sealed class PostgresDocuments(PostgresQueries queries) : IDocumentStore
{
    public Task<StoredDocument?> Find(string key)
    {
        UnitCheck.CheckName(key, nameof(key));
        return queries.Read("SELECT key, content, tag FROM journal.documents WHERE key = $1", [new NpgsqlParameter<string> { TypedValue = key }],
            async reader => await reader.ReadAsync() ? Document(reader) : null);
    }

    public Task<IReadOnlyList<StoredDocument>> List(string prefix) =>
        // Keys are printable ASCII, so DEL is behind every continuation of the prefix.
        queries.Read("SELECT key, content, tag FROM journal.documents WHERE key >= $1 AND key < $2 ORDER BY key",
            [new NpgsqlParameter<string> { TypedValue = prefix }, new NpgsqlParameter<string> { TypedValue = prefix + '\x7f' }],
            async reader =>
            {
                var documents = new List<StoredDocument>();
                while (await reader.ReadAsync()) documents.Add(Document(reader));
                return (IReadOnlyList<StoredDocument>)documents;
            });

    public Task<string?> Write(string key, ReadOnlyMemory<byte> content, string? expectedTag)
    {
        UnitCheck.CheckName(key, nameof(key));
        if (expectedTag is null)
        {
            return queries.Write("INSERT INTO journal.documents (tag, key, content) VALUES (nextval('journal.document_tags'), $1, $2) ON CONFLICT (key) DO NOTHING RETURNING tag",
                [new NpgsqlParameter<string> { TypedValue = key }, new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = content }], Tag);
        }

        if (!TryParse(expectedTag, out var tag)) return Task.FromResult<string?>(null);
        return queries.Write("UPDATE journal.documents SET tag = nextval('journal.document_tags'), content = $2 WHERE key = $1 AND tag = $3 RETURNING tag",
            [new NpgsqlParameter<string> { TypedValue = key }, new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = content }, new NpgsqlParameter<long> { TypedValue = tag }], Tag);
    }

    public Task<bool> Remove(string key, string? expectedTag)
    {
        UnitCheck.CheckName(key, nameof(key));
        // A tag that was never given out matches nothing, but a document that is not there is gone all the same.
        long? tag = expectedTag is null ? null : TryParse(expectedTag, out var parsed) ? parsed : -1;
        return queries.Write("""
            WITH gone AS (DELETE FROM journal.documents WHERE key = $1 AND ($2 IS NULL OR tag = $2) RETURNING 1)
            SELECT EXISTS (SELECT FROM gone) OR NOT EXISTS (SELECT FROM journal.documents WHERE key = $1)
            """,
            [new NpgsqlParameter<string> { TypedValue = key }, new NpgsqlParameter { Value = (object?)tag ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint }],
            async reader => await reader.ReadAsync() && reader.GetBoolean(0));
    }

    private static bool TryParse(string tag, out long number) => long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static async Task<string?> Tag(NpgsqlDataReader reader) =>
        await reader.ReadAsync() ? reader.GetInt64(0).ToString(CultureInfo.InvariantCulture) : null;

    private static StoredDocument Document(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2).ToString(CultureInfo.InvariantCulture));
}
