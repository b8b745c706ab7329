using SQLitePCL;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

public sealed class SqliteFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.File("journal.db");

    [Fact]
    public async Task A_file_in_use_is_refused()
    {
        await using var journal = Open();

        Assert.Contains("in use by another process", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_file_is_free_again()
    {
        await Open().DisposeAsync();
        await Open().DisposeAsync();
    }

    [Fact]
    public async Task An_opening_that_failed_leaves_nothing_locked()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 10_000));
        Assert.Contains("is not a SQLite database", Refusal().Message, StringComparison.Ordinal);
        System.IO.File.Delete(File);

        await Open().DisposeAsync();
    }

    [Fact]
    public async Task A_newer_file_is_refused()
    {
        await Open().DisposeAsync();
        Execute("PRAGMA user_version = 3");

        Assert.Contains("schema version 3", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_applications_file_is_refused()
    {
        Execute("CREATE TABLE notes (text TEXT)");

        Assert.Contains("another application", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_refused()
    {
        await using (var journal = Open()) await journal.Append(new JournalUnit([.. Enumerable.Range(0, 1_000).Select(n => To($"s/{n}", 0))]));
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        Array.Fill(bytes, (byte)0x5a, 4_096, bytes.Length - 4_096);
        await System.IO.File.WriteAllBytesAsync(File, bytes);

        Assert.Contains("damaged", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_can_hold_no_file_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("plain"), "");

        var refusal = Assert.Throws<JournalUnavailableException>(() => SqliteJournal.Open(new SqliteJournalOptions { Path = _folder.File("plain/journal.db") }));

        Assert.Contains("can't be written", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_appends_until_there_is_space_again()
    {
        await using var journal = Open();
        await journal.Append(To("s", 0));
        await journal.LimitPages(100);

        var written = 1;
        JournalUnavailableException? refusal = null;
        while (refusal is null)
        {
            var append = journal.Append(new StreamAppend("s", written, [Event($"\"{new string('x', 20_000)}\"")]), To($"t/{written}", 0));
            refusal = await Record.ExceptionAsync(() => append) as JournalUnavailableException;
            if (refusal is null) written++;
            Assert.InRange(written, 1, 100);
        }

        Assert.False(refusal.OutcomeUnknown);
        Assert.Contains("No space left", refusal.Message, StringComparison.Ordinal);
        Assert.False(journal.Status.Writable);
        Assert.Equal(refusal.Message, journal.Status.Fault);
        Assert.Equal((written, 0), (await journal.Version("s"), await journal.Version($"t/{written}")));

        await journal.LimitPages(100_000);
        await journal.Append(To("s", written), To($"t/{written}", 0));

        Assert.True(journal.Status.Writable);
        Assert.Equal(written + 1, await journal.Version("s"));
    }

    [Fact]
    public async Task A_file_that_was_deleted_acknowledges_nothing_more()
    {
        await using var journal = Open();
        await journal.Append(To("s", 0));
        System.IO.File.Delete(File);

        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 1)));

        Assert.Contains("gone", refusal.Message, StringComparison.Ordinal);
        Assert.False(journal.Status.Writable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_the_disk_cut_off_is_looked_up_and_told_truly(bool happened)
    {
        var failures = 1;
        await using var journal = Open(step =>
        {
            if (step == (happened ? SqliteStep.AfterCommit : SqliteStep.BeforeCommit) && Interlocked.Decrement(ref failures) == 0) throw DiskError();
        });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(version => journal.Append(To("s", version), To($"t/{version}", 0))));

        Assert.True(failures <= 0);
        Assert.Equal(50, (await journal.Read("s")).Count);
        Assert.Equal(100, (await journal.Feed(FeedPosition.Start, 1_000)).Events.Count);
        Assert.Equal((true, 50, 100), (journal.Status.Writable, journal.Status.UnitsCommitted, journal.Status.EventsCommitted));
    }

    [Fact]
    public async Task A_disk_that_goes_on_failing_refuses_the_units()
    {
        var failing = false;
        await using var journal = Open(step =>
        {
            if (Volatile.Read(ref failing) && step == SqliteStep.BeforeCommit) throw DiskError();
        });
        await journal.Append(To("s", 0));

        Volatile.Write(ref failing, true);
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 1)));
        Volatile.Write(ref failing, false);

        Assert.False(refusal.OutcomeUnknown);
        Assert.Contains("disk", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await journal.Version("s"));
        await journal.Append(To("s", 1));
    }

    [Fact]
    public async Task Units_that_arrive_together_share_commits()
    {
        using var allHandedOver = new ManualResetEventSlim();
        await using var journal = Open(step =>
        {
            if (step == SqliteStep.BeforeCommit) allHandedOver.Wait();
        });

        var appends = Enumerable.Range(0, 2_000).Select(n => journal.Append(To($"s/{n}", 0))).ToArray();
        allHandedOver.Set();
        await Task.WhenAll(appends);

        // The first commit takes what is there when it begins, the others as many as a commit may.
        Assert.InRange(journal.Status.Commits, 4, 5);
    }

    [Fact]
    public async Task A_file_that_somebody_else_holds_refuses_appends_until_it_is_let_go()
    {
        await using var journal = Open();
        await journal.Append(To("s", 0));
        using (var other = new SqliteConnection(File, create: false, TimeSpan.Zero))
        {
            other.Execute("BEGIN IMMEDIATE");
            var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(To("s", 1)));
            Assert.Contains("locked by another process", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(1, await journal.Version("s"));
            other.Execute("COMMIT");
        }

        await journal.Append(To("s", 1));
        Assert.True(journal.Status.Writable);
    }

    [Fact]
    public async Task The_log_does_not_grow_without_bound()
    {
        await using var journal = Open();

        for (var round = 0; round < 40; round++)
        {
            await journal.Append(new JournalUnit([.. Enumerable.Range(0, 50).Select(n => new StreamAppend($"s/{round}/{n}", 0, [Event($"\"{new string('x', 10_000)}\"")]))]));
            await journal.Read($"s/{round}/7");
        }

        Assert.InRange(new FileInfo(File + "-wal").Length, 1, 8 << 20);
        Assert.InRange(new FileInfo(File).Length, 12 << 20, long.MaxValue);
    }

    [Fact]
    public async Task Payloads_are_text_for_everybody_who_opens_the_file()
    {
        await using (var journal = Open()) await journal.Append(new StreamAppend("s", 0, [Event("""{"price":1999}""")]));

        Execute("CREATE TABLE seen AS SELECT typeof(payload) || ' ' || (payload ->> 'price') AS it FROM events");

        Assert.Equal(1, Count("SELECT count(*) FROM seen WHERE it = 'text 1999'"));
    }

    public void Dispose() => _folder.Dispose();

    private SqliteJournal Open(Action<SqliteStep>? faults = null) => SqliteJournal.Open(new SqliteJournalOptions
    {
        Path = File,
        CheckpointPages = 100,
        IndexEvery = 3,
        LockPatience = TimeSpan.FromMilliseconds(50),
        Faults = faults,
        Queue = new CommitQueueOptions { OutcomePatience = TimeSpan.FromMilliseconds(300) },
    });

    private JournalUnavailableException Refusal() => Assert.Throws<JournalUnavailableException>(() => Open());

    private static SqliteFault DiskError() => new(raw.SQLITE_IOERR_FSYNC, "disk I/O error");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(File, create: true, TimeSpan.Zero);
        connection.Execute(sql);
    }

    private long Count(string sql)
    {
        using var connection = new SqliteConnection(File, create: false, TimeSpan.Zero);
        return connection.Number(sql);
    }
}
