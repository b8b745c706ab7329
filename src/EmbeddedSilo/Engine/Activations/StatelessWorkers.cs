using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>The activations of one key of a stateless worker: as many as were ever busy at once, at most the attribute's maximum.</summary>
internal sealed class StatelessWorkers(GrainClass grainClass, IdSpan key) : IMessageTarget
{
    private readonly Lock _gate = new();
    private readonly List<Activation> _workers = [];
    private bool _gone;

    public IEnumerable<Activation> Workers
    {
        get
        {
            lock (_gate) return [.. _workers];
        }
    }

    public bool TryDeliver(Message message)
    {
        Activation worker;
        lock (_gate)
        {
            if (_gone) return false;
            worker = Choose();
            Interlocked.Increment(ref worker.Load);
        }

        worker.Post(message);
        return true;
    }

    /// <summary>True if that was the last, and then the group takes no more messages.</summary>
    public bool Remove(Activation worker)
    {
        lock (_gate)
        {
            _workers.Remove(worker);
            return _gone = _workers.Count == 0;
        }
    }

    // The first idle one in the order of their making keeps the group small; then a new one; then the least busy.
    private Activation Choose()
    {
        Activation? leastBusy = null;
        foreach (var worker in _workers)
        {
            if (worker.Load == 0) return worker;
            if (leastBusy is null || worker.Load < leastBusy.Load) leastBusy = worker;
        }

        if (leastBusy is not null && _workers.Count >= grainClass.WorkersMax) return leastBusy;
        var added = grainClass.NewActivation(key);
        _workers.Add(added);
        return added;
    }
}
