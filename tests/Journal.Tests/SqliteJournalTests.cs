namespace SocialCommerce.Journal.Tests;

public sealed class SqliteJournalTests : JournalContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override bool Durable => true;
    protected override bool SparesReads => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue) =>
        Task.FromResult<IJournal>(SqliteJournal.Open(new SqliteJournalOptions { Path = _folder.File("journal.db"), Queue = queue }));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_comes_amid_many_large_units_need_not_wait_for_them_all()
    {
        const int Large = 40;
        var large = Enumerable.Range(0, Large).Select(n => Journal.Append(Units.To($"large/{n}", 0, 600))).ToList();
        await Journal.Append(Units.To("small", 0));
        await Task.WhenAll(large);

        var feed = (await Journal.Feed(FeedPosition.Start, Large * 600 + 1)).Events;
        Assert.Equal(Large * 600 + 1, feed.Count);
        // Some are written before it comes at all.
        Assert.InRange(feed.TakeWhile(e => e.Stream != "small").Count(), 0, Large / 2 * 600);
    }

    [Fact]
    public void A_statement_is_planned_once_whatever_is_bound()
    {
        using var connection = new SqliteConnection(_folder.File("planned.db"), create: true, TimeSpan.FromSeconds(1));
        connection.Execute("CREATE TABLE t (a TEXT, b INTEGER, UNIQUE (a, b)); INSERT INTO t VALUES ('x', 1), ('x', 2), ('x', 3);");
        var statement = connection.Prepare("SELECT b FROM t WHERE a = ?1 AND b > ?2 ORDER BY b LIMIT ?3");
        for (var limit = 1; limit <= 3; limit++)
        {
            var rows = 0;
            statement.Bind(1, "x").Bind(2, 0).Bind(3, limit);
            while (statement.Step()) rows++;
            Assert.Equal(limit, rows);
        }

        Assert.Equal(0, statement.Replanned);
    }
}
