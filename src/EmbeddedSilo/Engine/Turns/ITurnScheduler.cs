namespace SocialCommerce.EmbeddedSilo;

/// <summary>
/// Decides when and where turns run. The default hands them to the thread pool; a simulation supplies its own and so owns the order of
/// everything that grains do.
/// </summary>
public interface ITurnScheduler
{
    /// <summary>
    /// Takes a queue that has turns to run. Each <see cref="IThreadPoolWorkItem.Execute"/> runs exactly one turn, and queues again if more
    /// are left. A queue is never handed over twice at a time. May be called from any thread.
    /// </summary>
    void Queue(IThreadPoolWorkItem turns);
}
