using System.Text;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

public abstract partial class JournalContract
{
    [ContractFact]
    public async Task What_was_appended_is_read_in_order_with_versions_from_1()
    {
        await Journal.Append(new StreamAppend("bargain/b_1", 0, [Event("""{"a":1}""", 7), Event("""{"ü":"砍"}""", 8)]));
        await Journal.Append(new StreamAppend("bargain/b_1", 2, [Event("""{"c":3}""", 9)]));

        var events = await Journal.Read("bargain/b_1");

        Assert.Equal([1, 2, 3], events.Select(e => e.Version));
        Assert.Equal([7, 8, 9], events.Select(e => (int)e.Kind));
        Assert.Equal(["""{"a":1}""", """{"ü":"砍"}""", """{"c":3}"""], events.Select(e => e.Payload.Text()));
    }

    [ContractFact]
    public async Task A_stream_that_does_not_exist_is_empty() => Assert.Empty(await Journal.Read("bargain/none"));

    [ContractFact]
    public async Task A_read_starts_behind_a_version_and_ends_at_the_limit()
    {
        await Journal.Append(To("s", 0, 10));

        Assert.Equal([4, 5, 6], (await Journal.Read("s", 3, 3)).Select(e => e.Version));
        Assert.Equal([10], (await Journal.Read("s", 9)).Select(e => e.Version));
        Assert.Empty(await Journal.Read("s", 10));
        Assert.Empty(await Journal.Read("s", 11));
        Assert.Empty(await Journal.Read("s", 0, 0));
    }

    [ContractFact]
    public async Task Streams_are_told_apart_by_every_character()
    {
        await Journal.Append(To("s/a", 0, 1), To("s/A", 0, 2), To("s/a ", 0, 3), To("s/a/b", 0, 4), To("s/_", 0, 5), To("s/%", 0, 6));

        await HasVersions(("s/a", 1), ("s/A", 2), ("s/a ", 3), ("s/a/b", 4), ("s/_", 5), ("s/%", 6));
    }

    [ContractFact]
    public async Task A_unit_over_several_streams_is_written_whole()
    {
        await Journal.Append(To("b", 0, 2), To("h", 0), To("t", 0, 3));

        await HasVersions(("b", 2), ("h", 1), ("t", 3));
    }

    [ContractFact]
    public async Task A_unit_of_a_thousand_streams_is_written_whole()
    {
        var unit = new JournalUnit([.. Enumerable.Range(0, 1_000).Select(n => To($"s/{n}", 0, 1 + n % 3).Due(Noon.AddSeconds(n)))]);

        await Journal.Append(unit);

        var versions = await Task.WhenAll(unit.Appends.Select(append => Journal.Version(append.Stream)));
        Assert.Equal(unit.Appends.Select(append => append.Events.Count), versions);
        var page = await Journal.Feed(FeedPosition.Start, 10_000);
        Assert.Equal(unit.Appends.Sum(append => append.Events.Count), page.Events.Count);
    }

    [ContractFact]
    public async Task A_unit_with_more_events_than_a_commit_takes_is_written_alone()
    {
        await Reopen(new CommitQueueOptions { BatchEventsMax = 10, BatchUnitsMax = 4 });

        var appends = Enumerable.Range(0, 50).Select(n => Journal.Append(To($"s/{n}", 0, n % 2 == 0 ? 25 : 3))).ToArray();
        await Task.WhenAll(appends);

        var versions = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Journal.Version($"s/{n}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => n % 2 == 0 ? 25 : 3), versions);
    }

    [ContractFact]
    public async Task A_payload_of_a_megabyte_comes_back_as_it_was()
    {
        var json = $$"""{"text":"{{string.Concat(Enumerable.Range(0, 100_000).Select(n => $"{n:x8}é"))}}"}""";

        await Journal.Append(new StreamAppend("large", 0, [Event(json)]));

        Assert.Equal(json, (await Journal.Read("large"))[0].Payload.Text());
        Assert.True(Encoding.UTF8.GetByteCount(json) >= 1_000_000);
    }

    [ContractFact]
    public async Task What_is_no_unit_is_refused_with_every_fault_named()
    {
        var unit = new JournalUnit(
            [To("twice", 0), To("twice", 1), To("ümlaut", 0), To(new string('x', 201), 0), new StreamAppend("none", 0, []), To("minus", -1)],
            [Receipt("r"), Receipt("r"), Receipt("")]);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Journal.Append(unit));

        foreach (var fault in new[] { "'twice' is there twice", "'ümlaut'", "'xxx", "'none' gets no events", "-1 of 'minus'", "'r' is there twice", "receipt key ''" })
        {
            Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => Journal.Append(new JournalUnit([])));
        Assert.Empty((await Journal.Feed(FeedPosition.Start, 10)).Events);
    }

    [ContractFact]
    public async Task A_payload_that_is_no_text_is_refused()
    {
        foreach (var payload in new byte[][] { [], [0xff, 0xfe], [(byte)'"', 0, (byte)'"'] })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Journal.Append(new StreamAppend("s", 0, [new NewEvent(1, payload)])));
        }

        Assert.Empty(await Journal.Read("s"));
    }

    [ContractFact]
    public async Task Status_counts_what_was_committed()
    {
        await Journal.Append(To("a", 0, 2), To("b", 0));
        await Journal.Append(To("a", 2));
        await Journal.Conflicts(Of(To("a", 0)));

        Assert.Equal((true, null, 2, 4), (Journal.Status.Writable, Journal.Status.Fault, Journal.Status.UnitsCommitted, Journal.Status.EventsCommitted));
        Assert.Equal(0, Journal.Status.Queued);
    }

    [ContractFact]
    public async Task Closing_commits_what_was_handed_over_and_then_refuses()
    {
        var appends = Enumerable.Range(0, 2_000).Select(n => Journal.Append(To($"s/{n}", 0))).ToArray();

        await Journal.DisposeAsync();

        await Task.WhenAll(appends);
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Append(To("late", 0)));
        Assert.False(refusal.OutcomeUnknown);
        if (await ReopensEmpty()) return;
        Assert.Equal(2_000, (await Journal.Feed(FeedPosition.Start, 3_000)).Events.Count);
        Assert.Empty(await Journal.Read("late"));
    }

    [ContractFact]
    public async Task Everything_is_there_after_reopening()
    {
        await Journal.Append(Of(To("a", 0, 2).Due(Noon), To("b", 0).Due(Noon)).With("r"));
        await Journal.Append(Of(To("b", 1).NoLongerDue()));
        var tag = await Journal.Documents.Write("d", "x"u8.ToArray(), null);
        var before = await Journal.Feed(FeedPosition.Start, 100);

        if (await ReopensEmpty()) return;

        await HasVersions(("a", 2), ("b", 2));
        Assert.Equal("answer to r", (await Journal.FindReceipt("r"))!.Answer.Text());
        Assert.Equal(tag, (await Journal.Documents.Find("d"))!.Tag);
        var after = await Journal.Feed(FeedPosition.Start, 100);
        Assert.Equal(before.Events.Select(e => (e.Position, e.Stream, e.Version)), after.Events.Select(e => (e.Position, e.Stream, e.Version)));
        Assert.Equal(["a"], (await AllDue(Noon)).Select(due => due.Stream));
        await Journal.Append(To("a", 2), To("b", 2));
        Assert.Equal(["b"], (await Journal.Conflicts(Of(To("b", 1)))).Streams);
    }
}
