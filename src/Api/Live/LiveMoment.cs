namespace SocialCommerce.Api;

/// <summary>What a watch brought: one version of the subject, ready to be sent.</summary>
/// <param name="IsEnd">Nothing that viewers look at will change any more.</param>
/// <param name="Frame">The whole server-sent event.</param>
internal sealed record LiveState(int Version, bool IsEnd, byte[] Frame)
{
    // What a small event costs is hardly its bytes; a team of a thousand seats is 200 kB, and costs as much as some fifty of them.
    private const int BytesOfOne = 4 * 1024;

    /// <summary>For the pace it counts as so many events.</summary>
    public int Weight => 1 + (Frame.Length / BytesOfOne);
}

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
/// <param name="viewers">How many look on by now. They are told of the next moment in groups, each in its turn.</param>
internal sealed class LiveMoment(LiveStanding standing, LiveState? state, int viewers)
{
    // Some milliseconds of one CPU: nobody's request waits longer behind them.
    private const int GroupWeightMax = 100;

    private readonly TaskCompletionSource[] _over =
        [.. Enumerable.Range(0, GroupsOf(viewers, state?.Weight ?? 1)).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    private int _waiting;

    public LiveStanding Standing => standing;
    public LiveState? State => state;

    /// <summary>How many viewers wait for its end.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>For one viewer: done when there is a newer moment, be it a change or only a sign of life, and it is the viewer's turn.</summary>
    public Task Over() => _over[Interlocked.Increment(ref _waiting) % _over.Length].Task;

    /// <summary>There is a newer one. Ends when all who wait were told.</summary>
    /// <param name="weight">What each of them is sent counts as so many events.</param>
    public async Task End(LivePace pace, int weight)
    {
        foreach (var group in _over)
        {
            await pace.Turn(weight * (1 + (Waiting / _over.Length)));
            group.TrySetResult();
        }
    }

    // As large as this moment's own event: what is sent next is not known yet, but of much the same size.
    private static int GroupsOf(int viewers, int weight)
    {
        var most = Math.Max(1, GroupWeightMax / weight);
        return Math.Max(1, (viewers + most - 1) / most);
    }
}
