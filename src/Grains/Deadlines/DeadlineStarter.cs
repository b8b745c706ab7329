using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>Wakes the sweepers when a silo starts; from then on their reminders do.</summary>
internal static class DeadlineStarter
{
    public static Task WakeAll(IGrainFactory grains, IJournal journal) =>
        Task.WhenAll(Enumerable.Range(0, journal.DeadlineShards).Select(shard => grains.GetGrain<IDeadlineGrain>(DeadlineGrain.KeyOf(shard)).Wake()));
}
