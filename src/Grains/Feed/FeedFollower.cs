using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>
/// A picture in memory, one for a silo, drawn from the feed: read from its start once, then on from where it was left, whenever somebody
/// asks. Nothing on the way of a command keeps it, so it costs a command nothing, and it can't go wrong with one.
/// </summary>
/// <param name="kinds">The kinds of events that it is drawn from.</param>
/// <param name="freshFor">So long a picture is good without looking again; zero looks every time.</param>
internal abstract class FeedFollower(IJournal journal, IReadOnlySet<short> kinds, TimeSpan freshFor, TimeProvider monotonic) : IDisposable
{
    private const int PageSize = 1_000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private FeedPosition _readUpTo = FeedPosition.Start;
    private long? _readAt;

    protected FeedPosition ReadUpTo => _readUpTo;

    public void Dispose() => _one.Dispose();

    /// <summary>One event, in the feed's order; never two at once.</summary>
    protected abstract void Apply(FeedEvent happened);

    /// <summary>Reads on to the end of the feed, then looks at the picture while nobody changes it.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be read now.</exception>
    protected async Task<T> Look<T>(Func<T> look)
    {
        await _one.WaitAsync();
        try
        {
            if (_readAt is null || monotonic.GetElapsedTime(_readAt.Value) >= freshFor) await ReadOn();
            return look();
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ReadOn()
    {
        var readAt = monotonic.GetTimestamp();
        for (var more = true; more;)
        {
            var page = await journal.Feed(_readUpTo, PageSize, kinds);
            foreach (var happened in page.Events) Apply(happened);
            _readUpTo = page.Next;
            more = !page.AtEnd;
        }

        _readAt = readAt;
    }
}
