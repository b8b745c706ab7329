using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing it stops it and cancels the token of a running callback.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets both times anew; from inside the callback it takes effect when the callback has ended.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time to the first call; Timeout.InfiniteTimeSpan for never.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a call to the next; Timeout.InfiniteTimeSpan for once.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>May the callback run between the turns of running requests? By default it waits its turn like a request.</summary>
    public bool Interleave { get; init; }

    /// <summary>Does a call count as use, so that the activation stays?</summary>
    public bool KeepAlive { get; init; }
}
