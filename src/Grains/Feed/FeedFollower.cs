using System.Text;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>
/// A picture in memory, one for a silo, drawn from the feed: on from where it was left, whenever somebody asks. Nothing on the way of a
/// command keeps it, so it costs a command nothing, and it can't go wrong with one.
/// </summary>
/// <remarks>Kept in the journal's documents from time to time, so that a new process need not read the feed from its start. Any silo's copy will do.</remarks>
/// <param name="name">Of the kept copy. Another form of the copy is another name.</param>
/// <param name="kinds">The kinds of events that it is drawn from.</param>
/// <param name="freshFor">So long a picture is good without looking again; zero looks every time.</param>
internal abstract class FeedFollower(IJournal journal, string name, IReadOnlySet<short> kinds, TimeSpan freshFor, TimeProvider monotonic) : IDisposable
{
    private const int PageSize = 1_000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private FeedPosition _readUpTo = FeedPosition.Start;
    private long? _readAt;
    private int _unkept;
    private string? _keptTag;
    private Task _keeping = Task.CompletedTask;

    /// <summary>After so many events a copy is kept: reading them again takes about a second.</summary>
    public int KeepEvery { get; init; } = 100_000;

    protected IJournal Journal => journal;

    protected FeedPosition ReadUpTo => _readUpTo;

    private string Key => "picture/" + name;

    public void Dispose() => _one.Dispose();

    /// <summary>One event, in the feed's order; never two at once.</summary>
    protected abstract void Apply(FeedEvent happened);

    /// <summary>The picture as it is now, to be restored by this program or a later one under the same name.</summary>
    protected abstract byte[] Copy();

    /// <summary>Takes over a copy, in place of an empty picture.</summary>
    protected abstract Task Restore(ReadOnlyMemory<byte> copy);

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
        if (_readUpTo == FeedPosition.Start) await FindCopy();
        for (var more = true; more;)
        {
            var page = await journal.Feed(_readUpTo, PageSize, kinds);
            foreach (var happened in page.Events) Apply(happened);
            _readUpTo = page.Next;
            more = !page.AtEnd;
            // A page that is not the last has looked through about so many, whatever it found.
            _unkept += more ? PageSize : page.Events.Count;
            if (_unkept >= KeepEvery && _keeping.IsCompleted) StartKeeping();
        }

        _readAt = readAt;
    }

    private async Task FindCopy()
    {
        if (await journal.Documents.Find(Key) is not { } kept) return;
        _keptTag = kept.Tag;
        var end = kept.Content.Span.IndexOf((byte)'\n');
        if (end < 0 || !FeedPosition.TryParse(Encoding.UTF8.GetString(kept.Content.Span[..end]), out var upTo)) return;
        await Restore(kept.Content[(end + 1)..]);
        _readUpTo = upTo;
    }

    private void StartKeeping()
    {
        _unkept = 0;
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
