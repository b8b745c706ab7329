using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>What comes while a commit is under way, one case at a time: the test holds the commit.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private readonly JournalDouble _journal = new(new MemoryJournal(deadlineShards: 2));
    private Shop _shop = null!;

    public async Task InitializeAsync() => _shop = await Shop.Open(new ShopSettings { Journal = _journal });

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    [Fact]
    public async Task A_payment_that_comes_while_its_purchase_is_being_released_is_answered()
    {
        await _shop.Publish("solo", Offers.GroupBuy(2) with { SeatHoldSeconds = 60 });
        var purchase = (await _shop.Shopper("buyer").Buy(new BuyAlone { CampaignId = "solo" })).Purchase!;
        var release = _journal.Hold(Writes(Streams.Purchase(purchase.PurchaseId)));
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await release.Arrived;

        var payment = _shop.Purchase(purchase.PurchaseId).Pay(new Payment { PaymentId = "p", AmountFen = purchase.PriceFen });
        // Comes after the payment, and is answered before it: the payment waits.
        Assert.Equal(PurchaseStatus.Held, (await _shop.Purchase(purchase.PurchaseId).Get())!.Status);
        release.Release();

        Assert.Equal((Outcome.Done, PurchaseStatus.Paid), ((await payment).Outcome, (await payment).Purchase?.Status));
        await _shop.Audit();
    }

    [Fact]
    public async Task A_payment_that_comes_while_its_seat_is_being_released_is_answered()
    {
        await _shop.Publish("seat", Offers.GroupBuy(3) with { SeatHoldSeconds = 60 });
        var team = (await _shop.OpenTeam("leader", "seat")).Team!;
        await _shop.Pay(team.Seats[0]);
        var seat = await _shop.Join("slow", team.TeamId);
        var release = _journal.Hold(Writes(Streams.Team(team.TeamId)));
        _shop.Clock.Advance(TimeSpan.FromSeconds(60));
        await release.Arrived;

        var payment = _shop.TryPay(seat);
        Assert.Equal(1, (await _shop.Team(team.TeamId).Get())!.Held);
        release.Release();

        Assert.Equal((Outcome.Done, SeatStatus.Paid), ((await payment).Outcome, (await payment).Seat?.Status));
        await _shop.Audit();
    }

    [Fact]
    public async Task A_repeat_shows_nothing_that_is_not_yet_durable()
    {
        await _shop.Publish("repeat", Offers.GroupBuy(3));
        var team = (await _shop.OpenTeam("leader", "repeat")).Team!;
        var seat = await _shop.Join("member", team.TeamId);
        var commit = _journal.Hold(Writes(Streams.Team(team.TeamId)));
        var payment = _shop.TryPay(seat);
        await commit.Arrived;

        var repeat = await _shop.TryJoin("member", team.TeamId);

        Assert.Equal((Outcome.Repeated, SeatStatus.Held), (repeat.Outcome, repeat.Seat!.Status));
        commit.Release();
        Assert.Equal(SeatStatus.Paid, (await payment).Seat!.Status);
    }

    [Fact]
    public async Task Many_who_come_at_once_for_the_last_units_are_all_answered()
    {
        const int joins = 300, stock = 20;
        await _shop.Publish("last", Offers.GroupBuy(joins + 1) with { Stock = stock });
        var team = (await _shop.OpenTeam("leader", "last")).Team!;
        var first = _journal.Hold(Writes(Streams.Team(team.TeamId)));
        var replies = Task.WhenAll(Enumerable.Range(0, joins).Select(i => _shop.TryJoin($"joiner-{i}", team.TeamId)));
        await first.Arrived;
        for (var i = 0; i < 20; i++) await _shop.Team(team.TeamId).Get();
        first.Release();

        Assert.Equal(stock - 1, (await replies).Count(reply => reply.Outcome == Outcome.Done));
        Assert.Equal(joins - stock + 1, (await replies).Count(reply => reply.Refusal == JoinRefusal.SoldOut));
        await _shop.Audit();
    }

    [Fact]
    public async Task A_request_key_used_twice_at_once_harms_none_of_those_that_share_the_commit()
    {
        await _shop.Publish("clash", Offers.GroupBuy(40));
        var team = (await _shop.OpenTeam("leader", "clash")).Team!;
        var seats = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _shop.Join($"member-{i}", team.TeamId)));
        var first = _journal.Hold(Writes(Streams.Team(team.TeamId)));
        var leader = _shop.TryPay(team.Seats[0]);
        await first.Arrived;

        // All in the next batch; the first ten have one key between them.
        var payments = seats.Select((seat, i) => _shop.TryPay(seat, null, i < 10 ? new RequestKey { Key = "same", Fingerprint = seat.SeatId } : null)).ToArray();
        await _shop.Team(team.TeamId).Get();
        first.Release();

        var replies = await Task.WhenAll(payments);
        Assert.Equal(Outcome.Done, (await leader).Outcome);
        Assert.Single(replies[..10], reply => reply.Outcome == Outcome.Done);
        Assert.Equal(9, replies[..10].Count(reply => reply.Outcome == Outcome.KeyReused));
        Assert.All(replies[10..], reply => Assert.Equal(Outcome.Done, reply.Outcome));
        await _shop.Audit();
    }

    [Fact]
    public async Task Of_two_wins_in_one_commit_with_one_unit_left_one_is_sold_out()
    {
        await _shop.Publish("wins", Offers.Fixed(10_000) with { Stock = 2, StockPolicy = StockPolicy.ClaimAtWin });
        var bargains = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _shop.Start($"owner-{i}", "wins")));
        var first = _journal.Hold(Writes("stock/wins"));
        var cuts = new List<Task<CutReceipt>> { _shop.Cut("helper-0", bargains[0].BargainId) };
        await first.Arrived;
        for (var i = 1; i < 4; i++) cuts.Add(_shop.Cut($"helper-{i}", bargains[i].BargainId));
        await _shop.Stock("wins");
        first.Release();

        var statuses = (await Task.WhenAll(cuts)).Select(cut => cut.BargainStatus).Order();
        Assert.Equal([BargainStatus.Won, BargainStatus.Won, BargainStatus.SoldOut, BargainStatus.SoldOut], statuses);
        await _shop.Audit();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_failed_commit_fails_all_that_rest_on_it_and_the_repeat_gets_one_answer(bool outcomeUnknown, bool written)
    {
        await _shop.Publish("fail", Offers.Headcount(10));
        var bargain = await _shop.Start("owner", "fail");
        var stream = Streams.Bargain(bargain.BargainId);
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var broken = true;
        _journal.Appending = async (unit, append) =>
        {
            if (!broken || !Writes(stream)(unit))
            {
                await append();
                return;
            }

            broken = outcomeUnknown is false;
            if (arrived.TrySetResult()) await go.Task;
            if (written) await append();
            throw new JournalUnavailableException("The test's disk is full.", outcomeUnknown);
        };
        var cuts = Enumerable.Range(0, 8).Select(i => Record.ExceptionAsync(() => _shop.Help($"helper-{i}", bargain.BargainId))).ToArray();
        await arrived.Task.WaitAsync(Shop.Patience);
        for (var i = 0; i < 8; i++) Assert.Equal(0, (await _shop.Bargain(bargain.BargainId).Get())!.CutCount);
        go.SetResult();
        var faults = await Task.WhenAll(cuts);
        broken = false;

        // What is not known of a commit is not known of those in it alone; those behind are decided anew.
        Assert.All(faults, fault => Assert.True(fault is null or StoreUnavailableException, $"{fault}"));
        Assert.Contains(faults, fault => fault is StoreUnavailableException unavailable && unavailable.OutcomeUnknown == outcomeUnknown);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _shop.Help($"helper-{i}", bargain.BargainId)));
        Assert.Equal(Enumerable.Range(1, 8), receipts.Select(reply => reply.Cut!.CutNumber).Order());
        Assert.Equal(8, (await _shop.Bargain(bargain.BargainId).Get())!.CutCount);
        await _shop.Audit();
    }

    /// <summary>Its receipt can be read as soon as it is committed, and a moment before the silo hears of that.</summary>
    [Fact]
    public async Task A_repeated_pause_is_not_answered_before_the_silo_has_heard_of_the_first()
    {
        await _shop.Publish("early", Offers.Headcount(5));
        var bargain = await _shop.Start("owner", "early");
        await _shop.Cut("friend-1", bargain.BargainId);
        var pause = new CampaignCommand { RequestKey = new RequestKey { Key = "pause-early", Fingerprint = "" } };
        var (written, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _journal.Appending = async (unit, append) =>
        {
            await append();
            if (!Writes(Streams.Campaign("early"))(unit)) return;
            written.TrySetResult();
            await go.Task;
        };
        var first = _shop.Campaign("early").Pause(pause);
        await written.Task.WaitAsync(Shop.Patience);

        var helpAfterRepeat = Task.Run(async () =>
        {
            await _shop.Campaign("early").Pause(pause);
            return await _shop.Help("friend-2", bargain.BargainId);
        });
        for (var i = 0; i < 20; i++) await _shop.Campaign("early").Get();
        go.SetResult();

        Assert.Equal(CutRefusal.CampaignPaused, (await helpAfterRepeat).Refusal);
        Assert.Equal(Outcome.Done, (await first).Outcome);
    }

    [Fact]
    public async Task A_payment_is_told_in_the_contracts_words_that_its_key_cannot_be_looked_up()
    {
        await _shop.Publish("unread", Offers.GroupBuy(3));
        var seat = (await _shop.OpenTeam("leader", "unread")).Seat!;
        var purchase = (await _shop.Shopper("buyer").Buy(new BuyAlone { CampaignId = "unread" })).Purchase!;
        var key = new RequestKey { Key = "pay", Fingerprint = "" };
        _journal.Reading = () => throw new JournalUnavailableException("The test's connection was cut.");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _shop.TryPay(seat, null, key));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _shop.Purchase(purchase.PurchaseId).Pay(new Payment { PaymentId = "p", AmountFen = purchase.PriceFen, RequestKey = key }));
        _journal.Reading = null;
    }

    /// <summary>The repeat is answered from its receipt: nothing else would tell this process that it is paused.</summary>
    [Fact]
    public async Task A_pause_whose_commit_was_given_up_holds_when_its_repeat_is_answered()
    {
        await _shop.Publish("doubt", Offers.Headcount(5));
        var bargain = await _shop.Start("owner", "doubt");
        await _shop.Cut("friend-1", bargain.BargainId);
        var pause = new CampaignCommand { RequestKey = new RequestKey { Key = "pause", Fingerprint = "" } };
        _journal.Appending = async (unit, append) =>
        {
            await append();
            if (Writes(Streams.Campaign("doubt"))(unit)) throw new JournalUnavailableException("The test's connection was cut.", outcomeUnknown: true);
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _shop.Campaign("doubt").Pause(pause));
        _journal.Appending = null;

        Assert.Equal(Outcome.Repeated, (await _shop.Campaign("doubt").Pause(pause)).Outcome);
        Assert.Equal(CutRefusal.CampaignPaused, (await _shop.Help("friend-2", bargain.BargainId)).Refusal);
    }

    private static Func<JournalUnit, bool> Writes(string stream) => unit => unit.Appends.Any(append => append.Stream == stream);
}
