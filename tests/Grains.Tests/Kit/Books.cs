using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains.Tests;

/// <summary>
/// Everything that the journal says, folded anew with the rules' own states, and checked against what rules.md promises at every moment.
/// </summary>
public sealed class Books
{
    private const int HelpsPerDay = 3;
    private const int PageSize = 5_000;

    private readonly List<(string Stream, object Happened)> _events = [];
    private readonly Dictionary<string, BargainState> _bargains = [];
    private readonly Dictionary<string, TeamState> _teams = [];
    private readonly Dictionary<string, PurchaseState> _purchases = [];
    private readonly Dictionary<string, StockState> _stocks = [];
    private readonly Dictionary<string, ShopperState> _shoppers = [];

    private Books()
    {
    }

    internal IReadOnlyDictionary<string, BargainState> Bargains => _bargains;

    internal IReadOnlyDictionary<string, TeamState> Teams => _teams;

    internal IReadOnlyDictionary<string, PurchaseState> Purchases => _purchases;

    internal IReadOnlyDictionary<string, StockState> Stocks => _stocks;

    internal IReadOnlyDictionary<string, ShopperState> Shoppers => _shoppers;

    /// <param name="deadlines">Whether to check the due times, too; not while something still happens.</param>
    public static async Task<Books> Read(IJournal journal, bool deadlines = true)
    {
        var books = new Books();
        var at = FeedPosition.Start;
        for (var more = true; more;)
        {
            var page = await journal.Feed(at, PageSize);
            foreach (var stored in page.Events) books.Enter(stored);
            at = page.Next;
            more = !page.AtEnd;
        }

        books.CheckCuts();
        books.CheckHelpers();
        books.CheckSeats();
        books.CheckStock();
        if (deadlines) await books.CheckDeadlines(journal);
        return books;
    }

    /// <summary>The events of one kind, in the feed's order, with the id of their subject.</summary>
    internal IEnumerable<(string Id, T Happened)> All<T>() => _events.Where(e => e.Happened is T).Select(e => (IdOf(e.Stream), (T)e.Happened));

    private void Enter(FeedEvent stored)
    {
        var id = IdOf(stored.Stream);
        if (StoredEvents.Bargains.Knows(stored.Kind)) Fold(_bargains, id, BargainState.None, BargainState.Evolve, StoredEvents.Bargains);
        else if (StoredEvents.Teams.Knows(stored.Kind)) CheckTeam(Fold(_teams, id, TeamState.None, TeamState.Evolve, StoredEvents.Teams));
        else if (StoredEvents.Purchases.Knows(stored.Kind)) Fold(_purchases, id, PurchaseState.None, PurchaseState.Evolve, StoredEvents.Purchases);
        else if (StoredEvents.Stock.Knows(stored.Kind)) Fold(_stocks, id, StockState.None, StockState.Evolve, StoredEvents.Stock);
        else if (StoredEvents.Shoppers.Knows(stored.Kind)) Fold(_shoppers, id, ShopperState.None, ShopperState.Evolve, StoredEvents.Shoppers);
        else Assert.True(StoredEvents.Campaigns.Knows(stored.Kind), $"Kind {stored.Kind} of {stored.Stream} is nobody's.");

        TState Fold<TState, TEvent>(Dictionary<string, TState> states, string key, TState none, Func<TState, TEvent, TState> evolve, EventCodec<TEvent> codec)
            where TEvent : class
        {
            var happened = codec.Decode(stored.Kind, stored.Payload);
            _events.Add((stored.Stream, happened));
            return states[key] = evolve(states.GetValueOrDefault(key, none), happened);
        }
    }

    private void CheckCuts()
    {
        foreach (var (id, bargain) in _bargains)
        {
            var priceFen = bargain.Terms.StartPriceFen;
            var helpers = new HashSet<string>();
            for (var i = 0; i < bargain.Cuts.Count; i++)
            {
                var cut = bargain.Cuts[i];
                priceFen -= cut.CutFen;
                Assert.Equal(priceFen, cut.PriceFen);
                Assert.True(cut.CutFen > 0 && priceFen >= bargain.Terms.FloorPriceFen, $"{id}: cut of {cut.CutFen} to {priceFen}");
                if (cut.CutNumber > 0) Assert.True(helpers.Add(cut.HelperId), $"{id}: {cut.HelperId} helped twice");
                Assert.Equal(helpers.Count, cut.CutNumber);
            }

            Assert.Equal(priceFen, bargain.PriceFen);
            Assert.Equal(helpers.Count, bargain.Helps);
        }

        foreach (var ends in _events.Where(e => e.Happened is BargainWon or BargainSoldOut).GroupBy(e => e.Stream)) Assert.Single(ends);
        foreach (var ends in _events.Where(e => e.Happened is BargainClaimed or BargainLapsed or BargainExpired or BargainSoldOut or BargainCancelled).GroupBy(e => e.Stream))
            Assert.Single(ends);
    }

    // A cut and the helper's quota stand or fall together.
    private void CheckHelpers()
    {
        var cuts = All<BargainCut>().Where(cut => cut.Happened.CutNumber > 0).Select(cut => (cut.Id, cut.Happened.HelperId)).ToArray();
        var helps = All<ShopperHelped>().ToArray();
        Assert.Equal(cuts.Order(), helps.Select(help => (help.Happened.BargainId, help.Id)).Order());
        foreach (var day in helps.GroupBy(help => (help.Id, help.Happened.Day)))
            Assert.True(day.Count() <= HelpsPerDay, $"{day.Key.Id} helped {day.Count()} times on {day.Key.Day}");
        foreach (var product in helps.GroupBy(help => (help.Id, help.Happened.OwnerId, help.Happened.ProductId)))
            Assert.True(product.Count() == 1, $"{product.Key.Id} helped {product.Key.OwnerId} on {product.Key.ProductId} {product.Count()} times");
    }

    private static void CheckTeam(TeamState team)
    {
        Assert.True(team.Taken <= team.Terms.Size, $"{team.TeamId}: {team.Taken} of {team.Terms.Size} seats");
        var live = team.Seats.InOrder.Where(seat => seat.IsLive).ToArray();
        Assert.Equal(live.Length, live.Select(seat => seat.ShopperId).Distinct().Count());
        Assert.Equal(live.Length, team.Taken);
    }

    private void CheckSeats()
    {
        var seats = _teams.SelectMany(team => team.Value.Seats.InOrder, (team, seat) => (seat.ShopperId, team.Key, seat.SeatId)).ToArray();
        var seated = All<ShopperSeated>().Select(seat => (seat.Id, seat.Happened.TeamId, seat.Happened.SeatId)).Distinct().ToArray();
        Assert.Equal(seats.Order(), seated.Order());
        foreach (var formed in All<TeamFormed>().GroupBy(e => e.Id)) Assert.Single(formed);
        foreach (var failed in All<TeamFailed>().GroupBy(e => e.Id)) Assert.Single(failed);
        foreach (var payment in All<SeatPaid>().GroupBy(e => (e.Id, e.Happened.PaymentId))) Assert.Single(payment);
        foreach (var team in _teams.Values.Where(team => team.IsOver))
        {
            // Every paid seat ends confirmed, or its money goes back.
            foreach (var seat in team.Seats.InOrder.Where(seat => seat.PaymentId is not null))
                Assert.True(seat.Status == SeatStatus.Confirmed || seat.Refund is not null, $"{team.TeamId}: {seat.SeatId} was paid and is {seat.Status}");
            Assert.Equal((0, 0), (team.Seats.Held, team.Seats.Paid));
        }
    }

    // Free + held + sold = stock, and each unit is somebody's.
    private void CheckStock()
    {
        foreach (var (campaignId, stock) in _stocks)
        {
            var moves = _bargains.Values.Where(b => b.Terms.CampaignId == campaignId).Select(b => BargainRules.StockMoveOf(BargainState.None, b))
                .Concat(_teams.Values.Where(t => t.Terms.CampaignId == campaignId).Select(t => TeamRules.StockMoveOf(TeamState.None, t)))
                .Concat(_purchases.Values.Where(p => p.Terms.CampaignId == campaignId).Select(p => PurchaseRules.StockMoveOf(PurchaseState.None, p)))
                .Aggregate(default(StockMove), StockMove.Add);
            Assert.Equal((moves.Held, moves.Sold), (stock.Held, stock.Sold));
            Assert.True(stock.Held >= 0 && stock.Sold >= 0 && stock.Free >= 0, $"{campaignId}: {stock}");
        }
    }

    // Whatever has something to come is due at its time, and nothing else is.
    private async Task CheckDeadlines(IJournal journal)
    {
        var due = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (var shard = 0; shard < journal.DeadlineShards; shard++)
        {
            foreach (var stream in await journal.Due(shard, DateTimeOffset.MaxValue, int.MaxValue)) due.Add(stream.Stream, stream.DueAt);
        }

        var expected = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (id, bargain) in _bargains) Expect(Streams.Bargain(id), bargain.DueAt);
        foreach (var (id, team) in _teams) Expect(Streams.Team(id), team.DueAt);
        foreach (var (id, purchase) in _purchases) Expect(Streams.Purchase(id), purchase.DueAt);
        Assert.Equal(expected, due);

        void Expect(string stream, DateTimeOffset? dueAt)
        {
            if (dueAt is { } at) expected.Add(stream, at);
        }
    }

    private static string IdOf(string stream) => stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
