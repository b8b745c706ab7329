using System.Text;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

// Receipts, due times and documents.
public abstract partial class JournalContract
{
    [ContractFact]
    public async Task A_receipt_is_found_under_its_key()
    {
        await Journal.Append(new JournalUnit([To("s", 0)], [new ReceiptWrite("k ü", "", ReadOnlyMemory<byte>.Empty, Noon), Receipt("k2")]));

        var receipt = await Journal.FindReceipt("k ü");

        Assert.Equal(("k ü", "", 0), (receipt!.Key, receipt.Fingerprint, receipt.Answer.Length));
        Assert.Equal(("print of k2", "answer to k2"), ((await Journal.FindReceipt("k2"))!.Fingerprint, (await Journal.FindReceipt("k2"))!.Answer.Text()));
        Assert.Null(await Journal.FindReceipt("k"));
    }

    [ContractFact]
    public async Task Streams_and_receipts_from_before_and_new_ones_are_there_once_the_names_were_read()
    {
        await Journal.Append(new JournalUnit([.. Enumerable.Range(0, 6_000).Select(n => To($"before/{n}", 0, 1 + n % 2))], [Receipt("before"), Receipt("vör")]));
        if (await ReopensEmpty()) return;
        if (SparesReads) await ReadsAreSpared();
        var spared = Journal.Status.ReadsSpared;
        var refused = await Journal.Conflicts(Of(To("before/1", 0), To("refused", 0)));
        await Journal.Append(Of(To("new", 0)).With("new"));

        foreach (var key in new[] { "before", "vör", "new" }) Assert.Equal(key, (await Journal.FindReceipt(key))?.Key);
        for (var n = 0; n < 6_000; n++) Assert.Equal(1 + n % 2, await Journal.Version($"before/{n}"));
        await HasVersions(("new", 1), ("refused", 0));
        Assert.Equal(["before/1"], refused.Streams);
        Assert.Equal(spared, Journal.Status.ReadsSpared);
        Assert.Empty(await Journal.Read("none"));
        Assert.Null(await Journal.FindReceipt("none"));
        Assert.Equal(spared + (SparesReads ? 2 : 0), Journal.Status.ReadsSpared);
    }

    [ContractFact]
    public async Task A_unit_may_be_a_receipt_alone()
    {
        await Journal.Append(new JournalUnit([], [Receipt("k")]));
        await Journal.Append(new JournalUnit([To("s", 0)], [Receipt("k2")]));

        var conflict = await Journal.Conflicts(new JournalUnit([], [Receipt("k")]));

        Assert.Equal(["k"], conflict.ReceiptKeys);
        Assert.NotNull(await Journal.FindReceipt("k"));
        Assert.Single(await Journal.Read("s"));
        Assert.Single((await Journal.Feed(FeedPosition.Start, 10)).Events);
    }

    [ContractFact]
    public async Task A_taken_receipt_key_fails_the_unit()
    {
        await Journal.Append(Of(To("a", 0)).With("k"));

        var conflict = await Journal.Conflicts(Of(To("b", 0)).With("other", "k"));

        Assert.Equal(["k"], conflict.ReceiptKeys);
        Assert.Empty(conflict.Streams);
        Assert.Empty(await Journal.Read("b"));
        Assert.Null(await Journal.FindReceipt("other"));
    }

    [ContractFact]
    public async Task Of_many_units_with_one_key_one_is_written()
    {
        var units = Enumerable.Range(0, 200).Select(n => Journal.Append(Of(To($"s/{n}", 0)).With("k"))).ToArray();

        var lost = 0;
        foreach (var unit in units)
        {
            if (await Record.ExceptionAsync(() => unit) is JournalConflictException conflict)
            {
                Assert.Equal(["k"], conflict.ReceiptKeys);
                lost++;
            }
        }

        Assert.Equal(199, lost);
        Assert.Single((await Journal.Feed(FeedPosition.Start, 1_000)).Events);
    }

    [ContractFact]
    public async Task Receipts_are_forgotten_once_their_time_is_over()
    {
        await Journal.Append(new JournalUnit([To("s", 0)], [.. Enumerable.Range(0, 10).Select(n => Receipt($"k{n}", Noon.AddMilliseconds(n)))]));

        Assert.Equal(0, await Journal.ForgetReceipts(Noon));
        Assert.Equal(2, await Journal.ForgetReceipts(Noon.AddMilliseconds(5), 2));
        Assert.Equal(3, await Journal.ForgetReceipts(Noon.AddMilliseconds(5)));
        Assert.Equal(0, await Journal.ForgetReceipts(Noon.AddMilliseconds(5)));

        Assert.Null(await Journal.FindReceipt("k4"));
        Assert.NotNull(await Journal.FindReceipt("k5"));
        await Journal.Append(Of(To("s", 1)).With("k4"));
        await Journal.Conflicts(Of(To("s", 2)).With("k5"));
    }

    [ContractFact]
    public async Task A_stream_is_due_at_exactly_its_time_and_not_before()
    {
        await Journal.Append(To("s", 0).Due(Noon));

        Assert.Empty(await AllDue(Noon.AddMilliseconds(-1)));
        Assert.Equal([new DueStream("s", Noon)], await AllDue(Noon));
    }

    [ContractFact]
    public async Task A_due_time_is_rounded_up_to_a_millisecond()
    {
        await Journal.Append(To("s", 0).Due(Noon.AddTicks(1)));

        Assert.Empty(await AllDue(Noon.AddTicks(TimeSpan.TicksPerMillisecond - 1)));
        Assert.Equal([new DueStream("s", Noon.AddMilliseconds(1))], await AllDue(Noon.AddMilliseconds(1)));
    }

    [ContractFact]
    public async Task The_last_change_of_a_due_time_holds()
    {
        await Task.WhenAll(
            Journal.Append(To("moved", 0).Due(Noon)), Journal.Append(To("moved", 1).Due(Noon.AddHours(1))),
            Journal.Append(To("cleared", 0).Due(Noon)), Journal.Append(To("cleared", 1).NoLongerDue()),
            Journal.Append(To("set again", 0).Due(Noon)), Journal.Append(To("set again", 1).NoLongerDue()), Journal.Append(To("set again", 2).Due(Noon)),
            Journal.Append(To("left", 0).Due(Noon)), Journal.Append(To("left", 1)));

        Assert.Equal(["left", "set again"], (await AllDue(Noon)).Select(due => due.Stream).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await AllDue(Noon.AddHours(1))).Count);
        await Journal.Append(To("moved", 2).NoLongerDue());
        Assert.Equal(2, (await AllDue(Noon.AddHours(1))).Count);
    }

    [ContractFact]
    public async Task Shards_share_the_due_streams_and_each_gives_the_most_overdue_first()
    {
        var streams = Enumerable.Range(0, 400).Select(n => (Name: $"bargain/b_{n}", At: Noon.AddSeconds(n * 7919 % 400))).ToArray();
        await Task.WhenAll(streams.Select(stream => Journal.Append(To(stream.Name, 0).Due(stream.At))));

        var found = new List<DueStream>();
        for (var shard = 0; shard < Journal.DeadlineShards; shard++)
        {
            var due = await Journal.Due(shard, Noon.AddSeconds(199), 1_000);
            Assert.Equal(due.OrderBy(one => one.DueAt), due);
            Assert.Equal(due.Take(3), await Journal.Due(shard, Noon.AddSeconds(199), 3));
            Assert.NotEmpty(due);
            found.AddRange(due);
        }

        Assert.Equal(streams.Where(stream => stream.At <= Noon.AddSeconds(199)).Select(stream => stream.Name).Order(StringComparer.Ordinal), found.Select(one => one.Stream).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Journal.Due(Journal.DeadlineShards, Noon, 1));
    }

    [ContractFact]
    public async Task What_waits_for_its_time_is_told_page_by_page_in_the_order_of_the_names()
    {
        string[] waiting = ["B/1", "a", "b/1", "b/10", "b/2", "b/Z", "b/_", "b/a", "b/~"];
        foreach (var stream in waiting.Reverse()) await Journal.Append(To(stream, 0).Due(Noon));
        await Journal.Append(To("b/15", 0), To("b/over", 0).Due(Noon));
        await Journal.Append(To("b/over", 1).NoLongerDue());

        Assert.Equal(waiting, await Journal.Waiting("", 100));
        Assert.Equal(["B/1", "a"], await Journal.Waiting("", 2));
        Assert.Equal(["b/10", "b/2"], await Journal.Waiting("b/1", 2));
        Assert.Equal(["b/1"], await Journal.Waiting("b/", 1));
        Assert.Equal(waiting[^2..], await Journal.Waiting("b/_", 3));
        Assert.Empty(await Journal.Waiting(waiting[^1], 10));
        Assert.Empty(await Journal.Waiting("", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Journal.Waiting("", -1));
    }

    [ContractFact]
    public async Task Who_recalls_a_version_may_go_on_from_it_and_nothing_else_changes()
    {
        await Journal.Append(To("s", 0, 3), To("behind", 0, 3));
        if (await ReopensEmpty()) return;

        Journal.Recall("s", 3);
        Journal.Recall("behind", 2);
        await Journal.Append(To("s", 3));

        // Others may have written since: who knows less than there is loses as ever, and who knows more leaves a gap.
        Assert.Equal(["behind"], (await Journal.Conflicts(Of(To("behind", 2)))).Streams);
        Assert.Equal(["behind"], (await Journal.Conflicts(Of(To("behind", 4)))).Streams);
        Journal.Recall("s", 1);
        Assert.Equal(["s"], (await Journal.Conflicts(Of(To("s", 1)))).Streams);
        await HasVersions(("s", 4), ("behind", 3));
        await Journal.Append(To("s", 4), To("behind", 3));
        await HasVersions(("s", 5), ("behind", 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Journal.Recall("s", -1));
    }

    [ContractFact]
    public async Task A_document_is_written_only_over_the_tag_that_is_there()
    {
        var first = await Journal.Documents.Write("d/1", "one"u8.ToArray(), null);
        Assert.NotNull(first);
        Assert.Null(await Journal.Documents.Write("d/1", "again"u8.ToArray(), null));
        Assert.Null(await Journal.Documents.Write("d/1", "wrong"u8.ToArray(), "no tag"));
        Assert.Null(await Journal.Documents.Write("d/2", "missing"u8.ToArray(), first));

        var second = await Journal.Documents.Write("d/1", "two"u8.ToArray(), first);

        Assert.NotEqual(first, second);
        Assert.Null(await Journal.Documents.Write("d/1", "stale"u8.ToArray(), first));
        var found = await Journal.Documents.Find("d/1");
        Assert.Equal(("d/1", "two", second), (found!.Key, found.Content.Text(), found.Tag));
        Assert.Null(await Journal.Documents.Find("d/2"));
    }

    [ContractFact]
    public async Task A_document_is_removed_only_at_its_tag_and_never_gets_an_old_tag_again()
    {
        var tag = await Journal.Documents.Write("d", "x"u8.ToArray(), null);

        Assert.False(await Journal.Documents.Remove("d", "other"));
        Assert.True(await Journal.Documents.Remove("d", tag));
        Assert.True(await Journal.Documents.Remove("d", null));
        Assert.Null(await Journal.Documents.Find("d"));

        Assert.NotEqual(tag, await Journal.Documents.Write("d", ReadOnlyMemory<byte>.Empty, null));
        Assert.Equal(0, (await Journal.Documents.Find("d"))!.Content.Length);
        Assert.True(await Journal.Documents.Remove("d", null));
    }

    [ContractFact]
    public async Task Documents_are_listed_by_prefix_in_the_order_of_their_keys()
    {
        foreach (var key in new[] { "a/2", "a/10", "a/1", "a0", "b/1", "A/1", "a/", "a/~", "a_1" }) await Journal.Documents.Write(key, Encoding.UTF8.GetBytes(key), null);

        Assert.Equal(["a/", "a/1", "a/10", "a/2", "a/~"], (await Journal.Documents.List("a/")).Select(document => document.Key));
        Assert.Equal(9, (await Journal.Documents.List("")).Count);
        Assert.Empty(await Journal.Documents.List("c"));
    }

    private async Task<IReadOnlyList<DueStream>> AllDue(DateTimeOffset now)
    {
        var due = new List<DueStream>();
        for (var shard = 0; shard < Journal.DeadlineShards; shard++) due.AddRange(await Journal.Due(shard, now, 10_000));
        return due;
    }
}
