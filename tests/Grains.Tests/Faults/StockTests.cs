using Orleans.Storage;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Faults;

/// <summary>The stock's own stream: what is written must fold again, with a snapshot and without.</summary>
public sealed class StockTests
{
    [Fact]
    public async Task Units_given_back_and_a_lower_total_in_one_commit_are_read_as_they_were_decided()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using (var shop = await Shop.Open(new ShopSettings { Journal = journal }))
        {
            await Commit(shop, total: 10);
            await Commit(shop, held: 10);
            var first = journal.Hold(_ => true);
            var commits = new List<Task<StockReply>> { Commit(shop, held: -1) };
            await first.Arrived;
            commits.AddRange([Commit(shop, held: -2), Commit(shop, total: 7), Commit(shop, held: -7), Commit(shop, total: 0)]);
            await Stock(shop).Get();
            first.Release();
            Assert.All(await Task.WhenAll(commits), reply => Assert.Equal(StockOutcome.Committed, reply.Outcome));
        }

        await using var again = await Shop.Open(new ShopSettings { Journal = journal });
        Assert.Equal(new GrainInterfaces.StockView(), await Stock(again).Get());
        Assert.Equal(StockOutcome.Committed, (await Commit(again, total: 3)).Outcome);
    }

    [Fact]
    public async Task Moves_that_share_a_commit_are_one_event()
    {
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await Commit(shop, total: 100);
        var first = journal.Hold(_ => true);
        var one = Commit(shop, held: 1);
        await first.Arrived;
        var many = Enumerable.Range(0, 50).Select(_ => Commit(shop, held: 1)).ToArray();
        await Stock(shop).Get();
        first.Release();
        await Task.WhenAll([one, .. many]);
        Assert.Equal(51, (await Stock(shop).Get()).Held);
        Assert.Equal(3, (await journal.Read("stock/s")).Count);
    }

    [Fact]
    public async Task What_brings_hundreds_of_events_each_shares_a_commit_with_few_others()
    {
        const int Large = 20;
        const int Events = 600;
        var journal = new JournalDouble(new MemoryJournal(deadlineShards: 2));
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal });
        await Commit(shop, total: 100);
        var units = new List<int>();
        var first = journal.Hold(_ => true);
        var held = journal.Appending!;
        journal.Appending = (unit, append) =>
        {
            units.Add(unit.Appends.Sum(one => one.Events.Count));
            return held(unit, append);
        };
        var one = Commit(shop, held: 1);
        await first.Arrived;
        var many = Enumerable.Range(0, Large).Select(n => CommitLarge(shop, $"team/{n}", Events)).ToArray();
        await Stock(shop).Get();
        first.Release();
        await Task.WhenAll([one, .. many]);

        Assert.All(units, unit => Assert.InRange(unit, 1, 4 * Events));
        Assert.InRange(units.Count, Large / 4 + 1, Large);
        for (var n = 0; n < Large; n++) Assert.Equal(Events, (await journal.Read($"team/{n}")).Count);
    }

    [Fact]
    public async Task A_snapshot_that_could_not_be_written_changes_nothing()
    {
        var journal = new MemoryJournal(deadlineShards: 2);
        var snapshots = new OneSnapshot();
        await using var shop = await Shop.Open(new ShopSettings { Journal = journal, Snapshots = snapshots, IsAlone = false });
        await using var rival = await Shop.Open(new ShopSettings { Journal = journal, IsAlone = false });
        await Commit(shop, total: 1_000_000);
        // Enough for two snapshots, of which the second is refused.
        for (var i = 0; i < 42; i++) await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Commit(shop, held: 1)));
        Assert.True(snapshots.Refused > 0, "no second snapshot was tried");

        // Another silo writes to the stream; this one has to read it again.
        await Commit(rival, held: 1);
        Assert.Equal(StockOutcome.Committed, (await Commit(shop, held: 1)).Outcome);
        Assert.Equal(new GrainInterfaces.StockView { Total = 1_000_000, Held = 4_202, Free = 995_798 }, await Stock(shop).Get());
    }

    [Fact]
    public async Task Snapshots_go_on_after_one_whose_answer_was_lost()
    {
        var snapshots = new ForgetfulSnapshots();
        await using var shop = await Shop.Open(new ShopSettings { Journal = new MemoryJournal(deadlineShards: 2), Snapshots = snapshots, IsAlone = false });
        await Commit(shop, total: 1_000_000);
        // Enough for five: the answer to the first is lost, and the second is refused for it.
        for (var i = 0; i < 110 && snapshots.Written < 3; i++) await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Commit(shop, held: 1)));

        Assert.Equal(3, snapshots.Written);
        Assert.Equal(1, snapshots.Refused);
    }

    private static IStockGrain Stock(Shop shop) => shop.Grains.GetGrain<IStockGrain>("stock/s");

    private static Task<StockReply> Commit(Shop shop, int held = 0, int? total = null) => Stock(shop).Commit(new StockCommit { Held = held, Total = total });

    private static Task<StockReply> CommitLarge(Shop shop, string stream, int events) => Stock(shop).Commit(StockCommit.Of(
        new(1, 0), null, [new StreamAppend(stream, 0, [.. Enumerable.Repeat(new NewEvent(1, "{}"u8.ToArray()), events)])], null));

    /// <summary>Keeps the first state written, and refuses every later one, as a storage does when somebody else has written.</summary>
    private sealed class OneSnapshot : IGrainStorage
    {
        private object? _kept;
        private int _refused;

        public int Refused => _refused;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            grainState.RecordExists = _kept is not null;
            grainState.State = _kept is null ? Activator.CreateInstance<T>() : (T)_kept;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (_kept is not null)
            {
                Interlocked.Increment(ref _refused);
                throw new InconsistentStateException("The test keeps one state.");
            }

            _kept = grainState.State;
            grainState.RecordExists = true;
            grainState.ETag = "1";
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }

    /// <summary>Writes every state whose tag is right; the answer to the first is lost.</summary>
    private sealed class ForgetfulSnapshots : IGrainStorage
    {
        private object? _kept;
        private int _refused;
        private int _written;

        public int Refused => _refused;

        public int Written => _written;

        private string? Tag => _written == 0 ? null : _written.ToString(System.Globalization.CultureInfo.InvariantCulture);

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            grainState.RecordExists = _kept is not null;
            grainState.State = _kept is null ? Activator.CreateInstance<T>() : (T)_kept;
            grainState.ETag = Tag;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (grainState.ETag != Tag)
            {
                Interlocked.Increment(ref _refused);
                throw new InconsistentStateException("The tag is an old one.");
            }

            _kept = grainState.State;
            if (Interlocked.Increment(ref _written) == 1) throw new IOException("The answer is lost.");
            grainState.RecordExists = true;
            grainState.ETag = Tag;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
