using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>Two silos over one store, each sure that every grain is its own: one case at a time.</summary>
public sealed class SplitTests : IAsyncLifetime
{
    private readonly MemoryJournal _journal = new(deadlineShards: 2);
    private readonly HandClock _clock = new(ShopSettings.Opening);
    private Shop _one = null!;
    private Shop _two = null!;

    public async Task InitializeAsync()
    {
        _one = await Shop.Open(new ShopSettings { Journal = _journal, Clock = _clock, Seed = 1, SweepMilliseconds = Shop.Unswept, CampaignCacheMilliseconds = 1, IsAlone = false });
        _two = await Shop.Open(new ShopSettings { Journal = _journal, Clock = _clock, Seed = 2, SweepMilliseconds = Shop.Unswept, CampaignCacheMilliseconds = 1, IsAlone = false });
        await _one.Publish("teams", Offers.GroupBuy(3) with { SeatHoldSeconds = 60 });
        await _one.Publish("bargains", Offers.Fixed(10_000));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_is_taken_where_nobody_has_heard_of_its_seat()
    {
        var team = await TeamThatBothKnow("leader");
        var seat = await _one.Join("member", team.TeamId);

        Assert.Equal(SeatStatus.Paid, (await _two.Pay(seat)).Status);
        Assert.Equal(Outcome.Repeated, (await _one.TryPay(seat)).Outcome);
        await _one.Audit();
    }

    [Fact]
    public async Task A_claim_is_taken_where_nobody_has_heard_of_the_win()
    {
        var bargain = await _one.Start("owner", "bargains");
        Assert.Equal(BargainStatus.Open, (await _two.Bargain(bargain.BargainId).Get())!.Status);
        await _one.Cut("friend", bargain.BargainId);

        var claims = new[]
        {
            await _two.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = "owner" }),
            await _one.Bargain(bargain.BargainId).Claim(new ClaimBargain { ShopperId = "owner" }),
        };

        Assert.Equal([Outcome.Done, Outcome.Repeated], claims.Select(claim => claim.Outcome));
        Assert.Equal(claims[0].Claim, claims[1].Claim);
        await _one.Audit();
    }

    [Fact]
    public async Task A_repeated_help_gets_the_first_receipt_of_the_other_silo()
    {
        var bargain = await _one.Start("owner", "bargains");
        await _two.Bargain(bargain.BargainId).Get();
        await _two.Shopper("friend").Me();
        var first = await _one.Cut("friend", bargain.BargainId);

        var repeat = await _two.Help("friend", bargain.BargainId);

        Assert.Equal((Outcome.Repeated, first), (repeat.Outcome, repeat.Cut));
        await _one.Audit();
    }

    /// <summary>The helper's grain knows of the help, and the bargain's does not: it has helped this owner before, with this very bargain.</summary>
    [Fact]
    public async Task A_repeated_help_gets_the_first_receipt_where_the_bargain_alone_has_not_heard_of_it()
    {
        await _one.Publish("friends", Offers.Headcount(3));
        var bargain = await _one.Start("owner", "friends");
        await _two.Bargain(bargain.BargainId).Get();
        var first = await _one.Cut("friend", bargain.BargainId);

        var repeat = await _two.Help("friend", bargain.BargainId);

        Assert.Equal((Outcome.Repeated, first), (repeat.Outcome, repeat.Cut));
        await _one.Audit();
    }

    /// <summary>The same start twice at once: one silo finds no answer under the key, then the bargain that the other has just started under it.</summary>
    [Fact]
    public async Task A_key_gives_the_first_answer_where_the_repeat_was_found_out_by_its_nature()
    {
        var request = new StartBargain { CampaignId = "twice", RequestKey = new RequestKey { Key = "start", Fingerprint = "" } };
        await _one.Publish(request.CampaignId, Offers.Headcount(3));
        StartReply? first = null;
        var reads = 0;
        var journal = new JournalDouble(_journal)
        {
            // After the look for the key's answer, before the shopper's stream is read.
            Reading = () =>
            {
                if (Interlocked.Increment(ref reads) == 2) first = Task.Run(StartAndCut).GetAwaiter().GetResult();
            },
        };
        await using var late = await Shop.Open(new ShopSettings { Journal = journal, Clock = _clock, Seed = 3, SweepMilliseconds = Shop.Unswept, CampaignCacheMilliseconds = 1, IsAlone = false });

        var repeat = await late.Shopper("owner").Start(request);

        Assert.Equal(Outcome.Done, first!.Outcome);
        Assert.Equal((Outcome.Repeated, first.Bargain), (repeat.Outcome, repeat.Bargain));

        async Task<StartReply> StartAndCut()
        {
            var started = await _one.Shopper("owner").Start(request);
            await _one.Cut("friend", started.Bargain!.BargainId);
            return started;
        }
    }

    [Fact]
    public async Task A_repeated_pause_holds_everywhere_when_it_is_answered()
    {
        const int cacheMilliseconds = 300;
        await using var one = await Shop.Open(new ShopSettings { Journal = _journal, Clock = _clock, Seed = 4, CampaignCacheMilliseconds = cacheMilliseconds, IsAlone = false });
        await using var two = await Shop.Open(new ShopSettings { Journal = _journal, Clock = _clock, Seed = 5, CampaignCacheMilliseconds = cacheMilliseconds, IsAlone = false });
        await one.Publish("paused", Offers.Headcount(5));
        var bargain = await one.Start("owner", "paused");
        await two.Cut("friend-1", bargain.BargainId);

        var first = one.Campaign("paused").Pause(new CampaignCommand());
        var repeat = await one.Campaign("paused").Pause(new CampaignCommand());

        Assert.Equal(Outcome.Repeated, repeat.Outcome);
        Assert.Equal(CutRefusal.CampaignPaused, (await two.Help("friend-2", bargain.BargainId)).Refusal);
        await first;
    }

    /// <summary>What a slow read brings is as old as the read, not as its answer: it is shown for no longer than the silo may show it.</summary>
    [Fact]
    public async Task What_a_slow_read_brings_is_not_taken_for_fresh()
    {
        const int freshMilliseconds = 500;
        var bargain = await _one.Start("owner", "bargains");
        var cut = 0;
        var journal = new JournalDouble(_journal)
        {
            Telling = async stream =>
            {
                if (stream != $"bargain/{bargain.BargainId}" || Interlocked.Exchange(ref cut, 1) == 1) return;
                await _one.Cut("friend", bargain.BargainId);
                // A timer may ring a few milliseconds early.
                await Task.Delay(freshMilliseconds + 50);
            },
        };
        await using var late = await Shop.Open(new ShopSettings
        {
            Journal = journal, Clock = _clock, Seed = 6, SweepMilliseconds = Shop.Unswept, CampaignCacheMilliseconds = freshMilliseconds, ConfirmMilliseconds = freshMilliseconds, IsAlone = false,
        });

        var shown = await late.Bargain(bargain.BargainId).Get();

        Assert.Equal((1, BargainStatus.Won), (cut, shown!.Status));
    }

    /// <summary>A silo died that believed it had the team, too. Nobody asks for the team any more, and its activation does not know what is due.</summary>
    [Fact]
    public async Task What_became_due_through_another_silo_ends_though_nobody_asks()
    {
        await using var late = await Shop.Open(new ShopSettings
        {
            Journal = _journal, Clock = _clock, Seed = 9, SweepMilliseconds = 20, CampaignCacheMilliseconds = 1, ConfirmMilliseconds = 50, IsAlone = false,
        });
        var team = await TeamThatBothKnow("leader");
        await late.Team(team.TeamId).Get();
        var seat = await _one.Join("member", team.TeamId);
        var known = (await _journal.Read(Streams.Team(team.TeamId))).Count;

        _clock.Advance(seat.HoldExpiresAt!.Value - _clock.Now);

        for (var waited = 0; (await _journal.Read(Streams.Team(team.TeamId))).Count == known; waited++)
        {
            Assert.True(waited < 450, "The hold has not ended, and soon the other silos sweep.");
            await Task.Delay(100);
        }

        var shown = (await late.Team(team.TeamId).Get())!;
        Assert.Equal((1, 0), (shown.Paid, shown.Held));
    }

    [Fact]
    public async Task Who_watches_hears_of_what_a_look_finds_and_keeps_nobody_from_the_next_activation()
    {
        // Less than a watch waits.
        var patience = TimeSpan.FromSeconds(6);
        await using var late = await Shop.Open(new ShopSettings
        {
            Journal = _journal, Clock = _clock, Seed = 8, SweepMilliseconds = Shop.Unswept, CampaignCacheMilliseconds = 1, ConfirmMilliseconds = 300, IsAlone = false,
        });
        await late.Publish("watched", Offers.Fixed(10));
        var bargain = await late.Start("owner", "watched");
        var known = (await late.Bargain(bargain.BargainId).Get())!.Version;
        var watch = late.Bargain(bargain.BargainId).Watch(known);
        await _one.Cut("friend-1", bargain.BargainId);
        await Task.Delay(400);

        Assert.Equal(known + 1, (await late.Bargain(bargain.BargainId).Get())!.Version);
        Assert.Equal(known + 1, (await watch.WaitAsync(patience))!.Version);
        Assert.Equal(Outcome.Done, (await late.Help("friend-2", bargain.BargainId).WaitAsync(patience)).Outcome);
    }

    /// <summary>The commit tells whether a cut rests on what is still so; a look beforehand would be one for every cut of a bargain that is cut every other second.</summary>
    [Fact]
    public async Task A_cut_is_decided_without_a_look_however_old_the_bargain_is_and_refused_only_after_one()
    {
        const int freshMilliseconds = 1;
        var looks = 0;
        var stream = "";
        var journal = new JournalDouble(_journal)
        {
            Telling = asked =>
            {
                if (asked == stream) Interlocked.Increment(ref looks);
                return Task.CompletedTask;
            },
        };
        await using var shop = await Shop.Open(new ShopSettings
        {
            Journal = journal, Clock = _clock, Seed = 7, SweepMilliseconds = Shop.Unswept, ConfirmMilliseconds = freshMilliseconds, IsAlone = false,
        });
        await shop.Publish("looks", Offers.Headcount(3));
        var bargain = await shop.Start("owner", "looks");
        await shop.Bargain(bargain.BargainId).Get();
        stream = Streams.Bargain(bargain.BargainId);

        await Task.Delay(freshMilliseconds * 20);
        await shop.Cut("friend-1", bargain.BargainId);
        Assert.Equal(0, looks);
        await Task.Delay(freshMilliseconds * 20);
        Assert.Equal(CutRefusal.OwnBargain, (await shop.Help("owner", bargain.BargainId)).Refusal);
        Assert.Equal(1, looks);

        // Another silo ends it. What is decided here without a look loses, and is decided anew.
        await _one.Cut("friend-2", bargain.BargainId);
        await _one.Cut("friend-3", bargain.BargainId);
        Assert.Equal(CutRefusal.BargainWon, (await shop.Help("friend-4", bargain.BargainId)).Refusal);
        await shop.Audit();
    }

    [Fact]
    public async Task A_seat_that_one_silo_has_not_heard_of_counts_for_the_unit_limit()
    {
        var first = await TeamThatBothKnow("leader-1");
        var second = await TeamThatBothKnow("leader-2");
        await _one.Join("member", first.TeamId);

        Assert.Equal(JoinRefusal.UnitLimitReached, (await _two.TryJoin("member", second.TeamId)).Refusal);
        Assert.Equal(OpenRefusal.UnitLimitReached, (await _two.Shopper("member").Buy(new BuyAlone { CampaignId = "teams" })).Refusal);
        await _one.Audit();
    }

    /// <summary>The team loses on its stream, so its activation goes; but not before the payer's grain, which it has to ask, has asked back.</summary>
    [Fact]
    public async Task Late_payments_on_both_silos_wait_for_nobody_in_a_circle()
    {
        var team = await TeamThatBothKnow("leader");
        var seats = await Task.WhenAll(_one.Join("slow-1", team.TeamId), _one.Join("slow-2", team.TeamId));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await _one.JoinAndPay("quick", team.TeamId);

        // Six at a time of the same two: the losers read anew, and ask anew.
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? _one : _two).TryPay(seats[i / 2 % 2])));

        Assert.Equal(2, replies.Count(reply => reply.Outcome == Outcome.Done));
        Assert.All(replies, reply => Assert.Contains(reply.Seat!.Status, new[] { SeatStatus.Confirmed, SeatStatus.Paid, SeatStatus.RefundRequested }));
        await _one.Audit();
    }

    private async Task<TeamView> TeamThatBothKnow(string leader)
    {
        var team = (await _one.OpenTeam(leader, "teams")).Team!;
        await _one.Pay(team.Seats[0]);
        Assert.Equal(1, (await _two.Team(team.TeamId).Get())!.Paid);
        return team;
    }
}
