using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace SocialCommerce.Engine.Tests.Conformance;

/// <summary>A reminder table that outlives silos: what a database would be.</summary>
internal sealed class StoredReminders : IReminderTable
{
    private readonly ConcurrentDictionary<(string Grain, string Name), ReminderEntry> _rows = new();
    private int _version;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Select(row => row.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Select(row =>
    {
        var place = row.GrainId.GetUniformHashCode();
        return begin < end ? place > begin && place <= end : place > begin || place <= end;
    });

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(_rows.GetValueOrDefault((grainId.ToString(), reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = $"{Interlocked.Increment(ref _version)}";
        _rows[(entry.GrainId.ToString(), entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var key = (grainId.ToString(), reminderName);
        return Task.FromResult(_rows.TryGetValue(key, out var row) && row.ETag == eTag && _rows.TryRemove(key, out _));
    }

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }

    private Task<ReminderTableData> Select(Func<ReminderEntry, bool> wanted) =>
        Task.FromResult(new ReminderTableData(_rows.Values.Where(wanted)));
}
