using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Feed;

/// <summary>A picture that was kept is taken over and read on from, and shows what one drawn from the feed's start shows.</summary>
public sealed class PictureTests
{
    private static readonly TimeProvider Monotonic = TimeProvider.System;

    [Fact]
    public async Task Figures_are_taken_over_and_counted_on()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await Play(shop, "early");
        using (var keeping = new CampaignFigures(journal, Monotonic) { KeepEvery = 1 })
        {
            await keeping.Of("deal");
            await Kept(journal, "figures-2");
        }

        await Play(shop, "late");
        var watched = new WatchedFeed(journal);
        using var restored = new CampaignFigures(watched, Monotonic);
        using var drawn = new CampaignFigures(journal, Monotonic);

        var view = await restored.Of("deal");

        Assert.NotEqual(FeedPosition.Start, watched.First);
        Assert.Equal(Text(await drawn.Of("deal")), Text(view));
        Assert.Equal(2, view.Funnel["bargain.won"]);
    }

    [Fact]
    public async Task The_board_reads_its_open_teams_again_and_counts_nothing_twice()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish("teams", Offers.GroupBuy(3));
        var open = await shop.OpenTeam("leader", "teams");
        var full = await shop.OpenTeam("other", "teams");
        using (var keeping = new TeamBoard(journal, Monotonic) { KeepEvery = 1 })
        {
            await keeping.OpenTeams("teams", shop.Clock.Now, 0, 50, "");
            await Kept(journal, "teams-1");
        }

        // In the streams already when the board reads them, and in the feed behind its position once more.
        await shop.JoinAndPay("bob", open.Team!.TeamId);
        await shop.Join("carol", full.Team!.TeamId);
        await shop.Join("dave", full.Team.TeamId);
        var third = await shop.OpenTeam("third", "teams");
        var watched = new WatchedFeed(journal);
        using var restored = new TeamBoard(watched, Monotonic);
        using var drawn = new TeamBoard(journal, Monotonic);

        var teams = (await restored.OpenTeams("teams", shop.Clock.Now, 0, 50, "")).Items;

        Assert.NotEqual(FeedPosition.Start, watched.First);
        Assert.Equal([open.Team.TeamId, third.Team!.TeamId], teams.Select(team => team.TeamId));
        Assert.Equal((await drawn.OpenTeams("teams", shop.Clock.Now, 0, 50, "")).Items.AsEnumerable(), teams.AsEnumerable());
    }

    [Fact]
    public async Task The_campaigns_are_taken_over()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish("first", Offers.GroupBuy(3));
        using (var keeping = new CampaignIndex(journal, Monotonic) { KeepEvery = 1 })
        {
            await keeping.After("");
            await Kept(journal, "campaigns-1");
        }

        await shop.Publish("second", Offers.GroupBuy(3));
        var watched = new WatchedFeed(journal);
        using var restored = new CampaignIndex(watched, Monotonic);

        Assert.Equal(["first", "second"], await restored.After(""));
        Assert.NotEqual(FeedPosition.Start, watched.First);
    }

    [Fact]
    public async Task A_copy_that_is_no_copy_is_drawn_anew()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await shop.Publish("only", Offers.GroupBuy(3));
        await journal.Documents.Write("picture/campaigns-1", "nonsense"u8.ToArray(), null);
        using var index = new CampaignIndex(journal, Monotonic);
        Assert.Equal(["only"], await index.After(""));
    }

    [Fact]
    public async Task Nobody_need_ask_for_the_figures_to_be_drawn()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        var watched = new WatchedFeed(journal);
        await using var shop = await Shop.Open(new ShopSettings { Journal = watched });
        await Play(shop, "early");
        var end = (await journal.Feed(FeedPosition.Start, 1_000)).Next;

        await shop.Until(() => Task.FromResult(watched.UpTo >= end), "the feed is read to its end");
    }

    [Fact]
    public async Task A_picture_takes_what_another_has_read_and_reads_what_lies_before_it()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, SweepMilliseconds = Shop.Unswept });
        await shop.Publish("teams", Offers.GroupBuy(3));
        var first = await shop.OpenTeam("leader", "teams");
        using var figures = new CampaignFigures(journal, Monotonic);
        using var board = new TeamBoard(journal, Monotonic);
        using var index = new CampaignIndex(journal, Monotonic);
        await figures.ReadOnePage();

        // Behind: neither has read what the figures have.
        await shop.Publish("more", Offers.GroupBuy(3));
        var second = await shop.OpenTeam("other", "teams");
        await TakeAll();
        // Ahead: asked for in between.
        await shop.Join("bob", first.Team!.TeamId);
        await board.OpenTeams("teams", shop.Clock.Now, 0, 50, "");
        await shop.Join("carol", second.Team!.TeamId);
        await shop.Join("dave", second.Team.TeamId);
        await TakeAll();
        // In step, and nobody looks: the feed is read once.
        await shop.OpenTeam("third", "teams");
        await TakeAll();

        using var drawn = new TeamBoard(journal, Monotonic);
        var before = (await drawn.OpenTeams("teams", shop.Clock.Now, 0, 50, "")).Items;
        Assert.Equal(2, before.Length);
        Assert.Equal(before.AsEnumerable(), (await board.OpenTeams("teams", shop.Clock.Now, 0, 50, "")).Items.AsEnumerable());
        Assert.Equal(["more", "teams"], await index.After(""));
        Assert.Equal((3, 6), ((await figures.Of("teams")).Funnel["team.opened"], (await figures.Of("teams")).Funnel["seat.held"]));

        async Task TakeAll()
        {
            var (after, page) = await figures.ReadOnePage();
            await board.Take(after, page);
            await index.Take(after, page);
        }
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_what_is_read()
    {
        await using var journal = new MemoryJournal(deadlineShards: 2);
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, SweepMilliseconds = Shop.Unswept });
        await shop.Publish("first", Offers.GroupBuy(3));
        var watched = new WatchedFeed(journal) { Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        using var index = new CampaignIndex(watched, Monotonic);

        // Under way for the first alone: what happens meanwhile it may lack, and so the others need another look, but one for all of them.
        var asked = new List<Task<string[]>> { index.After("") };
        await shop.Publish("second", Offers.GroupBuy(3));
        asked.AddRange(Enumerable.Range(0, 9).Select(_ => index.After("")));
        watched.Gate.SetResult();

        Assert.All((await Task.WhenAll(asked)).Skip(1), ids => Assert.Equal(["first", "second"], ids));
        Assert.Equal(2, watched.Reads);
    }

    private static async Task Play(Shop shop, string who)
    {
        if (who == "early") await shop.Publish("deal", Offers.Headcount(2));
        var bargain = await shop.Start("owner-" + who, "deal");
        await shop.Cut("bob-" + who, bargain.BargainId);
        await shop.Cut("carol-" + who, bargain.BargainId);
    }

    private static string Text(CampaignStatsView view) => System.Text.Json.JsonSerializer.Serialize(view);

    private static async Task Kept(MemoryJournal journal, string name)
    {
        // Kept behind the look; nobody waits for it but a test.
        for (var tries = 0; await journal.Documents.Find("picture/" + name) is null; tries++)
        {
            Assert.True(tries < 1_000, "Waited in vain for the copy.");
            await Task.Delay(1);
        }
    }

    /// <summary>Remembers from where the feed was first read.</summary>
    private sealed class WatchedFeed(IJournal inner) : IJournal
    {
        public FeedPosition? First { get; private set; }
        public FeedPosition UpTo { get; private set; } = FeedPosition.Start;
        public int Reads { get; private set; }

        /// <summary>Whoever reads waits for it behind the reading.</summary>
        public TaskCompletionSource? Gate { get; init; }
        public int DeadlineShards => inner.DeadlineShards;
        public IDocumentStore Documents => inner.Documents;
        public JournalStatus Status => inner.Status;

        public async Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null)
        {
            First ??= after;
            Reads++;
            var page = await inner.Feed(after, limit, kinds);
            if (Gate is not null) await Gate.Task;
            UpTo = page.Next;
            return page;
        }

        public Task Append(JournalUnit unit) => inner.Append(unit);
        public Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue) => inner.Read(stream, afterVersion, limit);
        public Task<StoredReceipt?> FindReceipt(string key) => inner.FindReceipt(key);
        public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000) => inner.ForgetReceipts(now, limit);
        public void Recall(string stream, int version) => inner.Recall(stream, version);

        public Task<IReadOnlyList<string>> Waiting(string after, int limit) => inner.Waiting(after, limit);

        public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit) => inner.Due(shard, now, limit);
        public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default) => inner.WaitForFeed(after, patience, cancellation);
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
