using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>How an activation comes to know its stream, and how it goes.</summary>
internal abstract partial class JournaledGrain<TState, TEvent>
{
    private Task? _loading;
    private int _staying;
    private bool _goes;

    /// <summary>Events before a version that need not be read, and the state there.</summary>
    protected virtual (TState State, int Version) LoadSnapshot() => (Empty, 0);

    /// <summary>The state of the whole stream, where this process kept it and nobody can have written since; else null. Asked whenever there would be a read.</summary>
    protected virtual (TState State, int Version)? Wake() => null;

    /// <summary>The activation ends, and this is its stream's state as far as anybody can know.</summary>
    protected virtual void Rest(TState durable) { }

    /// <summary>Whether the activation is wanted where there is no stream yet.</summary>
    protected virtual bool StaysForNothing => false;

    /// <summary>
    /// Keeps the activation while a request runs that asks another grain which may ask back: an activation on its way out waits for its
    /// running requests and answers no new ones, so that the two would wait for one another.
    /// </summary>
    protected async Task<T> Staying<T>(Func<Task<T>> request)
    {
        _staying++;
        try
        {
            return await request();
        }
        finally
        {
            _staying--;
            if (_goes && _staying == 0) DeactivateOnIdle();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_pump is { } underWay) await underWay;
        // What was forgotten, or given up and may be written yet, is read by whoever has the stream next.
        if (_durable is { } durable && !_inDoubt) Rest(durable);
    }

    /// <summary>Reads the stream, once for all who wait. Ask again after it: other turns may have come between.</summary>
    private Task Load()
    {
        if (_loading is null or { IsCompleted: true }) _loading = ReadStream();
        return _loading;
    }

    private async Task ReadStream()
    {
        var asOf = services.Monotonic.GetTimestamp();
        if (Wake() is { } kept)
        {
            services.Journal.Recall(Stream, kept.Version);
            Loaded(kept.State, kept.Version, asOf);
            return;
        }

        var (state, version) = LoadSnapshot();
        try
        {
            foreach (var stored in await services.Journal.Read(Stream, version))
            {
                state = Evolve(state, codec.Decode(stored.Kind, stored.Payload));
                version = stored.Version;
            }
        }
        catch (JournalUnavailableException away)
        {
            throw Told(away);
        }

        Loaded(state, version, asOf);
        // A task that has ended holds on to its state machine: too much for a million bargains that rest.
        _loading = null;
    }

    private void Loaded(TState state, int version, long asOf)
    {
        _decided = _durable = state;
        _durableVersion = version;
        DurableAsOf = asOf;
        if (version > 0) OnDurable(state, version);
    }

    /// <summary>
    /// Nothing there: somebody asked for an id that does not exist, and need not be remembered for it. Not while a command may yet make it: those that
    /// come at the same time would be sent on from one activation on its way out to the next, until the engine gives up.
    /// </summary>
    private void GoIfNothing()
    {
        if (_durableVersion == 0 && _last is null && !StaysForNothing) Go();
    }

    /// <summary>Reads something of the journal's; a store that is away is told in the contract's words.</summary>
    protected static async Task<T> Read<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JournalUnavailableException away)
        {
            throw Told(away);
        }
    }

    private static StoreUnavailableException Told(JournalUnavailableException away) => new(away.Message, outcomeUnknown: false);

    /// <summary>The stream is read again before anything else is decided.</summary>
    private void Forget()
    {
        Drop();
        Go();
    }

    private void Drop()
    {
        _decided = _durable = null;
        OnForgotten();
        // They read anew. Waiting on, they would keep an activation that goes, and everybody else from the next one.
        TellWatchers();
    }

    private void Go()
    {
        _goes = true;
        if (_staying == 0) DeactivateOnIdle();
    }
}
