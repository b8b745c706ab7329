using System.Text.Json;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Orleans' reminders in the journal's documents: for a single process, so that they survive its restart.</summary>
internal sealed class DocumentReminderTable(IDocumentStore documents) : IReminderTable
{
    private const string Prefix = "reminder/";

    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await Entries(entry => entry.GrainId == grainId));

    // The ring: from begin, exclusive, to end, inclusive, round the zero where begin is not below end.
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) => new(await Entries(entry =>
    {
        var hash = entry.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    }));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        await documents.Find(KeyOf(grainId, reminderName)) is { } document ? EntryOf(document) : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var key = KeyOf(entry.GrainId, entry.ReminderName);
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Row(entry.GrainId.ToString(), entry.ReminderName, entry.StartAt.ToUniversalTime(), entry.Period));
        while (true)
        {
            var before = await documents.Find(key);
            if (await documents.Write(key, content, before?.Tag) is { } tag) return tag;
        }
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => documents.Remove(KeyOf(grainId, reminderName), eTag);

    public async Task TestOnlyClearTable()
    {
        foreach (var document in await documents.List(Prefix)) await documents.Remove(document.Key, document.Tag);
    }

    private async Task<List<ReminderEntry>> Entries(Func<ReminderEntry, bool> wanted) =>
        [.. (await documents.List(Prefix)).Select(EntryOf).Where(wanted)];

    private static ReminderEntry EntryOf(StoredDocument document)
    {
        var row = JsonSerializer.Deserialize<Row>(document.Content.Span)!;
        return new ReminderEntry
        {
            GrainId = GrainId.Parse(row.GrainId),
            ReminderName = row.Name,
            StartAt = row.StartAt,
            Period = row.Period,
            ETag = document.Tag,
        };
    }

    private static string KeyOf(GrainId grainId, string reminderName) => $"{Prefix}{grainId}/{reminderName}";

    private sealed record Row(string GrainId, string Name, DateTime StartAt, TimeSpan Period);
}
