using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>
/// Reads the open bargains once after the start, page by page, so that they need not be read one by one when all of a launch's friends come
/// (adr/0015). At most a third of a thread's time: it is never what anybody waits for.
/// </summary>
internal sealed partial class BargainsReadAhead(RestingBargains resting, IJournal journal, TimeProvider monotonic, ILogger<BargainsReadAhead> logger) : IHostedService, IDisposable
{
    // Whoever waits for a bargain of another page waits some three milliseconds at most.
    private const int PageMax = 256;
    private const int RestPerWork = 2;

    // More are hardly kept, and who wakes so hot a bargain can wait for it.
    private const int EventsMax = 1_024;

    // A process that just started has other things to do, and somebody waits for them.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reading = ReadAll();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _reading.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReadAll()
    {
        try
        {
            var rest = FirstAfter;
            for (var after = Streams.BargainPrefix; after is not null;)
            {
                await Task.Delay(rest, monotonic, _stopping.Token);
                var began = monotonic.GetTimestamp();
                try
                {
                    after = await ReadPage(after);
                    rest = monotonic.GetElapsedTime(began) * RestPerWork;
                }
                catch (JournalUnavailableException)
                {
                    // Bargains are read as they wake, and here once the store is back.
                    rest = RetryAfter;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>Reads those behind a stream; gives the last of them, or null when there are no more to be read.</summary>
    private async Task<string?> ReadPage(string after)
    {
        var streams = await journal.Waiting(after, PageMax);
        List<string> bargains = [.. streams.TakeWhile(stream => stream.StartsWith(Streams.BargainPrefix, StringComparison.Ordinal)).Select(stream => stream[Streams.BargainPrefix.Length..])];
        await Task.WhenAll(bargains.Where(resting.Wants).Select(Read));
        return bargains.Count == PageMax && resting.HasRoom ? streams[^1] : null;
    }

    private async Task Read(string bargainId)
    {
        var events = await journal.Read(Streams.Bargain(bargainId), limit: EventsMax);
        if (events.Count == EventsMax) return;
        try
        {
            var bargain = BargainState.None;
            foreach (var stored in events) bargain = BargainState.Evolve(bargain, StoredEvents.Bargains.Decode(stored.Kind, stored.Payload));
            resting.RestAhead(bargain);
        }
#pragma warning disable CA1031 // What is wrong with one bargain, whoever asks for it is told; the others are read all the same.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotRead(bargainId, fault.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Bargain} can't be read ahead: {Fault}")]
    private partial void LogNotRead(string bargain, string fault);
}
