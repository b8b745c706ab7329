namespace SocialCommerce.EmbeddedSilo.Turns;

/// <summary>Something that waits in a <see cref="TurnQueue"/>; linked through itself, so that queueing allocates nothing.</summary>
internal abstract class TurnNode
{
    internal TurnNode? Next;

    /// <summary>Runs as one turn of the queue. Must not throw.</summary>
    public abstract void Run(TurnQueue queue);
}
