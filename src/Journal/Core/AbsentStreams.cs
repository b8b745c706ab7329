namespace SocialCommerce.Journal;

/// <summary>
/// Tells that a stream does not exist without asking the store. Only for who writes to it alone: then a stream is one of those that were there
/// when the writing began, whose names are read once, page by page, or one that was handed over here. Thread-safe.
/// </summary>
/// <remarks>
/// Most who help in a launch never were here before; each of them would cost a look for a stream that is not there. What it says is only ever
/// an answer to a read: whether a unit may be committed is the store's primary key's to say.
/// </remarks>
internal sealed class AbsentStreams : IAsyncDisposable
{
    /// <summary>What a read of such a stream gives.</summary>
    public static readonly Task<IReadOnlyList<StoredEvent>> NoEvents = Task.FromResult<IReadOnlyList<StoredEvent>>([]);

    private const int PageMax = 5_000;
    private const long FilterBytesMax = 64L * 1024 * 1024;

    // Reading names takes at most a tenth of a thread: it is never what anybody waits for.
    private const int RestPerWork = 9;

    // Behind every name, as names are printable ASCII.
    private const string Behind = "\x7f";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Func<string, int, Task<IReadOnlyList<string>>> _namesAfter;
    private readonly TimeProvider _time;
    private readonly NameFilter _filter = new(FilterBytesMax);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();

    // All names up to this one were read; nothing is known while it is empty.
    private string _readTo = "";
    private int _writing;
    private Task _reading = Task.CompletedTask;

    /// <param name="namesAfter">The names of streams behind a name, in ordinal order, at most so many.</param>
    public AbsentStreams(Func<string, int, Task<IReadOnlyList<string>>> namesAfter, TimeProvider time)
    {
        _namesAfter = namesAfter;
        _time = time;
    }

    /// <summary>Ends when all names were read.</summary>
    internal Task Reading
    {
        get { lock (_gate) return _reading; }
    }

    /// <summary>Nobody else writes from now on. What others wrote before is read anew.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _readTo = "";
            _reading = ReadNames(++_writing, _reading);
        }
    }

    /// <summary>Others may write from now on: nothing is told until it begins anew.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _writing++;
            _readTo = "";
        }
    }

    /// <summary>To be called before a unit is handed over to be written.</summary>
    public void Appears(JournalUnit unit)
    {
        for (var i = 0; i < unit.Appends.Count; i++)
        {
            // Whatever else is appended to either exists or is refused.
            if (unit.Appends[i].ExpectedVersion == 0) _filter.Add(unit.Appends[i].Stream);
        }
    }

    /// <summary>True: no such stream exists. False: perhaps one does.</summary>
    public bool Knows(string stream) => string.CompareOrdinal(stream, Volatile.Read(ref _readTo)) <= 0 && !_filter.MayHold(stream);

    public async ValueTask DisposeAsync()
    {
        Pause();
        await _closing.CancelAsync();
        await Reading;
        _closing.Dispose();
    }

    private async Task ReadNames(int writing, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            for (var after = ""; after != Behind && writing == Volatile.Read(ref _writing);)
            {
                var began = _time.GetTimestamp();
                var rest = RetryAfter;
                try
                {
                    var names = await _namesAfter(after, PageMax);
                    foreach (var name in names) _filter.Add(name);
                    after = names.Count < PageMax ? Behind : names[^1];
                    if (!TellTo(after, writing)) return;
                    rest = _time.GetElapsedTime(began) * RestPerWork;
                }
                catch (JournalUnavailableException)
                {
                    // Reads go to the store until it is back.
                }

                if (after != Behind) await Task.Delay(rest, _time, _closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The journal closes.
        }
    }

    private bool TellTo(string name, int writing)
    {
        lock (_gate)
        {
            if (writing != _writing) return false;
            Volatile.Write(ref _readTo, name);
            return true;
        }
    }
}
