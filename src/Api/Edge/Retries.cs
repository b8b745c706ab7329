namespace SocialCommerce.Api;

/// <summary>
/// Calls to grains that are made again while the engine is between two silos: the one that had the grain is gone, and the next one takes over within
/// seconds. Safe, since these calls may be repeated: whatever the first try did comes back as a repeat.
/// </summary>
internal static class Retries
{
    // With the response timeout of a try, within what a client waits for an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMost = TimeSpan.FromSeconds(1);

    /// <summary>Makes a call that may be repeated.</summary>
    public static async Task<TReply> Ask<TGrain, TReply>(this Call call, TGrain grain, Func<TGrain, Task<TReply>> ask)
    {
        try
        {
            return await ask(grain);
        }
        catch (Exception fault) when (Faults.IsEngineAway(fault))
        {
            return await Again(call, () => ask(grain), fault);
        }
    }

    /// <inheritdoc cref="Ask{TGrain,TReply}"/>
    public static async Task<TReply> Ask<TGrain, TRequest, TReply>(this Call call, TGrain grain, TRequest request, Func<TGrain, TRequest, Task<TReply>> ask)
    {
        try
        {
            return await ask(grain, request);
        }
        catch (Exception fault) when (Faults.IsEngineAway(fault))
        {
            return await Again(call, () => ask(grain, request), fault);
        }
    }

    /// <summary>Makes a call that may be repeated only under a key of its own: without one, once.</summary>
    public static Task<TReply> AskByKey<TGrain, TRequest, TReply>(this Call call, RequestKey? key, TGrain grain, TRequest request, Func<TGrain, TRequest, Task<TReply>> ask) =>
        key is null ? ask(grain, request) : call.Ask(grain, request, ask);

    private static async Task<TReply> Again<TReply>(Call call, Func<Task<TReply>> ask, Exception first)
    {
        var time = call.Parts.Time;
        var began = time.GetTimestamp();
        var pause = PauseFirst;
        for (var fault = first; ;)
        {
            if (time.GetElapsedTime(began) + pause > Patience) throw fault;
            await Task.Delay(pause, time, call.Http.RequestAborted);
            pause = pause * 2 < PauseMost ? pause * 2 : PauseMost;
            try
            {
                return await ask();
            }
            catch (Exception again) when (Faults.IsEngineAway(again))
            {
                fault = again;
            }
        }
    }
}
