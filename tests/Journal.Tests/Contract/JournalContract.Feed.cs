using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

public abstract partial class JournalContract
{
    // Long enough never to end by itself where a test waits for an event.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ContractFact]
    public async Task The_feed_gives_every_event_in_the_order_of_commits()
    {
        for (var n = 0; n < 10; n++) await Journal.Append(To($"s/{n % 3}", n / 3), To($"t/{n}", 0, 2));

        var page = await Journal.Feed(FeedPosition.Start, 1_000);

        Assert.True(page.AtEnd);
        Assert.Equal(30, page.Events.Count);
        Assert.Equal(page.Events.OrderBy(e => e.Position).Select(e => e.Position).Distinct(), page.Events.Select(e => e.Position));
        Assert.Equal(Enumerable.Range(0, 10), page.Events.Where(e => e.Stream[0] == 't' && e.Version == 1).Select(e => int.Parse(e.Stream[2..], System.Globalization.CultureInfo.InvariantCulture)));
        var one = page.Events.Single(e => e.Stream == "t/4" && e.Version == 2);
        Assert.Equal((1, """{"to":"t/4","version":2}"""), (one.Kind, one.Payload.Text()));
    }

    [ContractFact]
    public async Task The_feed_is_read_page_by_page()
    {
        await Task.WhenAll(Enumerable.Range(0, 25).Select(n => Journal.Append(To($"s/{n}", 0))));
        var all = (await Journal.Feed(FeedPosition.Start, 100)).Events;

        var read = new List<FeedEvent>();
        var at = FeedPosition.Start;
        foreach (var expected in new[] { (10, false), (10, false), (5, true), (0, true) })
        {
            var page = await Journal.Feed(at, 10);
            Assert.Equal(expected, (page.Events.Count, page.AtEnd));
            read.AddRange(page.Events);
            at = page.Next;
        }

        Assert.Equal(all.Select(e => e.Position), read.Select(e => e.Position));
        Assert.Equal(all[^1].Position, at);
        // Every event's own position is a place to go on from.
        Assert.Equal(all.Skip(8).Select(e => e.Position), (await Journal.Feed(all[7].Position, 100)).Events.Select(e => e.Position));
    }

    [ContractFact]
    public async Task A_feed_of_some_kinds_passes_the_others()
    {
        for (short n = 0; n < 30; n++) await Journal.Append(To($"s/{n}", 0, 1, (short)(n % 10)));
        var end = (await Journal.Feed(FeedPosition.Start, 100)).Next;

        var page = await Journal.Feed(FeedPosition.Start, 4, new HashSet<short> { 3, 5 });
        Assert.Equal([3, 5, 3, 5], page.Events.Select(e => (int)e.Kind));
        Assert.Equal(page.Events[^1].Position, page.Next);
        Assert.False(page.AtEnd);

        page = await Journal.Feed(page.Next, 4, new HashSet<short> { 3, 5 });
        Assert.Equal(["s/23", "s/25"], page.Events.Select(e => e.Stream));
        Assert.Equal((end, true), (page.Next, page.AtEnd));

        page = await Journal.Feed(FeedPosition.Start, 4, new HashSet<short> { 99 });
        Assert.Equal((0, end, true), (page.Events.Count, page.Next, page.AtEnd));
    }

    /// <summary>A page need not look through all of a long stretch, but then it must not say that it is the last one.</summary>
    [ContractFact]
    public async Task A_feed_of_some_kinds_gets_through_a_long_stretch_of_others()
    {
        const int Units = 30;
        const int Each = 2_000;
        await Journal.Append(To("before", 0, 1, 3));
        for (var n = 0; n < Units; n++) await Journal.Append(To($"s/{n}", 0, Each));
        await Journal.Append(To("after", 0, 1, 3));

        var found = new List<string>();
        var at = FeedPosition.Start;
        for (FeedPage page; (page = await Journal.Feed(at, 1, new HashSet<short> { 3 })) is not { Events.Count: 0, AtEnd: true };)
        {
            Assert.True(page.Next > at);
            found.AddRange(page.Events.Select(e => e.Stream));
            at = page.Next;
        }

        Assert.Equal(["before", "after"], found);
    }

    [ContractFact]
    public async Task The_end_of_the_feed_stays_where_it_is_until_something_happens()
    {
        Assert.Equal(FeedPosition.Start, (await Journal.Feed(FeedPosition.Start, 10)).Next);
        await Journal.Append(To("s", 0));

        var end = (await Journal.Feed(FeedPosition.Start, 10)).Next;

        Assert.Equal(end, (await Journal.Feed(end, 10)).Next);
        Assert.True((await Journal.Feed(end, 10)).AtEnd);
        Assert.True(FeedPosition.TryParse(end.ToString(), out var parsed));
        Assert.Equal(end, parsed);
    }

    [ContractFact]
    public async Task A_consumer_that_keeps_its_position_misses_nothing_and_repeats_nothing_while_others_write()
    {
        const int Writers = 16;
        const int Each = 150;
        var consumed = new List<FeedEvent>();
        var consumer = Task.Run(async () =>
        {
            var at = FeedPosition.Start;
            while (true)
            {
                var page = await Journal.Feed(at, 37);
                consumed.AddRange(page.Events);
                at = page.Next;
                if (consumed.Count >= Writers * Each * 2) return;
                if (page.AtEnd) await Journal.WaitForFeed(at, Patience);
            }
        });
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++) await Journal.Append(To($"w/{writer}", n), To($"w/{writer}/{n}", 0));
        }));

        await Task.WhenAll(writers);
        await consumer.WaitAsync(Patience);

        Assert.Equal(consumed.Count, consumed.Select(e => (e.Stream, e.Version)).Distinct().Count());
        Assert.Equal(consumed.Select(e => e.Position).Order(), consumed.Select(e => e.Position));
        for (var writer = 0; writer < Writers; writer++) Assert.Equal(Enumerable.Range(1, Each), consumed.Where(e => e.Stream == $"w/{writer}").Select(e => e.Version));
        Assert.Equal((await Journal.Feed(FeedPosition.Start, 100_000)).Events.Select(e => e.Position), consumed.Select(e => e.Position));
    }

    [ContractFact]
    public async Task Waiting_for_the_feed_ends_when_something_is_committed()
    {
        await Journal.Append(To("s", 0));
        FeedPage page = null!;
        // On a server with others, transactions that are older may hold it back for a moment.
        await Waiting.Until(async () => (page = await Journal.Feed(FeedPosition.Start, 10)).Events.Count == 1, "it is shown");
        var end = page.Next;
        var waits = Enumerable.Range(0, 10).Select(_ => Journal.WaitForFeed(end, Patience)).ToArray();
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        await Journal.Append(To("s", 1));

        await Task.WhenAll(waits).WaitAsync(Patience / 2);
        Assert.Single((await Journal.Feed(end, 10)).Events);
    }

    [ContractFact]
    public async Task Waiting_for_the_feed_ends_at_once_where_there_is_more()
    {
        await Journal.Append(To("s", 0));

        await Journal.WaitForFeed(FeedPosition.Start, Patience).WaitAsync(Patience / 2);
    }

    [ContractFact]
    public async Task Waiting_for_the_feed_ends_with_patience_and_with_cancellation()
    {
        var end = (await Journal.Feed(FeedPosition.Start, 10)).Next;
        await Journal.WaitForFeed(end, TimeSpan.FromMilliseconds(1)).WaitAsync(Patience);

        using var cancellation = new CancellationTokenSource();
        var wait = Journal.WaitForFeed(end, Patience, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
