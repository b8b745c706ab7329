using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>The same key with the same content is the same request; with another it is refused.</summary>
public sealed class RequestKeyTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task A_repeat_gets_the_first_answer_though_the_world_has_moved_on()
    {
        await _shop.Publish("keys", Offers.Fixed(5_000));
        var start = new StartBargain { CampaignId = "keys", RequestKey = Key("start") };
        var first = await _shop.Shopper("keys-owner").Start(start);
        var cut = await _shop.Help("keys-1", first.Bargain!.BargainId, Key("cut"));
        await _shop.Bargain(first.Bargain.BargainId).Cancel(new CancelBargain { ShopperId = "keys-owner", RequestKey = Key("cancel") });

        Assert.Equal(first with { Outcome = Outcome.Repeated }, await _shop.Shopper("keys-owner").Start(start));
        Assert.Equal(cut with { Outcome = Outcome.Repeated }, await _shop.Help("keys-1", first.Bargain.BargainId, Key("cut")));
        // Without the key it is another start.
        Assert.NotEqual(first.Bargain.BargainId, (await _shop.Start("keys-owner", "keys")).BargainId);
    }

    [Fact]
    public async Task Another_content_under_a_used_key_is_refused_and_does_nothing()
    {
        await _shop.Publish("reuse", Offers.Fixed(10));
        var one = await _shop.Start("reuse-1", "reuse");
        var two = await _shop.Start("reuse-2", "reuse");
        await _shop.Help("reuse-helper", one.BargainId, Key("reuse", "one"));

        Assert.Equal(new CutReply { Outcome = Outcome.KeyReused }, await _shop.Help("reuse-helper", two.BargainId, Key("reuse", "two")));
        Assert.Equal(Outcome.KeyReused, (await _shop.Bargain(one.BargainId).Claim(new ClaimBargain { ShopperId = "reuse-1", RequestKey = Key("reuse", "three") })).Outcome);
        Assert.Equal(Outcome.KeyReused, (await _shop.Campaign("reuse").Pause(new CampaignCommand { RequestKey = Key("reuse", "four") })).Outcome);
        Assert.Equal(0, (await _shop.Bargain(two.BargainId).Get())!.CutCount);
        Assert.Equal(CampaignStatus.Published, (await _shop.Campaign("reuse").Get())!.Status);
    }

    [Fact]
    public async Task A_link_is_given_again_under_its_key_though_there_would_be_another_or_none_by_now()
    {
        await _shop.Publish("links", Offers.Fixed(10));
        await _shop.Publish("team-links", Offers.GroupBuy(3));
        var bargain = _shop.Bargain((await _shop.Start("links-owner", "links")).BargainId);
        var teamId = (await _shop.OpenTeam("links-leader", "team-links")).Team!.TeamId;
        var team = _shop.Team(teamId);
        var ofBargain = await bargain.Share(Share("link"));
        var ofTeam = await team.Share(Share("team-link"));
        await bargain.Cancel(new CancelBargain { ShopperId = "links-owner" });
        var ofLeader = await team.Share(new ShareRequest { ShopperId = "links-leader" });
        await _shop.Shopper("links-friend").JoinTeam(new JoinTeam { TeamId = teamId, Via = ofLeader.Token });

        Assert.Equal(["Done", "Done"], [$"{ofBargain.Outcome}", $"{ofTeam.Outcome}"]);
        Assert.Equal(ofBargain with { Outcome = Outcome.Repeated }, await bargain.Share(Share("link")));
        Assert.Equal(ofTeam with { Outcome = Outcome.Repeated }, await team.Share(Share("team-link")));
        Assert.Equal(new ShareReply { Outcome = Outcome.KeyReused }, await bargain.Share(Share("link", "other")));
        Assert.Equal(new ShareReply { Outcome = Outcome.KeyReused }, await team.Share(Share("link", "team")));
        Assert.Equal(Outcome.Refused, (await bargain.Share(Share("late-link"))).Outcome);
        Assert.NotEqual(ofTeam.Token, (await team.Share(Share("late-link"))).Token);

        static ShareRequest Share(string key, string fingerprint = "same") => new() { ShopperId = "links-friend", RequestKey = Key(key, key + fingerprint) };
    }

    [Fact]
    public async Task A_shopper_is_declared_once_and_under_a_used_key_not_at_all()
    {
        var known = _shop.Shopper("declared-known");
        var request = new DeclareShopper { RequestKey = Key("declared") };
        Assert.Equal(
            [Outcome.Done, Outcome.Repeated, Outcome.Repeated, Outcome.Repeated],
            [(await known.Declare(request)).Outcome, (await known.Declare(request)).Outcome, (await known.Declare(new())).Outcome,
                (await known.Declare(new() { RequestKey = Key("declared-again") })).Outcome]);
        foreach (var key in new[] { "declared", "declared-again" })
            Assert.Equal(Outcome.KeyReused, (await _shop.Shopper("declared-other").Declare(new() { RequestKey = Key(key, "other") })).Outcome);
        Assert.Equal((false, true), ((await known.Me()).NewShopper, (await _shop.Shopper("declared-other").Me()).NewShopper));
    }

    [Fact]
    public async Task Of_many_shoppers_declared_at_once_under_one_key_one_is()
    {
        var shoppers = Enumerable.Range(0, 20).Select(i => _shop.Shopper($"declared-{i}")).ToList();
        var replies = await Task.WhenAll(shoppers.Select((shopper, i) => shopper.Declare(new() { RequestKey = Key("declared-many", $"{i}") })));

        Assert.Single(replies, reply => reply.Outcome == Outcome.Done);
        Assert.Equal(19, replies.Count(reply => reply.Outcome == Outcome.KeyReused));
        Assert.Single(await Task.WhenAll(shoppers.Select(shopper => shopper.Me())), me => !me.NewShopper);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_under_its_key()
    {
        await _shop.Publish("refused", Offers.Fixed(10));
        var bargain = await _shop.Start("refused-owner", "refused");
        await _shop.Campaign("refused").Pause(new CampaignCommand());
        Assert.Equal(CutRefusal.CampaignPaused, (await _shop.Help("refused-helper", bargain.BargainId, Key("refused"))).Refusal);
        await _shop.Campaign("refused").Resume(new CampaignCommand());
        Assert.Equal(Outcome.Done, (await _shop.Help("refused-helper", bargain.BargainId, Key("refused"))).Outcome);
    }

    [Fact]
    public async Task The_same_key_many_times_at_once_is_done_once()
    {
        await _shop.Publish("once", Offers.GroupBuy(2));
        var opens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _shop.Shopper("once-leader").OpenTeam(new OpenTeam { CampaignId = "once", RequestKey = Key("open") })));
        Assert.Single(opens, reply => reply.Outcome == Outcome.Done);
        Assert.Single(opens.Select(reply => reply.Team!.TeamId).Distinct());
        var seat = opens[0].Seat!;

        var payments = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _shop.TryPay(seat, "once-pay", Key("pay"))));
        Assert.Single(payments, reply => reply.Outcome == Outcome.Done);
        Assert.Single(payments.Select(reply => reply.Seat).Distinct());
        Assert.Equal(1, (await _shop.Stock("once")).Held);
    }

    [Fact]
    public async Task The_same_key_for_different_things_at_once_lets_one_through_and_harms_nobody_else()
    {
        for (var round = 0; round < 5; round++)
        {
            var campaign = $"clash-{round}";
            await _shop.Publish(campaign, Offers.GroupBuy(40));
            var team = (await _shop.OpenTeam($"{campaign}-leader", campaign)).Team!;
            var seats = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _shop.Join($"{campaign}-{i}", team.TeamId)));

            // All payments in flight at once; those of the first ten have one key between them.
            var payments = await Task.WhenAll(seats.Select((seat, i) => _shop.TryPay(seat, null, i < 10 ? Key(campaign, seat.SeatId) : null)));

            Assert.Single(payments[..10], reply => reply.Outcome == Outcome.Done);
            Assert.Equal(9, payments[..10].Count(reply => reply.Outcome == Outcome.KeyReused));
            Assert.All(payments[10..], reply => Assert.Equal(Outcome.Done, reply.Outcome));
            Assert.Equal(21, (await _shop.Team(team.TeamId).Get())!.Paid);
        }
    }

    [Fact]
    public async Task The_same_key_of_many_shoppers_at_once_starts_one_bargain()
    {
        for (var round = 0; round < 5; round++)
        {
            var campaign = $"clash-start-{round}";
            await _shop.Publish(campaign, Offers.Fixed(10));
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _shop.Shopper($"{campaign}-{i}").Start(
                new StartBargain { CampaignId = campaign, RequestKey = i < 10 ? Key(campaign, $"{i}") : null })));

            Assert.Single(replies[..10], reply => reply.Outcome == Outcome.Done);
            Assert.Equal(9, replies[..10].Count(reply => reply.Outcome == Outcome.KeyReused));
            Assert.All(replies[10..], reply => Assert.Equal(Outcome.Done, reply.Outcome));
            Assert.Equal(11, (await _shop.Stock(campaign)).Held);
        }
    }

    private static RequestKey Key(string key, string fingerprint = "same") => new() { Key = "shop/" + key, Fingerprint = fingerprint };
}
