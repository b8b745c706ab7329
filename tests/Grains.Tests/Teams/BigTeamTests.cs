using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>A team of a thousand, and a stock that thousands want.</summary>
public sealed class BigTeamTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task A_team_of_a_thousand_is_filled_by_256_clients_and_no_reading_runs_ahead_of_the_journal()
    {
        const int size = 1_000, clients = 256;
        await _shop.Publish("thousand", Offers.GroupBuy(size) with { Stock = size });
        var team = (await _shop.OpenTeam("thousand-0", "thousand")).Team!;
        await _shop.Pay(team.Seats[0]);

        using var done = new CancellationTokenSource();
        var reader = ReadUntil(team.TeamId, done.Token);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < size; i = Interlocked.Increment(ref next))
                await _shop.JoinAndPay($"thousand-{i}", team.TeamId);
        }));
        await done.CancelAsync();

        Assert.True(await reader > 0);
        var formed = (await _shop.Team(team.TeamId).Get())!;
        Assert.Equal((TeamStatus.Formed, size), (formed.Status, formed.Paid));
        Assert.Equal(size, formed.Seats.Select(seat => seat.ShopperId).Distinct().Count());
        Assert.Equal(new StockView { Total = size, Sold = size }, await _shop.Stock("thousand"));
        Assert.Equal(1, await _shop.CountEvents(team.TeamId, "team.formed"));
        await _shop.Audit();
    }

    [Fact]
    public async Task Of_a_stock_of_100_no_more_is_held_under_10_000_joins_and_all_comes_back()
    {
        const int teams = 50, joins = 10_000, stock = 100;
        await _shop.Publish("hundred", Offers.GroupBuy(200) with { Stock = stock });
        var ids = new List<string>();
        for (var i = 0; i < teams; i++) ids.Add((await _shop.OpenTeam($"hundred-leader-{i}", "hundred")).Team!.TeamId);

        var replies = await Task.WhenAll(Enumerable.Range(0, joins).Select(i => _shop.TryJoin($"hundred-{i}", ids[i % teams])));

        Assert.Equal(stock - teams, replies.Count(reply => reply.Outcome == Outcome.Done));
        Assert.All(replies.Where(reply => reply.Outcome != Outcome.Done), reply => Assert.Equal(JoinRefusal.SoldOut, reply.Refusal));
        Assert.Equal(new StockView { Total = stock, Held = stock }, await _shop.Stock("hundred"));
        // Some pay, so that at the deadline seats of both kinds come back.
        foreach (var seat in replies.Where(reply => reply.Outcome == Outcome.Done).Take(20)) await _shop.Pay(seat.Seat!);
        _shop.Clock.Advance(TimeSpan.FromDays(1));
        foreach (var id in ids) await _shop.UntilTeam(id, TeamStatus.Failed);
        Assert.Equal(new StockView { Total = stock, Free = stock }, await _shop.Stock("hundred"));
        await _shop.Audit();
    }

    private async Task<int> ReadUntil(string teamId, CancellationToken done)
    {
        var readings = 0;
        for (var version = 0; !done.IsCancellationRequested; readings++)
        {
            var view = (await _shop.Team(teamId).Get())!;
            Assert.True((await _shop.Journal.Read(Streams.Team(teamId), view.Version - 1)).Count > 0, $"version {view.Version} is not on disk");
            Assert.Equal(view.Size, view.Held + view.Paid + view.Free);
            Assert.True(view.Version >= version);
            version = view.Version;
        }

        return readings;
    }
}
