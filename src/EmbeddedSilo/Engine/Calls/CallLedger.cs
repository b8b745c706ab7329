namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>
/// Every call that waits for an answer, so that one sweep can end those whose time is up and a stop can wait for the rest. Striped by
/// thread, because each call is written down and crossed out once.
/// </summary>
internal sealed class CallLedger
{
    private const int StripeCount = 8;
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];
    private TaskCompletionSource? _emptied;

    public bool IsEmpty => _stripes.All(stripe => Volatile.Read(ref stripe.First) is null);

    public void Add(Request request)
    {
        request.LedgerStripe = Environment.CurrentManagedThreadId % StripeCount;
        var stripe = _stripes[request.LedgerStripe];
        lock (stripe.Gate)
        {
            request.LedgerNext = stripe.First;
            if (stripe.First is { } first) first.LedgerPrevious = request;
            stripe.First = request;
        }
    }

    /// <summary>May be repeated.</summary>
    public void Remove(Request request)
    {
        if (request.LedgerStripe < 0) return;
        var stripe = _stripes[request.LedgerStripe];
        lock (stripe.Gate)
        {
            if (request.LedgerPrevious is { } previous) previous.LedgerNext = request.LedgerNext;
            else if (stripe.First == request) stripe.First = request.LedgerNext;
            else return;

            if (request.LedgerNext is { } next) next.LedgerPrevious = request.LedgerPrevious;
            request.LedgerNext = request.LedgerPrevious = null;
        }

        if (Volatile.Read(ref _emptied) is { } emptied && IsEmpty) emptied.TrySetResult();
    }

    /// <summary>The calls whose deadline has passed at <paramref name="now"/>, oldest first in each stripe.</summary>
    public List<Request> Overdue(long now)
    {
        List<Request> overdue = [];
        foreach (var stripe in _stripes)
        {
            var from = overdue.Count;
            lock (stripe.Gate)
            {
                for (var request = stripe.First; request is not null; request = request.LedgerNext)
                {
                    if (request.Deadline <= now) overdue.Add(request);
                }
            }

            overdue.Reverse(from, overdue.Count - from);
        }

        return overdue;
    }

    /// <summary>Completes when no call waits. Asked once, when the silo stops.</summary>
    public Task Emptied()
    {
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _emptied, emptied);
        Interlocked.MemoryBarrier();
        if (IsEmpty) emptied.TrySetResult();
        return emptied.Task;
    }

    private sealed class Stripe
    {
        public readonly Lock Gate = new();
        public Request? First;
    }
}
