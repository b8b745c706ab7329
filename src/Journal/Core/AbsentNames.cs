using System.Text;

namespace SocialCommerce.Journal;

/// <summary>
/// Tells that a name is not in the store without asking it. Only for who writes to it alone: then a name is one of those that were there
/// when the writing began, which are read once, page by page, or one that was handed over here. Thread-safe.
/// </summary>
/// <remarks>
/// Most who help in a launch never were here before, and most keys of requests never came before; each would cost a look for what is not there.
/// What is told is only ever an answer to a read: whether a unit may be committed is the store's primary keys' to say.
/// </remarks>
internal sealed class AbsentNames : IAsyncDisposable
{
    private const int PageMax = 5_000;
    private const long FilterBytesMost = 64L * 1024 * 1024;

    // There are two, one for streams and one for receipts.
    private const int MemoryParts = 32;

    // Reading names takes at most a tenth of a thread: it is never what anybody waits for.
    private const int RestPerWork = 9;

    // Behind every name of printable ASCII.
    private const string Behind = "\x7f";

    // A process that just started has other things to do, and somebody waits for them.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Func<string, int, Task<IReadOnlyList<string>>> _namesAfter;
    private readonly Func<string, string>? _storedAs;
    private readonly TimeProvider _time;
    private readonly NameFilter _filter = new(MemoryShare.Of(FilterBytesMost, MemoryParts));
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();

    // All names up to this one were read; nothing is known while it is empty.
    private string _readTo = "";
    private int _writing;
    private Task _reading = Task.CompletedTask;

    /// <param name="namesAfter">The names in the store behind a name, by their UTF-8 bytes, at most so many.</param>
    /// <param name="storedAs">What stands for a name in the store; the name itself where it is null.</param>
    public AbsentNames(Func<string, int, Task<IReadOnlyList<string>>> namesAfter, TimeProvider time, Func<string, string>? storedAs = null)
    {
        _namesAfter = namesAfter;
        _storedAs = storedAs;
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

    /// <summary>To be called before the name is handed over to be written.</summary>
    public void Appears(string name) => Holds(_storedAs is null ? name : _storedAs(name));

    /// <summary>What stands for a name that is in the store and that reading its names would not give.</summary>
    public void Holds(string stored) => _filter.Add(stored);

    /// <summary>True: the name is not there. False: perhaps it is.</summary>
    public bool Knows(string name)
    {
        var readTo = Volatile.Read(ref _readTo);
        if (readTo.Length == 0) return false;
        var stored = _storedAs is null ? name : _storedAs(name);
        // Only of ASCII it is sure that the stores' order is this one.
        return string.CompareOrdinal(stored, readTo) <= 0 && !_filter.MayHold(stored) && Ascii.IsValid(stored);
    }

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
            var rest = FirstAfter;
            for (var after = ""; after != Behind && writing == Volatile.Read(ref _writing);)
            {
                await Task.Delay(rest, _time, _closing.Token);
                var began = _time.GetTimestamp();
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
                    rest = RetryAfter;
                }
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
