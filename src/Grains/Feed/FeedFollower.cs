using System.Text;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>
/// A picture in memory, one for a silo, drawn from the feed: on from where it was left, whenever somebody asks, and in one silo without being
/// asked (<see cref="IPicturesGrain"/>). Nothing on the way of a command keeps it, so it can't go wrong with one.
/// </summary>
/// <remarks>Kept in the journal's documents from time to time, so that a new process need not read the feed from its start. Any silo's copy will do.</remarks>
/// <param name="name">Of the kept copy. Another form of the copy is another name.</param>
/// <param name="kinds">The kinds of events that it is drawn from.</param>
/// <param name="freshFor">So long a picture is good without looking again; zero looks every time.</param>
internal abstract class FeedFollower(IJournal journal, string name, IReadOnlySet<short> kinds, TimeSpan freshFor, TimeProvider monotonic) : IDisposable
{
    // A millisecond or two of one CPU: nobody who is helped meanwhile waits longer for it.
    private const int PageSize = 500;

    // Whoever has so much to read looks whether another silo has come further.
    private const int PagesToCopy = 200;

    // A copy may be large; what has to be read again for want of a newer one is half a minute's.
    private static readonly TimeSpan KeepPause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1, 1);
    private FeedPosition _readUpTo = FeedPosition.Start;
    private long? _readAt;
    private long? _keptAt;
    private int _pagesInARow;
    private int _unkept;
    private string? _keptTag;
    private Task _keeping = Task.CompletedTask;

    /// <summary>After so many events a copy is kept: reading them again takes about a second.</summary>
    public int KeepEvery { get; init; } = 100_000;

    /// <summary>Whether anybody has asked for it yet.</summary>
    public bool IsAskedFor { get; private set; }

    protected IJournal Journal => journal;

    protected FeedPosition ReadUpTo => _readUpTo;

    private string Key => "picture/" + name;

    public void Dispose() => _one.Dispose();

    /// <summary>Reads one page on, whether or not somebody asks.</summary>
    /// <returns>The page, and where it begins.</returns>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    public Task<(FeedPosition After, FeedPage Page)> ReadOnePage() => Alone(ReadPage);

    /// <summary>Takes over what another picture has read, as far as it is new here. What lies before it is read first.</summary>
    /// <param name="page">Has all events of this picture's kinds.</param>
    /// <exception cref="JournalUnavailableException">The store can't be read now.</exception>
    public Task Take(FeedPosition after, FeedPage page) => Alone(async () =>
    {
        if (_readUpTo < after) await ReadOn();
        if (_readUpTo < page.Next) Take(page);
        return true;
    });

    /// <summary>One event, in the feed's order; never two at once.</summary>
    protected abstract void Apply(FeedEvent happened);

    /// <summary>The picture as it is now, to be restored by this program or a later one under the same name.</summary>
    protected abstract byte[] Copy();

    /// <summary>Takes over a copy, in place of all that there is.</summary>
    protected abstract Task Restore(ReadOnlyMemory<byte> copy);

    /// <summary>Reads on to the end of the feed, then looks at the picture while nobody changes it.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be read now.</exception>
    protected async Task<T> Look<T>(Func<T> look)
    {
        IsAskedFor = true;
        var askedAt = monotonic.GetTimestamp();
        try
        {
            return await Alone(async () =>
            {
                // What was read since, for somebody who asked before and was waited for, has all that there was when this one asked.
                if (_readAt is not { } readAt || (readAt < askedAt && monotonic.GetElapsedTime(readAt) >= freshFor)) await ReadOn();
                return look();
            });
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
    }

    private async Task<T> Alone<T>(Func<Task<T>> work)
    {
        await _one.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ReadOn()
    {
        while (!(await ReadPage()).Page.AtEnd)
        {
            // Page after page.
        }
    }

    private async Task<(FeedPosition After, FeedPage Page)> ReadPage()
    {
        if (_readUpTo == FeedPosition.Start || _pagesInARow >= PagesToCopy) await FindCopy();
        var readAt = monotonic.GetTimestamp();
        var after = _readUpTo;
        var page = await journal.Feed(after, PageSize, kinds);
        Take(page);
        _pagesInARow = page.AtEnd ? 0 : _pagesInARow + 1;
        if (page.AtEnd) _readAt = readAt;
        return (after, page);
    }

    private void Take(FeedPage page)
    {
        foreach (var happened in page.Events)
        {
            if (happened.Position <= _readUpTo) continue;
            if (kinds.Contains(happened.Kind)) Apply(happened);
            // One by one: what came before one that can't be applied is not counted again.
            _readUpTo = happened.Position;
        }

        _readUpTo = page.Next;
        // A page that is not the last has looked through about so many, whatever it found.
        _unkept += page.AtEnd ? page.Events.Count : PageSize;
        if (_unkept >= KeepEvery && _keeping.IsCompleted && (_keptAt is null || monotonic.GetElapsedTime(_keptAt.Value) >= KeepPause)) StartKeeping();
    }

    private async Task FindCopy()
    {
        _pagesInARow = 0;
        if (await journal.Documents.Find(Key) is not { } kept) return;
        _keptTag = kept.Tag;
        var end = kept.Content.Span.IndexOf((byte)'\n');
        if (end < 0 || !FeedPosition.TryParse(Encoding.UTF8.GetString(kept.Content.Span[..end]), out var upTo) || upTo <= _readUpTo) return;
        await Restore(kept.Content[(end + 1)..]);
        _readUpTo = upTo;
    }

    private void StartKeeping()
    {
        _unkept = 0;
        _keptAt = monotonic.GetTimestamp();
        byte[] content = [.. Encoding.UTF8.GetBytes($"{_readUpTo}\n"), .. Copy()];
        _keeping = Keep(content, _keptTag);
    }

    private async Task Keep(byte[] content, string? tag)
    {
        try
        {
            // Where another silo has kept its copy since, that one will do; ours follows when it is due again.
            _keptTag = await journal.Documents.Write(Key, content, tag) ?? (await journal.Documents.Find(Key))?.Tag;
        }
        catch (JournalUnavailableException)
        {
            // Only a shortcut: without it the next process reads more.
        }
    }
}
