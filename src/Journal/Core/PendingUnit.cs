namespace SocialCommerce.Journal;

/// <summary>Work for the writer's thread, in the order of hand-over.</summary>
internal interface IWriterWork;

/// <summary>A unit on its way to disk.</summary>
internal sealed class PendingUnit(JournalUnit unit) : IWriterWork
{
    // Never runs a caller's code on the writer's thread.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalUnit Unit => unit;

    /// <summary>As an array: the writer's thread goes over them half a dozen times, and that thread is every shopper's.</summary>
    public StreamAppend[] Appends { get; } = unit.Appends as StreamAppend[] ?? [.. unit.Appends];

    public Task Done => _done.Task;

    /// <summary>Its number in the order of hand-over.</summary>
    public long Sequence { get; set; }

    public int Events { get; } = Count(unit);

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);

    private static int Count(JournalUnit unit)
    {
        var events = 0;
        foreach (var append in unit.Appends) events += append.Events.Count;
        return events;
    }
}

/// <summary>Anything else that must happen on the writer's connection, such as forgetting receipts.</summary>
internal abstract class WriterJob : IWriterWork
{
    public abstract void Run();

    public abstract void Fail(Exception reason);
}

internal sealed class WriterJob<T>(Func<T> job) : WriterJob
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Run() => _done.TrySetResult(job());

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
