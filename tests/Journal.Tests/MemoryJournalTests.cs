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

    /// <summary>As two processes over one database: what the other wrote is known by reading, and by losing to it.</summary>
    [Fact]
    public async Task One_beside_another_keeps_what_both_write_and_loses_on_what_it_has_not_read()
    {
        var one = new MemoryJournal();
        var other = one.Beside();
        await one.Append(Units.To("s", 0));
        await other.Append(Units.To("s", 1));

        await one.Conflicts(Units.Of(Units.To("s", 1)).With("key"));
        // Only who has read what the other wrote may go on where its own failed unit would have ended.
        await one.Conflicts(Units.Of(Units.To("s", 2)));
        Assert.Equal(2, await one.Version("s"));
        await one.Append(Units.Of(Units.To("s", 2)).With("key"));
        await other.Conflicts(new JournalUnit([], [Units.Receipt("key")]));

        Assert.Equal(3, await other.Version("s"));
    }
}
