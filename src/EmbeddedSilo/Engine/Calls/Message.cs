using SocialCommerce.EmbeddedSilo.Activations;
using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>Work that an activation does under its rules of interleaving: a request, or a timer's tick.</summary>
internal abstract class Message : TurnNode
{
    public abstract bool IsReadOnly { get; }

    public abstract bool AlwaysInterleaves { get; }

    /// <summary>Does it count as use of the activation?</summary>
    public abstract bool KeepsActive { get; }

    /// <summary>Does the work, and tells the activation when it has ended. Never throws.</summary>
    public abstract Task Execute(Activation activation);

    /// <summary>The activation is gone: go to the grain's next one, or vanish.</summary>
    public abstract void Forward();

    /// <summary>There will be no activation to run it.</summary>
    public abstract void Fail(Exception exception);

    public sealed override void Run(TurnQueue queue) => ((Activation)queue).Receive(this);
}
