using System.Globalization;

namespace SocialCommerce.Journal.Tests;

/// <summary>What is gathered for the log is with the system when a commit is told: nothing of it is lost with the process.</summary>
public sealed class GatheringVfsTests : IDisposable
{
    private const int Streams = 64;

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task All_that_was_acknowledged_is_in_the_files_at_that_moment()
    {
        // The log is not moved meanwhile: the copies are of one moment.
        await using var journal = Open("journal.db", checkpointPages: 1_000_000);
        for (var round = 0; round < 30; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Streams).Select(n => journal.Append(Unit(n, round))));
            // As a process that dies now would leave them.
            foreach (var end in new[] { "", "-wal" }) File.Copy(_folder.File("journal.db" + end), _folder.File("copy.db" + end), overwrite: true);
            await using var copy = Open("copy.db");
            for (var n = 0; n < Streams; n++) Assert.Equal(round + 1, await copy.Version(Name(n)));
        }
    }

    [Fact]
    public async Task A_commit_may_be_larger_than_what_is_gathered()
    {
        await using (var journal = Open("journal.db"))
        {
            await journal.Append(new JournalUnit([.. Enumerable.Range(0, Streams).Select(n => new StreamAppend(Name(n), 0, [Long(n)]))]));
            // Pages that no longer fit SQLite's cache go to the log before the commit, and are read back from there.
            for (var version = 1; version < 4; version++)
                await journal.Append(new JournalUnit([.. Enumerable.Range(0, Streams).Select(n => new StreamAppend(Name(n), version, [Long(n)]))]));
        }

        await using var again = Open("journal.db");
        for (var n = 0; n < Streams; n++)
        {
            var stored = await again.Read(Name(n));
            Assert.Equal(4, stored.Count);
            Assert.All(stored, one => Assert.True(one.Payload.Span.SequenceEqual(Long(n).Payload.Span)));
        }

        using var connection = new SqliteConnection(_folder.File("journal.db"), create: false, TimeSpan.FromSeconds(1));
        Assert.Equal(1, connection.Number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"));
    }

    public void Dispose() => _folder.Dispose();

    private SqliteJournal Open(string name, int checkpointPages = 300) => SqliteJournal.Open(new SqliteJournalOptions { Path = _folder.File(name), CheckpointPages = checkpointPages });

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"s/{n}");

    private static JournalUnit Unit(int n, int version) => new(new StreamAppend(Name(n), version, [new NewEvent(1, "{}"u8.ToArray())]));

    private static NewEvent Long(int n) => new(1, System.Text.Encoding.ASCII.GetBytes($"\"{new string((char)('a' + n % 26), 200_000)}\""));
}
