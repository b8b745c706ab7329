using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Shoppers;

/// <summary>A shopper of a shard whose stream should not be there is not read: what it does is right all the same when somebody else has written it.</summary>
public sealed class UnreadShopperTests : IAsyncLifetime
{
    private const string Friend = "friend";

    private readonly MemoryJournal _store = new(deadlineShards: 2);
    private readonly HandClock _clock = new(ShopSettings.Opening);
    private JournalDouble _journal = null!;
    private Shop _shop = null!;
    private Shop _other = null!;
    private BargainView[] _bargains = [];
    private int _reads;

    public async Task InitializeAsync()
    {
        _journal = new JournalDouble(_store)
        {
            Telling = stream =>
            {
                if (stream == Streams.Shopper(Friend)) _reads++;
                return Task.CompletedTask;
            },
        };
        _journal.Unheard.Add(Streams.Shopper(Friend));
        _shop = await Shop.Open(new ShopSettings { Journal = _journal, Clock = _clock, Seed = 1, SweepMilliseconds = Shop.Unswept, IsAlone = false });
        _other = await Shop.Open(new ShopSettings { Journal = _store, Clock = _clock, Seed = 2, SweepMilliseconds = Shop.Unswept, IsAlone = false });
        await _shop.Publish("unread", Offers.Headcount(3));
        _bargains = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => _shop.Start($"owner-{i}", "unread")));
    }

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_never_here_helps_without_a_read()
    {
        await _shop.Cut(Friend, _bargains[0].BargainId);
        Assert.Equal(2, (await _shop.Cut(Friend, _bargains[1].BargainId)).HelpsToday!.Used);

        Assert.Equal(0, _reads);
        await _shop.Audit();
    }

    [Fact]
    public async Task Who_was_elsewhere_loses_and_helps_on_what_is_there()
    {
        await _other.Cut(Friend, _bargains[0].BargainId);
        await _other.Cut(Friend, _bargains[1].BargainId);

        Assert.Equal(3, (await _shop.Cut(Friend, _bargains[2].BargainId)).HelpsToday!.Used);
        Assert.Equal(1, _reads);
        Assert.Equal(CutRefusal.DailyHelpLimitReached, (await _shop.Help(Friend, _bargains[3].BargainId)).Refusal);
        await _shop.Audit();
    }

    [Fact]
    public async Task Nobody_is_refused_or_answered_as_before_without_a_read()
    {
        var first = await _other.Cut(Friend, _bargains[0].BargainId);

        var repeat = await _shop.Help(Friend, _bargains[0].BargainId);

        Assert.Equal((Outcome.Repeated, first), (repeat.Outcome, repeat.Cut));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_refusal_is_told_who_was_never_here_after_one_read_and_the_next_without()
    {
        Assert.Equal(CutRefusal.BargainNotFound, (await _shop.Help(Friend, "b_none")).Refusal);
        Assert.Equal(1, _reads);
        Assert.Equal(CutRefusal.BargainNotFound, (await _shop.Help(Friend, "b_none")).Refusal);
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_start_that_was_made_elsewhere_is_the_same_start()
    {
        var started = await _other.Start(Friend, "unread");

        var again = await _shop.Shopper(Friend).Start(new StartBargain { CampaignId = "unread" });

        Assert.Equal((Outcome.Repeated, started.BargainId), (again.Outcome, again.Bargain!.BargainId));
        await _shop.Audit();
    }

    [Fact]
    public async Task What_a_shopper_is_shown_of_itself_was_read()
    {
        await _other.Cut(Friend, _bargains[0].BargainId);

        var me = await _shop.Shopper(Friend).Me();

        Assert.Equal((1, false), (me.HelpsToday.Used, me.NewShopper));
        Assert.Equal(1, _reads);
        await _shop.Cut(Friend, _bargains[1].BargainId);
        await _shop.Audit();
    }
}
