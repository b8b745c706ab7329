namespace SocialCommerce.TestSupport;

/// <summary>Waits for what other processes and threads bring about.</summary>
public static class Waiting
{
    /// <summary>Long: it is never used up, unless something is broken or the machine is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come about; says what.</exception>
    public static Task Until(Func<Task<bool>> condition, string what, TimeSpan? patience = null) => Until(condition, met => met, what, patience);

    /// <summary>For what may be a moment older in another process: the next look there need not see what this one saw.</summary>
    /// <returns>What was seen when the condition was met.</returns>
    /// <exception cref="TimeoutException">It did not come about; says what.</exception>
    public static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> condition, string what, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (condition(seen)) return seen;
            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? Patience)) throw new TimeoutException($"Waited in vain: {what}.");
            await Task.Delay(Pause);
        }
    }
}
