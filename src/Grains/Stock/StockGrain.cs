using Orleans.Concurrency;
using Orleans.Storage;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IStockGrain"/>
[Reentrant]
internal sealed class StockGrain(
    JournaledGrainServices services,
    [PersistentState("stock", StockGrain.SnapshotStore)] IPersistentState<StockSnapshot> snapshot)
    : JournaledGrain<StockState, StockEvent>(services, StoredEvents.Stock), IStockGrain
{
    public const string SnapshotStore = "snapshots";

    /// <summary>So many events are read again at most when the grain wakes.</summary>
    private const int SnapshotEvery = 2_000;

    private Task _snapshotWrite = Task.CompletedTask;

    protected override string Stream => this.GetPrimaryKeyString();
    protected override StockState Empty => StockState.None;

    // Its campaign asks on its way to its first version.
    protected override bool StaysForNothing => true;

    public async Task<StockView> Get() => StockReplies.ViewOf(await Durable());

    public Task<StockReply> Commit(StockCommit request)
    {
        var move = new StockMove(request.Held, request.Sold);
        StreamAppend[] others = [.. request.Appends.Select(part => part.ToAppend())];
        ReceiptWrite[] receipts = [.. request.Receipts.Select(part => part.ToReceipt())];
        return Execute(Decide, Stale);

        Step<StockEvent, StockReply> Decide(StockState stock, Circumstances _)
        {
            if (request.Total is { } total && !stock.CanSet(total)) return SoldOut(stock);
            if (!stock.CanMove(move)) return SoldOut(stock);
            if (stock.Held + move.Held < 0 || stock.Sold + move.Sold < 0) return GivesBackTwice();

            // From here it must succeed.
            var events = new List<StockEvent>(2);
            if (request.Total is not null && request.Total != stock.Total) events.Add(new StockSet { Total = request.Total.Value });
            if (!move.IsNone || events.Count == 0) events.Add(new StockMoved { Held = move.Held, Sold = move.Sold });
            return new Step<StockEvent, StockReply>(new StockReply { Outcome = StockOutcome.Committed })
            {
                Events = events,
                Others = others,
                Receipts = receipts,
            };
        }

        // A campaign that begins has its stock before it has anything to sell: where there is none, this activation may not have heard of it.
        static Step<StockEvent, StockReply> SoldOut(StockState stock) => new(new StockReply { Outcome = StockOutcome.SoldOut })
        {
            Refusal = (int)StockOutcome.SoldOut,
            IsDoubtful = ReferenceEquals(stock, StockState.None),
        };

        // What is not held can't be given back: this activation has not heard of the holding, or the caller not of its end.
        Step<StockEvent, StockReply> GivesBackTwice() =>
            new(Stale([.. others.Take(1).Select(other => other.Stream)])) { Refusal = (int)StockOutcome.Conflict, IsDoubtful = true };

        static StockReply Stale(IReadOnlyList<string> streams) => new() { Outcome = StockOutcome.Conflict, Streams = [.. streams] };
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await base.OnDeactivateAsync(reason, cancellationToken);
        await _snapshotWrite;
    }

    protected override StockState Evolve(StockState state, StockEvent happened) => StockState.Evolve(state, happened);

    protected override (StockState State, int Version) LoadSnapshot() => snapshot.RecordExists
        ? (new StockState { Total = snapshot.State.Total, Held = snapshot.State.Held, Sold = snapshot.State.Sold }, snapshot.State.Version)
        : (StockState.None, 0);

    // Moves that follow one another are one event: nobody but the sums looks at them. A new total between them stays between them, since it
    // was decided on what those before it left.
    protected override IReadOnlyList<StockEvent> Seal(IReadOnlyList<StockEvent> events)
    {
        var summed = new List<StockEvent>(events.Count);
        foreach (var happened in events)
        {
            if (happened is StockMoved move && summed is [.., StockMoved before])
                summed[^1] = new StockMoved { Held = before.Held + move.Held, Sold = before.Sold + move.Sold };
            else
                summed.Add(happened);
        }

        return summed;
    }

    protected override void OnDurable(StockState durable, int version)
    {
        if (version - snapshot.State.Version < SnapshotEvery || !_snapshotWrite.IsCompleted) return;
        snapshot.State = new StockSnapshot { Version = version, Total = durable.Total, Held = durable.Held, Sold = durable.Sold };
        _snapshotWrite = WriteSnapshot();
    }

    private async Task WriteSnapshot()
    {
        try
        {
            await snapshot.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation wrote one, or this one did and has not heard so. The next is written on top of what is there.
            await ReadSnapshot();
        }
        // A snapshot is only a shortcut: without it the next activation reads more events. The state that was to be kept is true all the
        // same, and stays: this activation may fold on from it, and tries again as many events later.
        catch (Exception)
        {
        }

        async Task ReadSnapshot()
        {
            try
            {
                await snapshot.ReadStateAsync();
            }
            catch (Exception)
            {
                // As above.
            }
        }
    }
}

/// <summary>The stock at a version of its stream. Only a shortcut, always rebuildable.</summary>
[GenerateSerializer, Alias("sc.internal.stock-snapshot")]
internal sealed class StockSnapshot
{
    [Id(0)] public int Version { get; set; }
    [Id(1)] public int Total { get; set; }
    [Id(2)] public int Held { get; set; }
    [Id(3)] public int Sold { get; set; }
}

internal static class StockReplies
{
    public static StockView ViewOf(StockState stock) => new() { Total = stock.Total, Held = stock.Held, Sold = stock.Sold, Free = stock.Free };
}
