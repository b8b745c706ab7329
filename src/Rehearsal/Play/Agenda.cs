namespace SocialCommerce.Rehearsal.Play;

/// <summary>What is to happen when, at most so many at a time. Acts may put more on the agenda, from any thread.</summary>
internal sealed class Agenda(TimeProvider clock, int concurrency)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset Due, long Order)> _acts = new();
    private long _order;
    private int _running;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Does <paramref name="act"/> at <paramref name="due"/>, or as soon after as there is room.</summary>
    public void At(DateTimeOffset due, Func<Task> act)
    {
        lock (_lock) _acts.Enqueue(act, (due, _order++));
    }

    public void In(TimeSpan delay, Func<Task> act) => At(Now + delay, act);

    /// <summary>
    /// Works through the agenda until <paramref name="end"/> or until nothing is left; what was begun is finished, what was not
    /// due yet is dropped. The first act that fails stops it and its exception comes out.
    /// </summary>
    public async Task WorkUntil(DateTimeOffset end, CancellationToken ct)
    {
        using var room = new SemaphoreSlim(concurrency);
        Exception? failure = null;
        while (Volatile.Read(ref failure) is null && !ct.IsCancellationRequested && Now < end)
        {
            if (Due() is { } act)
            {
                await room.WaitAsync(CancellationToken.None);
                Interlocked.Increment(ref _running);
                _ = Do(act);
            }
            else if (Finished())
            {
                break;
            }
            else
            {
                await Task.Delay(Glance, clock, CancellationToken.None);
            }
        }

        for (var i = 0; i < concurrency; i++) await room.WaitAsync(CancellationToken.None);
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        ct.ThrowIfCancellationRequested();

        async Task Do(Func<Task> act)
        {
            // An act that never awaits must not hold up the others.
            await Task.Yield();
            try
            {
                await act();
            }
            catch (Exception e)
            {
                // Kept, not swallowed: it ends the work and is thrown above.
                Interlocked.CompareExchange(ref failure, e, null);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
                room.Release();
            }
        }
    }

    private Func<Task>? Due()
    {
        lock (_lock)
        {
            return _acts.TryPeek(out _, out var next) && next.Due <= Now ? _acts.Dequeue() : null;
        }
    }

    private bool Finished()
    {
        lock (_lock) return _acts.Count == 0 && Volatile.Read(ref _running) == 0;
    }
}
