using System.Collections.Concurrent;
using System.Globalization;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Grains;
using SocialCommerce.Grains.Tests;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Cluster.Tests;

/// <summary>
/// A load of cuts, claims, joins and payments that goes on while a test does something to the silos, and remembers every acknowledged
/// answer. What is won or formed makes room for the next one.
/// </summary>
internal sealed class Play(IShopFloor floor, int seed) : IAsyncDisposable
{
    /// <summary>
    /// For how long a player asks for what belongs to a silo that is gone, and so the most that it may take to declare it dead. More than 90 seconds were
    /// seen where all are short of CPU time; by Orleans' options such silos probe with longer timeouts, and don't count as witnesses.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private const string Bargains = "bargains";
    private const string Teams = "teams";
    private const string Last = "last";
    private const int Places = 12;
    private const int Friends = 5_000;
    private const int HelpersToWin = 40;
    private const int TeamSize = 4;

    private readonly Random _random = new(seed);
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _bargains = new string[Places];
    private readonly string[] _teams = new string[Places];
    private readonly ConcurrentDictionary<string, string> _owners = new();
    private readonly ConcurrentDictionary<(string Bargain, string Helper), CutAck> _cuts = new();
    private readonly ConcurrentDictionary<string, string> _claims = new();
    private readonly ConcurrentDictionary<string, SeatAck> _seats = new();
    private readonly ConcurrentDictionary<string, SeatAck> _paid = new();
    private Task[] _players = [];
    private int _named;
    private int _acknowledged;

    /// <summary>The ids of the bargains and teams that are under way.</summary>
    public IReadOnlyList<string> RunningBargains => _bargains;

    public IReadOnlyList<string> RunningTeams => _teams;

    /// <summary>Publishes the campaigns, fills every place and sends the players in.</summary>
    public async Task Begin(int players)
    {
        await floor.Publish(Bargains, Offers.Headcount(HelpersToWin) with { EndsAt = DateTimeOffset.UtcNow.AddDays(1), Stock = 100_000 });
        await floor.Publish(Teams, Offers.GroupBuy(TeamSize) with { EndsAt = DateTimeOffset.UtcNow.AddDays(1), Stock = 100_000 });
        await Task.WhenAll(Enumerable.Range(0, Places).SelectMany(place => new[] { StartAt(place), OpenAt(place) }));
        _players = [.. Enumerable.Range(0, players).Select(_ => Task.Run(GoOn))];
    }

    /// <summary>Waits until so many more acts have been acknowledged.</summary>
    public async Task Goes(int acts, string what)
    {
        var target = Volatile.Read(ref _acknowledged) + acts;
        await Waiting.Until(async () =>
        {
            foreach (var player in _players.Where(player => player.IsFaulted)) await player;
            return Volatile.Read(ref _acknowledged) >= target;
        }, $"{acts} acts {what}", Patience);
    }

    /// <summary>Lets every player finish what is under way.</summary>
    public async Task End()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_players).WaitAsync(Patience);
    }

    /// <summary>Reads every stream: all that must always hold does, and everything acknowledged is there, once.</summary>
    public async Task<Books> Check(IJournal journal)
    {
        // On PostgreSQL the feed shows what was acknowledged a moment later, when every older transaction has ended. What is published now comes last.
        await floor.Publish(Last, Offers.GroupBuy(TeamSize) with { EndsAt = DateTimeOffset.UtcNow.AddDays(1), Stock = 1 });
        await Waiting.Until(async () => (await Books.Read(journal, deadlines: false)).Stocks.ContainsKey(Last), "the feed shows what was published last");
        var books = await Books.Read(journal);
        Assert.Equal(_owners.Keys.Order(), books.Bargains.Keys.Order());
        foreach (var ((bargainId, helper), ack) in _cuts)
        {
            Assert.True(books.Bargains[bargainId].Cuts.TryFind(helper, out var cut), $"{helper}'s cut of {bargainId} is lost");
            Assert.Equal((ack.CutNumber, ack.CutFen, ack.PriceFen), (cut.CutNumber, cut.CutFen, cut.PriceFen));
        }

        foreach (var (bargainId, claimId) in _claims) Assert.Equal(claimId, books.Bargains[bargainId].ClaimId);
        foreach (var seat in _seats.Values) Assert.Equal(seat.ShopperId, books.Teams[seat.TeamId].Seats.Find(seat.SeatId)?.ShopperId);
        var payments = books.All<SeatPaid>().ToLookup(paid => paid.Happened.PaymentId);
        Assert.All(_paid, paid => Assert.Equal(paid.Value.SeatId, Assert.Single(payments[paid.Key]).Happened.SeatId));
        return books;
    }

    /// <inheritdoc cref="Check(IJournal)"/>
    public async Task Check(ProcessCluster cluster)
    {
        await using var journal = PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = cluster.ConnectionString });
        await Check(journal);
    }

    public async ValueTask DisposeAsync()
    {
        // After a failed test the players may wait for what never comes; the test's own fault is the one to tell.
        await _stop.CancelAsync();
        await Task.WhenAll(_players).WaitAsync(TimeSpan.FromSeconds(20)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task GoOn()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Next(3) > 0) await HelpAt(Next(Places));
            else await JoinAt(Next(Places));
        }
    }

    private async Task StartAt(int place)
    {
        var owner = NewName("owner");
        var bargainId = await floor.Start(Bargains, owner);
        Assert.True(_owners.TryAdd(bargainId, owner), $"{bargainId} was started twice");
        _bargains[place] = bargainId;
    }

    private async Task OpenAt(int place)
    {
        var seat = await floor.Open(Teams, NewName("leader"));
        _seats[seat.SeatId] = seat;
        await Pay(seat);
        _teams[place] = seat.TeamId;
    }

    private async Task HelpAt(int place)
    {
        var bargainId = Volatile.Read(ref _bargains[place]);
        if (bargainId.Length == 0)
        {
            // Somebody is filling it.
            await Task.Yield();
            return;
        }

        var friend = string.Create(CultureInfo.InvariantCulture, $"friend-{Next(Friends)}");
        if (await floor.Help(bargainId, friend) is not { } ack) return;

        // Asked for twice or more: always the same receipt.
        Assert.Equal(ack, _cuts.GetOrAdd((bargainId, friend), ack));
        Acknowledged();
        if (!ack.Wins || bargainId != Interlocked.CompareExchange(ref _bargains[place], "", bargainId)) return;
        var claimId = await floor.Claim(bargainId, _owners[bargainId]);
        Assert.NotNull(claimId);
        _claims[bargainId] = claimId;
        await StartAt(place);
    }

    private async Task JoinAt(int place)
    {
        var teamId = Volatile.Read(ref _teams[place]);
        if (teamId.Length == 0)
        {
            await Task.Yield();
            return;
        }

        if (await floor.Join(teamId, NewName("member")) is { } seat)
        {
            _seats[seat.SeatId] = seat;
            Acknowledged();
            await Pay(seat);
        }
        else if (teamId == Interlocked.CompareExchange(ref _teams[place], "", teamId))
        {
            // Formed, or full and soon so.
            await OpenAt(place);
        }
    }

    // Now and then twice at once: it counts once.
    private async Task Pay(SeatAck seat)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, Next(4) == 0 ? 2 : 1).Select(_ => floor.Pay(seat, "pay-" + seat.SeatId)));
        Assert.All(taken, Assert.True);
        _paid["pay-" + seat.SeatId] = seat;
        Acknowledged();
    }

    private void Acknowledged() => Interlocked.Increment(ref _acknowledged);

    private string NewName(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}-{Interlocked.Increment(ref _named)}");

    private int Next(int below)
    {
        lock (_random) return _random.Next(below);
    }
}
