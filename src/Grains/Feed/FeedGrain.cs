using System.Collections.Immutable;
using Orleans.Concurrency;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <inheritdoc cref="IFeedGrain"/>
[StatelessWorker, Reentrant]
internal sealed class FeedGrain(IJournal journal, TimeProvider monotonic) : Grain, IFeedGrain
{
    private const int WaitSecondsMax = 10;

    // So long a read looks through what is not public: well within the response timeout of every engine.
    private static readonly TimeSpan LookMost = TimeSpan.FromSeconds(3);

    public async Task<FeedReply> Read(FeedQuery query)
    {
        var after = FeedPosition.Start;
        if (query.After.Length > 0 && !FeedPosition.TryParse(query.After, out after)) return new FeedReply { CursorIsValid = false };
        try
        {
            var limit = Math.Clamp(query.Limit, 1, 200);
            var page = await Next(after, limit);
            if (page is { Events.Count: 0, AtEnd: true } && query.WaitSeconds > 0)
            {
                await journal.WaitForFeed(page.Next, TimeSpan.FromSeconds(Math.Min(query.WaitSeconds, WaitSecondsMax)));
                page = await Next(page.Next, limit);
            }

            return new FeedReply { Items = [.. page.Events.Select(PublicEvents.Of)], Next = page.Next.ToString(), More = page is { Events.Count: 0, AtEnd: false } };
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
    }

    // Consumers take a page without events for the end. It may be a stretch in which nothing public happened, such as shoppers that the shop declared.
    private async Task<FeedPage> Next(FeedPosition after, int limit)
    {
        var started = monotonic.GetTimestamp();
        var page = await journal.Feed(after, limit, PublicEvents.Kinds);
        while (page is { Events.Count: 0, AtEnd: false } && monotonic.GetElapsedTime(started) < LookMost) page = await journal.Feed(page.Next, limit, PublicEvents.Kinds);
        return page;
    }
}
