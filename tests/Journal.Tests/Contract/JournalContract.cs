namespace SocialCommerce.Journal.Tests;

/// <summary>
/// What every journal does. One class for each implementation runs all of it; the topics are in the files beside this one.
/// </summary>
public abstract partial class JournalContract : IAsyncLifetime
{
    /// <summary>A second opening finds what the first one wrote.</summary>
    protected abstract bool Durable { get; }

    /// <summary>Nobody else writes, so that reads of streams that do not exist are spared once the names of all streams were read.</summary>
    protected virtual bool SparesReads => false;

    /// <summary>Opens the test's own store: a new one the first time, the same one afterwards.</summary>
    protected abstract Task<IJournal> Open(CommitQueueOptions queue);

    internal IJournal Journal { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Journal = await Open(new CommitQueueOptions());

    public virtual async Task DisposeAsync() => await Journal.DisposeAsync();

    private async Task Reopen(CommitQueueOptions? queue = null)
    {
        await Journal.DisposeAsync();
        Journal = await Open(queue ?? new CommitQueueOptions());
    }

    // The tests that restart prove nothing where nothing is kept; there they check that a new journal is empty.
    private async Task<bool> ReopensEmpty()
    {
        await Reopen();
        if (Durable) return false;
        Assert.True((await Journal.Feed(FeedPosition.Start, 10)).AtEnd);
        Assert.Empty((await Journal.Feed(FeedPosition.Start, 10)).Events);
        return true;
    }

    /// <summary>Waits until reads are spared.</summary>
    private protected Task ReadsAreSpared() => Waiting.Until(async () =>
    {
        var before = Journal.Status.ReadsSpared;
        Assert.Empty(await Journal.Read("no such stream"));
        Assert.Null(await Journal.FindReceipt("no such key"));
        return Journal.Status.ReadsSpared == before + 2;
    }, "reads are spared");

    private async Task HasVersions(params (string Stream, int Version)[] expected)
    {
        foreach (var (stream, version) in expected) Assert.Equal((stream, version), (stream, await Journal.Version(stream)));
    }
}
