namespace SocialCommerce.Journal.Tests;

public sealed class MemoryJournalTests : JournalContract
{
    protected override bool Durable => false;

    protected override Task<IJournal> Open(CommitQueueOptions queue) => Task.FromResult<IJournal>(new MemoryJournal());

    [Fact]
    public async Task Answers_before_it_returns_so_that_a_simulation_replays()
    {
        Assert.True(Journal.Append(Units.To("s", 0)).IsCompletedSuccessfully);
        Assert.True(Journal.Append(Units.To("s", 0)).IsFaulted);
        Assert.True(Journal.Read("s").IsCompletedSuccessfully);
        await Task.CompletedTask;
    }
}
