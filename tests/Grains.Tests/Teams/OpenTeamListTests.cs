using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>The teams that a stranger may join: in their order, a page at a time, and as they are by the clock.</summary>
public sealed class OpenTeamListTests
{
    [Fact]
    public async Task The_fullest_come_first_then_those_with_the_soonest_deadline()
    {
        await using var shop = await Open();
        await shop.Publish("teams", Offers.GroupBuy(4));
        var early = await OpenTeam(shop, "early");
        var late = await OpenTeam(shop, "late");
        var fuller = await OpenTeam(shop, "fuller");
        await shop.Join("bob", fuller);
        var fullest = await OpenTeam(shop, "fullest");
        await shop.JoinAndPay("carol", fullest);
        await shop.JoinAndPay("dave", fullest);

        Assert.Equal([fullest, fuller, early, late], await Shown(shop));

        // One that was the last overtakes the others, one that loses a member falls behind.
        await shop.Join("erin", late);
        await shop.Join("frank", late);
        await shop.Grains.GetGrain<ITeamGrain>(fullest).Leave(new LeaveTeam { SeatId = (await SeatOf(shop, fullest, "carol")).SeatId, ShopperId = "carol" });
        Assert.Equal([late, fuller, fullest, early], (await Shown(shop)));
    }

    [Fact]
    public async Task Pages_follow_one_another_and_one_team_can_be_left_out()
    {
        await using var shop = await Open();
        await shop.Publish("teams", Offers.GroupBuy(3));
        var all = new List<string>();
        for (var i = 0; i < 5; i++) all.Add(await OpenTeam(shop, $"leader-{i}"));

        var first = await List(shop, new OpenTeamsQuery { Limit = 2 });
        var second = await List(shop, new OpenTeamsQuery { Limit = 2, After = first.Next!.Value });
        var third = await List(shop, new OpenTeamsQuery { Limit = 2, After = second.Next!.Value });

        Assert.Equal(all, [.. Ids(first), .. Ids(second), .. Ids(third)]);
        Assert.Null(third.Next);
        Assert.Null((await List(shop, new OpenTeamsQuery { Limit = 5 })).Next);
        Assert.Equal([all[0], all[2], all[3]], Ids(await List(shop, new OpenTeamsQuery { Limit = 3, Except = all[1] })));
        Assert.Empty((await List(shop, new OpenTeamsQuery { After = 5 })).Items);
    }

    [Fact]
    public async Task A_campaign_that_is_not_there_has_no_teams_until_it_is()
    {
        await using var shop = await Open();
        var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => List(shop, new OpenTeamsQuery())));
        Assert.All(asked, page => Assert.Empty(page.Items));
        await shop.Publish("teams", Offers.GroupBuy(3));
        var team = await OpenTeam(shop, "leader");
        Assert.Equal([team], await Shown(shop));
    }

    [Fact]
    public async Task A_hold_that_has_run_out_is_a_free_seat_before_anybody_has_swept_it()
    {
        await using var shop = await Open();
        await shop.Publish("teams", Offers.GroupBuy(2));
        var team = (await shop.OpenTeam("leader", "teams")).Team!.TeamId;
        await shop.Join("bob", team);
        Assert.Empty(await Shown(shop));

        shop.Clock.Advance(TimeSpan.FromSeconds(899));
        Assert.Empty(await Shown(shop));
        shop.Clock.Advance(TimeSpan.FromSeconds(1));

        var shown = Assert.Single((await List(shop, new OpenTeamsQuery())).Items);
        Assert.Equal((team, 2, 0, 0), (shown.TeamId, shown.Free, shown.Held, shown.Paid));
    }

    [Fact]
    public async Task A_team_whose_time_is_over_is_not_shown_before_anybody_has_swept_it()
    {
        await using var shop = await Open();
        await shop.Publish("teams", Offers.GroupBuy(3));
        var team = await OpenTeam(shop, "leader");
        shop.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Equal([team], await Shown(shop));
        shop.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(await Shown(shop));
    }

    [Fact]
    public async Task A_team_by_invitation_is_not_shown()
    {
        await using var shop = await Open();
        await shop.Publish("teams", Offers.GroupBuy(3) with { Join = JoinPolicy.InvitedOnly });
        await OpenTeam(shop, "leader");
        Assert.Empty(await Shown(shop));
    }

    private static Task<Shop> Open() => Shop.Open(new ShopSettings { SweepMilliseconds = Shop.Unswept });

    /// <summary>Its leader has paid, so that no hold runs out.</summary>
    private static async Task<string> OpenTeam(Shop shop, string leader)
    {
        var opened = await shop.OpenTeam(leader, "teams");
        await shop.Pay(opened.Seat!);
        // The next one's deadline is another.
        shop.Clock.Advance(TimeSpan.FromSeconds(1));
        return opened.Team!.TeamId;
    }

    private static async Task<SeatView> SeatOf(Shop shop, string teamId, string shopperId) =>
        (await shop.Grains.GetGrain<ITeamGrain>(teamId).Get())!.Seats.Single(seat => seat.ShopperId == shopperId);

    private static async Task<OpenTeamPage> List(Shop shop, OpenTeamsQuery query)
    {
        // Drawn anew for each look: how fresh the silo's own is, is not what is tested here.
        using var board = new TeamBoard(shop.Journal, TimeProvider.System);
        return await board.OpenTeams("teams", shop.Clock.Now, query.After, query.Limit, query.Except);
    }

    private static async Task<string[]> Shown(Shop shop) => Ids(await List(shop, new OpenTeamsQuery { Limit = 50 }));

    private static string[] Ids(OpenTeamPage page) => [.. page.Items.Select(team => team.TeamId)];
}
