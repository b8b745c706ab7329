using System.Text;

namespace SocialCommerce.Journal.Tests;

/// <summary>Short ways to say what is appended.</summary>
internal static class Units
{
    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewEvent Event(string json = """{"v":1}""", short kind = 1) => new(kind, Encoding.UTF8.GetBytes(json));

    public static StreamAppend To(string stream, int expected, int events = 1, short kind = 1) =>
        new(stream, expected, [.. Enumerable.Range(1, events).Select(n => Event($$"""{"to":"{{stream}}","version":{{expected + n}}}""", kind))]);

    public static StreamAppend Due(this StreamAppend append, DateTimeOffset at) => append with { Deadline = DeadlineChange.At(at) };

    public static StreamAppend NoLongerDue(this StreamAppend append) => append with { Deadline = DeadlineChange.Clear };

    public static JournalUnit Of(params StreamAppend[] appends) => new(appends);

    public static JournalUnit With(this JournalUnit unit, params string[] receiptKeys) =>
        unit with { Receipts = [.. receiptKeys.Select(key => Receipt(key))] };

    public static ReceiptWrite Receipt(string key, DateTimeOffset? keptUntil = null) =>
        new(key, $"print of {key}", Encoding.UTF8.GetBytes($"answer to {key}"), keptUntil ?? Noon);

    public static string Text(this ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static Task Append(this IJournal journal, params StreamAppend[] appends) => journal.Append(new JournalUnit(appends));

    public static async Task<int> Version(this IJournal journal, string stream) => (await journal.Read(stream)).Count;

    public static Task<JournalConflictException> Conflicts(this IJournal journal, JournalUnit unit) =>
        Assert.ThrowsAsync<JournalConflictException>(() => journal.Append(unit));
}
