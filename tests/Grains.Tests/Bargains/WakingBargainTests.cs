using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>A bargain at rest wakes without a read in a process of its own, and with one wherever anything else could be so.</summary>
public sealed class WakingBargainTests : IAsyncLifetime
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly JournalDouble _journal = new(new MemoryJournal(deadlineShards: 2));
    private Shop _shop = null!;

    public async Task InitializeAsync()
    {
        _journal.Telling = stream =>
        {
            lock (_read) _read.Add(stream);
            return Task.CompletedTask;
        };
        _shop = await Shop.Open(new ShopSettings { Journal = _journal, GoesIdle = true });
        await _shop.Publish("wake", Offers.Fixed(10));
    }

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    [Fact]
    public async Task What_was_just_started_takes_its_first_cut_without_a_read()
    {
        var bargain = await _shop.Start("owner", "wake");
        Assert.Equal(1, _shop.RestingBargains.Count);

        Assert.Equal(9_990, (await _shop.Cut("friend", bargain.BargainId)).PriceFen);

        Assert.False(WasRead(bargain));
        await _shop.Audit();
    }

    [Fact]
    public async Task Who_comes_back_after_it_went_finds_all_that_it_knew()
    {
        var bargain = await _shop.Start("owner", "wake");
        var cuts = new List<CutReceipt>();
        for (var i = 0; i < 30; i++) cuts.Add(await _shop.Cut($"friend-{i}", bargain.BargainId));
        var fairness = await _shop.Bargain(bargain.BargainId).Fairness();
        await Rested(1);

        Assert.Equal(cuts[29].PriceFen - 10, (await _shop.Cut("late", bargain.BargainId)).PriceFen);
        Assert.Equal(cuts[7], (await _shop.Help("friend-7", bargain.BargainId)).Cut);
        Assert.Equal(31, (await _shop.Bargain(bargain.BargainId).Cuts(new CutsQuery { Limit = 100 }))!.Items.Length);
        Assert.Equal(fairness!.Commitment, (await _shop.Bargain(bargain.BargainId).Fairness())!.Commitment);
        Assert.False(WasRead(bargain));

        await Rested(1);
        _shop.Clock.Set(bargain.ExpiresAt);
        await _shop.UntilBargain(bargain.BargainId, BargainStatus.Expired);
        Assert.False(WasRead(bargain));
        await _shop.Audit();
    }

    [Fact]
    public async Task After_a_commit_that_ended_nobody_knows_how_it_is_read()
    {
        var bargain = await _shop.Start("owner", "wake");
        await _shop.Cut("friend", bargain.BargainId);
        Func<Task>? late = null;
        _journal.Appending = (_, append) =>
        {
            late = append;
            throw new JournalUnavailableException("The connection was cut.", outcomeUnknown: true);
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _shop.Help("lost", bargain.BargainId));
        _journal.Appending = null;
        Assert.Equal(9_990, (await _shop.Bargain(bargain.BargainId).Get())!.PriceFen);
        Assert.True(WasRead(bargain));

        // What was given up may be written while nobody has the bargain: it has gone when one that was last called after it has.
        var later = await _shop.Start("later", "wake");
        await _shop.Bargain(later.BargainId).Get();
        await Rested(1);
        await late!();
        Assert.Equal(9_980, (await _shop.Bargain(bargain.BargainId).Get())!.PriceFen);
        await _shop.Audit();
    }

    [Fact]
    public async Task The_next_process_reads_ahead_what_is_open()
    {
        await _shop.Publish("over", Offers.Fixed(10_000));
        var open = await Task.WhenAll(Enumerable.Range(0, 700).Select(i => _shop.Start($"owner-{i}", "wake")));
        var over = await _shop.Start("done", "over");
        await _shop.Cut("friend", over.BargainId);
        await _shop.Bargain(over.BargainId).Claim(new ClaimBargain { ShopperId = "done" });
        for (var i = 0; i < 3; i++) await _shop.Cut($"friend-{i}", open[5].BargainId);
        await _shop.DisposeAsync();
        // Twice in vain: the store is away for a moment.
        var away = 2;
        _journal.Reading = () =>
        {
            if (Interlocked.Decrement(ref away) >= 0) throw new JournalUnavailableException("The store is away.", outcomeUnknown: false);
        };

        _shop = await Shop.Open(new ShopSettings { Clock = _shop.Clock, Journal = _journal, Seed = 2 });
        await Rested(700);
        lock (_read) _read.Clear();

        Assert.Equal(9_960, (await _shop.Cut("late", open[5].BargainId)).PriceFen);
        Assert.Equal(Outcome.Repeated, (await _shop.Help("friend-1", open[5].BargainId)).Outcome);
        Assert.False(WasRead(open[5]));
        Assert.Equal(BargainStatus.Claimed, (await _shop.Bargain(over.BargainId).Get())!.Status);
        Assert.True(WasRead(over));
        await _shop.Audit();
    }

    [Fact]
    public async Task Where_others_may_have_the_bargain_it_is_read()
    {
        await _shop.DisposeAsync();
        _shop = await Shop.Open(new ShopSettings { Clock = _shop.Clock, Journal = _journal, Seed = 2, IsAlone = false });
        var bargain = await _shop.Start("owner", "wake");
        await _shop.Cut("friend", bargain.BargainId);

        Assert.True(WasRead(bargain));
        await _shop.Audit();
    }

    private Task Rested(int count) => _shop.Until(() => Task.FromResult(_shop.RestingBargains.Count == count), $"{count} bargains rest");

    private bool WasRead(BargainView bargain)
    {
        lock (_read) return _read.Contains(Streams.Bargain(bargain.BargainId));
    }
}
