namespace SocialCommerce.Silo;

/// <summary>What comes before a process is ready.</summary>
internal static class AtStart
{
    private const int TriesMost = 5;

    /// <summary>Starts, and serves until it is asked to end. To be asked before it is ready is no fault.</summary>
    /// <param name="app">The process.</param>
    /// <param name="untilReady">What else there is to do.</param>
    public static async Task Serve(WebApplication app, Func<Task> untilReady)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A silo that has not come up refuses to be stopped. It has nothing to hand over.
            return;
        }

        try
        {
            await untilReady();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What has begun is brought to its end.
        }

        await app.WaitForShutdownAsync();
    }

    /// <summary>
    /// Makes a call that may be repeated, until it is answered in time. A machine that stands still for as long as an answer may take, as one may
    /// that starts many processes, is no reason to end this one.
    /// </summary>
    /// <exception cref="TimeoutException">It was not, five times in a row.</exception>
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException) when (tries < TriesMost)
            {
                // What it did all the same comes back as a repeat.
            }
        }
    }

    /// <inheritdoc cref="Ask{T}"/>
    public static Task Ask(Func<Task> ask) => Ask(async () =>
    {
        await ask();
        return true;
    });
}
