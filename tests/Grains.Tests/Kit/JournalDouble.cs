using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests;

/// <summary>A journal between the grains and a real one, in whose appends and reads a test may interfere.</summary>
internal sealed class JournalDouble(IJournal inner) : IJournal
{
    /// <summary>Does an append in its own way: the second argument is the append itself. Null: nothing interferes.</summary>
    public Func<JournalUnit, Func<Task>, Task>? Appending { get; set; }

    /// <summary>Called before a stream or a receipt is read; may throw.</summary>
    public Action? Reading { get; set; }

    /// <summary>Called before a shard is asked for what is due; may throw.</summary>
    public Action<int>? Sweeping { get; set; }

    /// <summary>Called with what was read of a stream before it is told: news that come late.</summary>
    public Func<string, Task>? Telling { get; set; }

    /// <summary>Streams that nobody has heard of when they are first asked for as one's own, whether or not they are there.</summary>
    public ISet<string> Unheard { get; } = new HashSet<string>();

    /// <summary>So many pages of public events have none, and are not the last.</summary>
    public int EmptyPages { get; set; }

    /// <summary>In memory, with commits that take a moment.</summary>
    public static JournalDouble Slow() => new(new MemoryJournal(deadlineShards: 2))
    {
        Appending = static async (_, append) =>
        {
            await Task.Delay(1);
            await append();
        },
    };

    public int DeadlineShards => inner.DeadlineShards;

    public IDocumentStore Documents => inner.Documents;

    public JournalStatus Status => inner.Status;

    public Task Append(JournalUnit unit) => Appending is { } appending ? appending(unit, () => inner.Append(unit)) : inner.Append(unit);

    public async Task<IReadOnlyList<StoredEvent>> Read(string stream, int afterVersion = 0, int limit = int.MaxValue)
    {
        Reading?.Invoke();
        var read = await inner.Read(stream, afterVersion, limit);
        if (Telling is { } telling) await telling(stream);
        return read;
    }

    public ValueTask<IReadOnlyList<StoredEvent>?> ReadOwn(string stream) => Unheard.Remove(stream) ? default : new(Read(stream)!);

    public async Task<StoredReceipt?> FindReceipt(string key)
    {
        Reading?.Invoke();
        return await inner.FindReceipt(key);
    }

    public Task<int> ForgetReceipts(DateTimeOffset now, int limit = 10_000) => inner.ForgetReceipts(now, limit);

    public void Recall(string stream, int version) => inner.Recall(stream, version);

    public Task<IReadOnlyList<string>> Waiting(string after, int limit) => inner.Waiting(after, limit);

    public Task<IReadOnlyList<DueStream>> Due(int shard, DateTimeOffset now, int limit)
    {
        Sweeping?.Invoke(shard);
        return inner.Due(shard, now, limit);
    }

    public Task<FeedPage> Feed(FeedPosition after, int limit, IReadOnlySet<short>? kinds = null)
    {
        if (!ReferenceEquals(kinds, PublicEvents.Kinds) || EmptyPages == 0) return inner.Feed(after, limit, kinds);
        EmptyPages--;
        return Task.FromResult(new FeedPage([], after, false));
    }

    public Task WaitForFeed(FeedPosition after, TimeSpan patience, CancellationToken cancellation = default) => inner.WaitForFeed(after, patience, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Holds the next append that a test is waiting for, until it is let go.</summary>
    public HeldAppend Hold(Func<JournalUnit, bool> which)
    {
        var held = new HeldAppend();
        var taken = 0;
        Appending = async (unit, append) =>
        {
            if (which(unit) && Interlocked.Exchange(ref taken, 1) == 0)
            {
                held.Arrive();
                await held.Released;
            }

            await append();
        };
        return held;
    }
}

/// <summary>An append that is under way for as long as the test likes.</summary>
internal sealed class HeldAppend
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The append was handed over and is not committed.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(Shop.Patience);

    public Task Released => _released.Task;

    public void Arrive() => _arrived.TrySetResult();

    /// <summary>Commits it.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Fails it.</summary>
    public void Fail(bool outcomeUnknown) => _released.TrySetException(new JournalUnavailableException("The test's disk is full.", outcomeUnknown));
}
