using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Reminders;

/// <summary>Where reminders do their own work, so that a supplied scheduler owns its order too.</summary>
internal sealed class ReminderTurns(Silo silo) : TurnQueue
{
    protected override ITurnScheduler? Scheduler => silo.Scheduler;

    public void Run(Func<Task> work) => _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
}
