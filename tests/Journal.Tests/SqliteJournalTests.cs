namespace SocialCommerce.Journal.Tests;

public sealed class SqliteJournalTests : JournalContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override bool Durable => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue) =>
        Task.FromResult<IJournal>(SqliteJournal.Open(new SqliteJournalOptions { Path = _folder.File("journal.db"), Queue = queue }));

    public void Dispose() => _folder.Dispose();
}
