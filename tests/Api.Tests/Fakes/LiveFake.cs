namespace SocialCommerce.Api.Tests;

/// <summary>A bargain that a test changes; watches come back at a change only.</summary>
internal sealed class LiveFake
{
    private readonly Lock _gate = new();
    private readonly List<(int Known, TaskCompletionSource<BargainView?> Reply)> _waiting = [];
    private readonly List<(int Known, TaskCompletionSource Seen)> _expecting = [];
    private BargainView _now = Samples.Bargain() with { Version = 1 };

    public int Watches { get; private set; }
    public int WatchesAtOnceMax { get; private set; }

    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    public Task<BargainView?> Watch(int known)
    {
        lock (_gate)
        {
            Watches++;
            if (known != _now.Version) return Task.FromResult<BargainView?>(_now);
            var reply = new TaskCompletionSource<BargainView?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((known, reply));
            WatchesAtOnceMax = Math.Max(WatchesAtOnceMax, _waiting.Count);
            foreach (var (_, seen) in _expecting.Where(expected => expected.Known == known)) seen.TrySetResult();
            return reply.Task;
        }
    }

    public void Change(BargainStatus status, int padding = 0)
    {
        // In one step: a watch that came in between would wait for what follows this change, and be answered with the change itself, as with nothing new.
        lock (_gate)
        {
            _now = _now with { Version = _now.Version + 1, Status = status, Product = new Product { Id = "sku-1", Title = new string('x', padding) } };
            ComeBack();
        }
    }

    /// <summary>Every watch comes back with what is.</summary>
    public void ComeBack()
    {
        lock (_gate)
        {
            foreach (var (_, reply) in _waiting) reply.TrySetResult(_now);
            _waiting.Clear();
        }
    }

    public void Fail()
    {
        lock (_gate)
        {
            foreach (var (_, reply) in _waiting) reply.TrySetException(new TimeoutException("late"));
            _waiting.Clear();
        }
    }

    /// <summary>Done when a watch waits for what comes after the version given.</summary>
    public Task UntilKnown(int version)
    {
        lock (_gate)
        {
            if (_waiting.Exists(waiting => waiting.Known == version)) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _expecting.Add((version, seen));
            return seen.Task.WaitAsync(LiveTests.Patience);
        }
    }
}
