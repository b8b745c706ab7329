using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

public abstract partial class JournalContract
{
    [ContractFact]
    public async Task A_version_that_is_taken_is_refused()
    {
        await Journal.Append(To("s", 0, 3));

        foreach (var expected in new[] { 0, 1, 2 }) Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", expected)))).Streams);

        Assert.Equal(3, await Journal.Version("s"));
        await Journal.Append(To("s", 3));
    }

    [ContractFact]
    public async Task A_version_that_leaves_a_gap_is_refused()
    {
        await Journal.Append(To("s", 0, 3));

        Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", 4)))).Streams);
        Assert.Equal(["none"], (await Journal.Conflicts(Of(To("none", 1)))).Streams);
        Assert.Equal(3, await Journal.Version("s"));
        Assert.Empty(await Journal.Read("none"));
    }

    [ContractFact]
    public async Task Taken_versions_and_gaps_are_found_after_reopening_as_well()
    {
        await Journal.Append(To("s", 0, 3), To("t", 0));
        if (await ReopensEmpty()) return;

        Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", 0)))).Streams);
        await Reopen();
        Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", 2)))).Streams);
        await Reopen();
        Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", 4)))).Streams);
        await Reopen();
        await Journal.Append(To("t", 1));
        await Journal.Append(To("s", 3));
        await HasVersions(("s", 4), ("t", 2));
    }

    [ContractFact]
    public async Task A_unit_that_loses_on_one_stream_writes_nothing_at_all()
    {
        await Journal.Append(To("a", 0));

        var conflict = await Journal.Conflicts(Of(To("b", 0).Due(Noon), To("a", 0), To("c", 0)).With("r"));

        Assert.Equal(["a"], conflict.Streams);
        Assert.Empty(conflict.ReceiptKeys);
        await HasVersions(("a", 1), ("b", 0), ("c", 0));
        Assert.Null(await Journal.FindReceipt("r"));
        Assert.Empty(await AllDue(Noon));
        await Journal.Append(Of(To("b", 0), To("a", 1), To("c", 0)).With("r"));
    }

    [ContractFact]
    public async Task A_loser_is_told_everything_it_lost_on()
    {
        await Journal.Append(Of(To("new", 0), To("old", 0, 2)).With("k1", "k2"));

        var conflict = await Journal.Conflicts(Of(To("old", 1), To("fine", 0), To("new", 0), To("gap", 7)).With("k2", "k3", "k1"));

        Assert.Equal(["gap", "new", "old"], conflict.Streams.Order(StringComparer.Ordinal));
        Assert.Equal(["k1", "k2"], conflict.ReceiptKeys.Order(StringComparer.Ordinal));
    }

    [ContractFact]
    public async Task Consecutive_units_of_a_stream_may_be_handed_over_without_waiting()
    {
        var appends = new List<Task>();
        for (var version = 0; version < 3_000; version++) appends.Add(Journal.Append(To("hot", version), To($"helper/{version}", 0)));

        await Task.WhenAll(appends);

        var events = await Journal.Read("hot");
        Assert.Equal(Enumerable.Range(1, 3_000), events.Select(e => e.Version));
        var feed = await Journal.Feed(FeedPosition.Start, 10_000);
        Assert.Equal(Enumerable.Range(1, 3_000), feed.Events.Where(e => e.Stream == "hot").Select(e => e.Version));
    }

    [ContractFact]
    public async Task A_failed_unit_takes_exactly_those_behind_it_on_its_stream_with_it()
    {
        await Journal.Append(Of(To("other", 0)).With("taken"));
        var before = Enumerable.Range(0, 20).Select(version => Journal.Append(To("hot", version), To($"x/{version}", 0))).ToArray();
        var loser = Journal.Append(Of(To("hot", 20)).With("taken"));
        var behind = Enumerable.Range(21, 20).Select(version => Journal.Append(To("hot", version), To($"x/{version}", 0))).ToArray();
        var beside = Enumerable.Range(0, 20).Select(version => Journal.Append(To("cool", version))).ToArray();

        await Task.WhenAll([.. before, .. beside]);

        Assert.Equal(["taken"], (await Assert.ThrowsAsync<JournalConflictException>(() => loser)).ReceiptKeys);
        foreach (var unit in behind) Assert.Contains("hot", (await Assert.ThrowsAsync<JournalConflictException>(() => unit)).Streams);
        await HasVersions(("hot", 20), ("cool", 20), ("x/21", 0));
        await Journal.Append(To("hot", 20));
    }

    [ContractFact]
    public async Task What_builds_on_a_failed_unit_is_refused_even_where_its_version_happens_to_fit()
    {
        // A stale owner believes the stream is at 1, while it is at 3 already; its third unit expects 3 by accident.
        await Journal.Append(To("s", 0, 3));

        var stale = new[] { Journal.Append(To("s", 1)), Journal.Append(To("s", 2)), Journal.Append(To("s", 3)) };

        foreach (var unit in stale) await Assert.ThrowsAsync<JournalConflictException>(() => unit);
        await Journal.Conflicts(Of(To("s", 3)));
        Assert.Equal(3, (await Journal.Read("s")).Count);
        // Whoever has read the stream knows the truth.
        await Journal.Append(To("s", 3));
    }

    [ContractFact]
    public async Task A_stream_of_a_failed_unit_goes_on_from_where_it_was_without_being_read()
    {
        await Journal.Append(To("b", 0, 2), To("h", 0, 5));
        await Journal.Conflicts(Of(To("b", 1), To("h", 5)));

        await Journal.Append(To("h", 5));
        await Journal.Append(To("h", 6));

        Assert.Equal(7, await Journal.Version("h"));
    }

    [ContractFact]
    public async Task A_full_queue_refuses_at_once()
    {
        await Reopen(new CommitQueueOptions { QueuedUnitsMax = 0 });
        if (Journal is MemoryJournal) return;

        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Append(To("s", 0)));

        Assert.False(refusal.OutcomeUnknown);
        await Reopen();
        Assert.Empty(await Journal.Read("s"));
    }

    [ContractFact]
    public async Task A_writer_that_remembers_hardly_any_stream_asks_the_store()
    {
        // It remembers some thirty all the same.
        const int Streams = 100;
        await Reopen(new CommitQueueOptions { HeadsMax = 2 });
        for (var version = 0; version < 5; version++)
        {
            for (var stream = 0; stream < Streams; stream++) await Journal.Append(To($"s/{stream}", version));
        }

        for (var stream = 0; stream < Streams; stream++)
        {
            Assert.Equal([$"s/{stream}"], (await Journal.Conflicts(Of(To($"s/{stream}", 4)))).Streams);
            Assert.Equal([$"s/{stream}"], (await Journal.Conflicts(Of(To($"s/{stream}", 6)))).Streams);
            await HasVersions(($"s/{stream}", 5));
        }
    }
}
