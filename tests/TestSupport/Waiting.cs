namespace SocialCommerce.TestSupport;

/// <summary>Waits for what other processes and threads bring about.</summary>
public static class Waiting
{
    /// <summary>Long: it is never used up, unless something is broken or the machine is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come about; says what.</exception>
    public static async Task Until(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? Patience)) throw new TimeoutException($"Waited in vain: {what}.");
            await Task.Delay(Pause);
        }
    }
}
