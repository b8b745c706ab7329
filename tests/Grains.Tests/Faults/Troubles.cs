using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>A store that fails now and then, in every way that a store may, by a seed.</summary>
internal sealed class Troubles
{
    private const double NotWritten = 0.05;
    private const double UnknownAndWritten = 0.05;
    private const double UnknownAndNotWritten = 0.05;
    private const double Slow = 0.2;
    private const double Unreadable = 0.02;

    private readonly Random _random;
    private int _happened;

    public Troubles(IJournal inner, int seed)
    {
        _random = new Random(seed);
        Journal = new JournalDouble(inner) { Appending = Append, Reading = Read };
    }

    public JournalDouble Journal { get; }

    /// <summary>How many there were.</summary>
    public int Happened => _happened;

    /// <summary>From here on the store is sound.</summary>
    public void End()
    {
        Journal.Appending = null;
        Journal.Reading = null;
    }

    private async Task Append(JournalUnit unit, Func<Task> append)
    {
        var (draw, slow) = (Draw(), Draw());
        await Task.Delay(slow < Slow ? (int)(slow / Slow * 4) : 0);
        if (draw < NotWritten) throw Away(outcomeUnknown: false);
        if (draw < NotWritten + UnknownAndNotWritten) throw Away(outcomeUnknown: true);
        await append();
        if (draw > 1 - UnknownAndWritten) throw Away(outcomeUnknown: true);
    }

    private void Read()
    {
        if (Draw() < Unreadable) throw Away(outcomeUnknown: false);
    }

    private JournalUnavailableException Away(bool outcomeUnknown)
    {
        Interlocked.Increment(ref _happened);
        return new JournalUnavailableException("The test's connection was cut.", outcomeUnknown);
    }

    private double Draw()
    {
        lock (_random) return _random.NextDouble();
    }
}

/// <summary>
/// Two silos over one store, each sure that every grain is its own, with clocks three seconds apart; and the client that asks them,
/// again and again when the store is away.
/// </summary>
internal sealed class SplitShop : IAsyncDisposable
{
    private const int AttemptsMax = 200;

    private readonly Troubles[] _troubles;
    private readonly Random _random;

    private SplitShop(Shop[] silos, Troubles[] troubles, int seed)
    {
        Silos = silos;
        _troubles = troubles;
        _random = new Random(seed);
    }

    public IReadOnlyList<Shop> Silos { get; }

    public HandClock Clock => Silos[0].Clock;

    public int TroublesHappened => _troubles.Sum(troubles => troubles.Happened);

    public static async Task<SplitShop> Open(int seed, int silos = 2)
    {
        var journal = new MemoryJournal(deadlineShards: 2);
        var clock = new HandClock(ShopSettings.Opening);
        var troubles = Enumerable.Range(0, silos).Select(i => new Troubles(journal, seed * 10 + i)).ToArray();
        var shops = new List<Shop>();
        foreach (var (trouble, i) in troubles.Select((trouble, i) => (trouble, i)))
        {
            shops.Add(await Shop.Open(new ShopSettings
            {
                Journal = trouble.Journal,
                Clock = clock,
                Skew = TimeSpan.FromSeconds(3 * i),
                Seed = seed * 10 + i,
                CampaignCacheMilliseconds = silos > 1 ? 5 : 0,
                IsAlone = silos == 1,
            }));
        }

        return new SplitShop([.. shops], troubles, seed);
    }

    /// <summary>Asks one of the silos until it gets an answer.</summary>
    public async Task<T> Ask<T>(Func<Shop, Task<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(Silos[Next(Silos.Count)]);
            }
            catch (Exception away) when (attempt < AttemptsMax && away is StoreUnavailableException or OrleansMessageRejectionException)
            {
                // As the contract says: repeat, a little later. A grain that has just gone, and whose calls are turned away, is away as well.
                await Task.Delay(Next(3));
            }
        }
    }

    public int Next(int below)
    {
        lock (_random) return _random.Next(below);
    }

    /// <summary>All that holds at every moment, also while something is due: the sweep pauses by the domain's clock after a fault.</summary>
    public Task<Books> BooksSoFar() => Books.Read(Silos[0].Journal, deadlines: false);

    /// <summary>Lets time go on until all that is due is done, and checks everything.</summary>
    public async Task<Books> Audit()
    {
        await Silos[0].Until(
            async () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                return !await Silos[0].AnythingDue();
            },
            "all that is due is done");
        return await Books.Read(Silos[0].Journal);
    }

    /// <summary>Ends the troubles.</summary>
    public void Heal()
    {
        foreach (var troubles in _troubles) troubles.End();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) await silo.DisposeAsync();
    }
}
