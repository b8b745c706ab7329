using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>Ends what is due in one shard of the due times; the key is <c>deadline-{shard}</c>.</summary>
[Alias("sc.internal.deadlines")]
internal interface IDeadlineGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that somebody sweeps the shard. May be repeated.</summary>
    [Alias("wake")]
    Task Wake();
}

/// <inheritdoc cref="IDeadlineGrain"/>
/// <remarks>
/// A reminder wakes the grain wherever its silo died; while awake it looks several times a second. A stream whose tick fails is due
/// still, and is tried again after a pause that grows.
/// </remarks>
[KeepAlive]
internal sealed partial class DeadlineGrain(
    IJournal journal, GrainReferences grains, IOptions<EngineOptions> options, [FromKeyedServices(Clock.Domain)] TimeProvider clock, ILogger<DeadlineGrain> logger)
    : Grain, IDeadlineGrain, IRemindable
{
    private const string ReminderName = "sweep";
    private const int BatchMax = 1_000;
    private const int TicksAtOnce = 256;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgetPeriod = TimeSpan.FromMinutes(1);

    // Pictures that are behind are read on as often as is swept, for this part of the time: thousands of cuts a second, at a fiftieth of two
    // CPUs. What a launch brings beyond that is read when it is over, or when somebody asks.
    private const int PicturesShare = 25;

    // To the next look once all is read: ten looks a second were a quarter of what an idle process does (docs/performance.md, Log).
    private static readonly TimeSpan PicturesPause = TimeSpan.FromSeconds(1);

    // To the next look, while the store is away: each costs a connection that is refused.
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _period = TimeSpan.FromMilliseconds(options.Value.SweepMilliseconds);
    private readonly Dictionary<string, (int Failures, DateTimeOffset NotBefore)> _failing = new(StringComparer.Ordinal);
    private IGrainTimer? _timer;
    private IGrainTimer? _forgetting;
    private IGrainTimer? _picturing;
    private int _shard;
    private bool _isReminded;
    private bool _isStoreAway;

    public static string KeyOf(int shard) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"deadline-{shard}");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = int.Parse(this.GetPrimaryKeyString().AsSpan("deadline-".Length), System.Globalization.CultureInfo.InvariantCulture);
        if (_shard == 0) LookAfterTheWhole();
        _timer = this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(_period, _period) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    // One of the shards is enough to forget the answers that nobody may ask for any more, and to keep the pictures up to date.
    private void LookAfterTheWhole()
    {
        _forgetting = this.RegisterGrainTimer(Forget, new GrainTimerCreationOptions(ForgetPeriod, ForgetPeriod) { Interleave = true, KeepAlive = true });
        _picturing = this.RegisterGrainTimer(KeepPicturesUp, new GrainTimerCreationOptions(_period, _period) { Interleave = true, KeepAlive = true });
    }

    public async Task Wake()
    {
        // Once for each activation: whoever asks every few seconds should cost nothing.
        if (_isReminded) return;
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
        _isReminded = true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task Sweep(CancellationToken cancellationToken)
    {
        try
        {
            await EndAllDue(cancellationToken);
            if (_isStoreAway) LogStoreBack(_shard);
            _isStoreAway = false;
        }
        catch (JournalUnavailableException away)
        {
            // Told once: by then the log is what people read to find out why.
            if (!_isStoreAway) LogStoreAway(_shard, away.Message);
            _isStoreAway = true;
            _timer!.Change(AwayPause, _period);
        }
    }

    private async Task EndAllDue(CancellationToken cancellationToken)
    {
        HashSet<string> ticked = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            // What fails again and again must not stand in the way of what is due behind it.
            var limit = BatchMax + _failing.Count;
            var due = await journal.Due(_shard, now, limit);
            if (_failing.Count > 0 && due.Count < limit) ForgetFailing(due);
            var ready = due.Where(stream => !_failing.TryGetValue(stream.Stream, out var failing) || now >= failing.NotBefore).ToArray();
            // Due for this silo's clock, and for theirs not yet: with the next sweep.
            if (ready.All(stream => ticked.Contains(stream.Stream))) return;
            foreach (var batch in ready.Chunk(TicksAtOnce)) await Task.WhenAll(batch.Select(stream => Tick(stream.Stream, now)));
            if (due.Count < BatchMax) return;
            ticked = [.. ready.Select(stream => stream.Stream)];
        }
    }

    /// <summary>What ended otherwise is not due any more.</summary>
    /// <param name="due">All that is due.</param>
    private void ForgetFailing(IReadOnlyList<DueStream> due)
    {
        foreach (var ended in _failing.Keys.Except(due.Select(stream => stream.Stream)).ToList()) _failing.Remove(ended);
    }

    private async Task Forget(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested && await journal.ForgetReceipts(clock.GetUtcNow(), BatchMax) == BatchMax)
            {
                // Small steps, so that commits come between.
            }
        }
        catch (JournalUnavailableException)
        {
            // The sweep says so; what is left is forgotten a minute later.
        }
    }

    private async Task KeepPicturesUp(CancellationToken _)
    {
        if (_isStoreAway) return;
        try
        {
            var isAtEnd = await grains.Of<IPicturesGrain>(IPicturesGrain.Key).KeepUp(_period / PicturesShare);
            _picturing!.Change(isAtEnd ? PicturesPause : _period, _period);
        }
        // Tried again with the next sweep; and those who ask for a picture hear of it.
        catch (Exception fault) when (fault is StoreUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
        {
            LogPicturesFailed(fault.Message);
        }
    }

    private async Task Tick(string stream, DateTimeOffset now)
    {
        try
        {
            await DeadlineTargets.Tick(grains, stream);
            _failing.Remove(stream);
        }
        // One stream's fault, whatever it is, must not keep the others from their ends; it is logged, and tried again.
        catch (Exception fault)
        {
            var failures = _failing.GetValueOrDefault(stream).Failures + 1;
            var pause = TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, Math.Pow(2, failures - 1)));
            _failing[stream] = (failures, now + pause);
            LogTickFailed(stream, failures, fault.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Shard {Shard} can't be swept until the store is back: {Fault}")]
    private partial void LogStoreAway(int shard, string fault);

    [LoggerMessage(3, LogLevel.Warning, "Shard {Shard} is swept again")]
    private partial void LogStoreBack(int shard);

    [LoggerMessage(4, LogLevel.Debug, "The pictures are not kept up to date: {Fault}")]
    private partial void LogPicturesFailed(string fault);

    [LoggerMessage(2, LogLevel.Warning, "{Stream} is due, but its tick failed {Failures} times: {Fault}")]
    private partial void LogTickFailed(string stream, int failures, string fault);
}

/// <summary>Whose tick a stream's due time means.</summary>
internal static class DeadlineTargets
{
    public static Task Tick(GrainReferences grains, string stream)
    {
        if (stream.StartsWith(Streams.BargainPrefix, StringComparison.Ordinal))
            return grains.Of<IBargainCuts>(stream[Streams.BargainPrefix.Length..]).Tick();
        if (stream.StartsWith(Streams.TeamPrefix, StringComparison.Ordinal))
            return grains.Of<ITeamSeats>(stream[Streams.TeamPrefix.Length..]).Tick();
        if (stream.StartsWith(Streams.PurchasePrefix, StringComparison.Ordinal))
            return grains.Of<IPurchaseUnit>(stream[Streams.PurchasePrefix.Length..]).Tick();
        throw new InvalidOperationException($"No grain has deadlines under {stream}.");
    }
}
