namespace SocialCommerce.Api;

/// <summary>What a watch brought: one version of the subject, ready to be sent.</summary>
/// <param name="IsEnd">Nothing that viewers look at will change any more.</param>
/// <param name="Frame">The whole server-sent event.</param>
internal sealed record LiveState(int Version, bool IsEnd, byte[] Frame);

/// <summary>How a subject stands.</summary>
internal enum LiveStanding
{
    /// <summary>The first watch has not come back yet.</summary>
    Unknown = 0,
    There = 1,
    NotFound = 2,

    /// <summary>The engine could not tell, and there is nothing to show yet.</summary>
    Away = 3,
}

/// <summary>One moment of a subject. A viewer that was busy goes straight to the newest and never misses an end.</summary>
internal sealed class LiveMoment(LiveStanding standing, LiveState? state)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LiveStanding Standing => standing;
    public LiveState? State => state;

    /// <summary>Done as soon as there is a newer moment: a change, or only a sign of life.</summary>
    public Task Over => _over.Task;

    public void End() => _over.TrySetResult();
}
