using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>
/// How an activation notices that its stream has gone on without it: another silo believes that it has the grain, or a unit of its own,
/// given up as lost, was committed after all. What it accepts is safe without, by the versions; what it shows and refuses would stay old.
/// </summary>
internal abstract partial class JournaledGrain<TState, TEvent>
{
    // Where nobody else can write to the stream, only a unit that was given up can.
    private static readonly TimeSpan ConfirmInDoubt = TimeSpan.FromSeconds(1);

    private bool _inDoubt;

    /// <summary>The durable state, after a look whether another silo that believes it has this grain has written since.</summary>
    protected async Task<TState> Newest()
    {
        do await Durable();
        while (await SomebodyElseWrote());
        return await Durable();
    }

    /// <summary>The durable state where nobody can have written since; else null.</summary>
    protected TState? Certain => services.ConfirmAfter is null && !_inDoubt ? _durable : null;

    /// <summary>Whether it is time to look whether the durable state is still the stream's.</summary>
    private bool IsUnconfirmed => (services.ConfirmAfter ?? (_inDoubt ? ConfirmInDoubt : null)) is { } period && services.Monotonic.GetElapsedTime(DurableAsOf) >= period;

    /// <summary>What the durable state may lack was written after this moment: counted from before the read or the commit, however long that took.</summary>
    protected long DurableAsOf { get; private set; }

    private void Confirmed() => DurableAsOf = services.Monotonic.GetTimestamp();

    /// <summary>Looks. Tells whether the stream had gone on; what was known is dropped, then. With the store away, what is known stands.</summary>
    private async Task<bool> Confirm()
    {
        // Before the look, so that the many who ask meanwhile need not look, too.
        Confirmed();
        try
        {
            return await SomebodyElseWrote();
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Whether the stream has gone on since the state that was just decided on. What was known is dropped, then.</summary>
    private async Task<bool> SomebodyElseWrote()
    {
        var known = _durable;
        if ((await Read(() => services.Journal.Read(Stream, _durableVersion, limit: 1))).Count == 0) return false;

        // It may have been this activation itself: what is under way here is committed, or loses to whoever was faster.
        if (_last is { } underWay) await underWay.Settled.Task;
        else if (ReferenceEquals(known, _durable)) Forget();
        return true;
    }
}
