using Orleans.Runtime;

namespace SocialCommerce.Integrator;

/// <summary>
/// Calls grains and repeats what may be repeated. Every call of this sample may be: it repeats itself by its nature (a friend cuts a
/// bargain once, a payment id counts once), or it carries a request key.
/// </summary>
internal sealed class Calls(TimeProvider time, Random chance, TextWriter notes, CancellationToken stop)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    // Longer than it takes a cluster to notice that a silo died and to place its grains anew.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The answer, once there is one. A refusal is an answer.</summary>
    /// <param name="what">For the notes, such as "bob helps".</param>
    /// <param name="call">The very same request each time: the same ids, the same key.</param>
    /// <exception cref="SampleException">A fault that repeating won't mend, or patience ran out.</exception>
    public async Task<T> Ask<T>(string what, Func<Task<T>> call)
    {
        var began = time.GetTimestamp();
        for (var pause = PauseMin; ; pause = Longer(pause))
        {
            try
            {
                return await call();
            }
            catch (Exception fault) when (MayBeRepeated(fault) && time.GetElapsedTime(began) < Patience)
            {
                await notes.WriteLineAsync($"  ({what}: {WhatItMeans(fault)}; again in {pause.TotalSeconds:0.0} s)");
                await Task.Delay(pause, time, stop);
            }
            catch (Exception fault) when (!WasStopped(fault))
            {
                throw new SampleException($"{what}: {WhatItMeans(fault)}", inner: fault);
            }
        }
    }

    /// <summary>Double, and up to a half more or less, so that callers who failed together don't come back together.</summary>
    private TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, (long)(pause.Ticks * (1.5 + chance.NextDouble()))));

    private bool MayBeRepeated(Exception fault) => !WasStopped(fault) && fault is
        StoreUnavailableException or OverloadedException // the engine's own: it can't write, or it has too much to do
        or TimeoutException // no answer in time; what was asked may have been done
        or OperationCanceledException // Orleans gave up a call that waited for a grain's place, as while a silo stands still
        or OrleansException; // on the way there: a silo that is gone, a gateway that is too busy, a message turned away

    /// <summary>This program is to end, and cancelled its own wait.</summary>
    private bool WasStopped(Exception fault) => fault is OperationCanceledException && stop.IsCancellationRequested;

    private static string WhatItMeans(Exception fault) => fault switch
    {
        StoreUnavailableException { OutcomeUnknown: true } => "the store failed, and it is unknown whether anything happened",
        StoreUnavailableException => "the store can't be written, and nothing happened",
        OverloadedException => "the engine is overloaded, and nothing happened",
        TimeoutException => "no answer in time, and it is unknown whether anything happened",
        OperationCanceledException => "the call was given up on its way, and it is unknown whether anything happened",
        _ => SampleException.InOneLine(fault),
    };
}
