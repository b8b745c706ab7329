namespace SocialCommerce.Journal;

/// <summary>
/// Gathers reads that arrive together, so that the store answers them with one query. One thread; first in, first out.
/// </summary>
internal sealed class ReadQueue : IAsyncDisposable
{
    private const int GatheredMax = 512;
    private const int QueuedMax = 100_000;

    // Short against a checkpoint, long against the time between two reads of a busy store.
    private static readonly TimeSpan RestAfter = TimeSpan.FromMilliseconds(20);

    private readonly Action<IReadOnlyList<ReadRequest>> _answer;
    private readonly Action? _rest;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();
    private readonly Queue<ReadRequest> _queue = new();
    private bool _closed;
    private bool _rests = true;

    /// <param name="answer">Answers every request, or throws and answers none of the rest.</param>
    /// <param name="rest">Called on the same thread when nobody has asked for a moment; null where there is nothing to let go of.</param>
    public ReadQueue(Action<IReadOnlyList<ReadRequest>> answer, string name, Action? rest = null)
    {
        _answer = answer;
        _rest = rest;
        new Thread(Loop) { Name = name, IsBackground = true }.Start();
    }

    public Task<T> Ask<T>(ReadRequest<T> request)
    {
        lock (_gate)
        {
            if (_closed) return Task.FromException<T>(new JournalUnavailableException("The journal is closed."));
            if (_queue.Count >= QueuedMax) return Task.FromException<T>(new JournalUnavailableException($"{_queue.Count} reads are waiting for the journal already."));
            _queue.Enqueue(request);
            if (_queue.Count == 1) Monitor.Pulse(_gate);
        }

        return request.Done;
    }

    /// <summary>Answers what was asked, then refuses and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        await _ended.Task;
    }

    private void Loop()
    {
        var requests = new List<ReadRequest>(GatheredMax);
        while (Take(requests))
        {
            try
            {
                if (requests.Count > 0) _answer(requests);
                else _rest!();
            }
#pragma warning disable CA1031 // Whatever it was, it belongs to those who asked; the thread goes on for the others.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                foreach (var request in requests) request.Fail(fault);
            }
        }

        _ended.SetResult();
    }

    /// <summary>The next requests, or none when it is time to rest; false at the end.</summary>
    private bool Take(List<ReadRequest> requests)
    {
        requests.Clear();
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_closed) return false;
                if (_rests || _rest is null) Monitor.Wait(_gate);
                else if (!Monitor.Wait(_gate, RestAfter)) break;
            }

            while (requests.Count < GatheredMax && _queue.TryDequeue(out var next)) requests.Add(next);
        }

        _rests = requests.Count == 0;
        return true;
    }
}

/// <summary>Something to be read.</summary>
internal abstract class ReadRequest
{
    /// <summary>Without effect on a request that was answered already.</summary>
    public abstract void Fail(Exception reason);
}

internal abstract class ReadRequest<T> : ReadRequest
{
    // Never runs a caller's code on the reader's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public void Answer(T answer) => _done.TrySetResult(answer);

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}

internal sealed class StreamRead(string stream, int afterVersion, int limit) : ReadRequest<IReadOnlyList<StoredEvent>>
{
    public string Stream => stream;
    public int AfterVersion => afterVersion;
    public int Limit => limit;
}

internal sealed class ReceiptRead(string key) : ReadRequest<StoredReceipt?>
{
    public string Key => key;
}
