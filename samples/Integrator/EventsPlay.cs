using System.Globalization;

namespace SocialCommerce.Integrator;

/// <summary>Reads the feed as a shop's other system would: page by page, keeping the cursor with what it did about the events.</summary>
internal sealed class EventsPlay(IGrainFactory grains, Calls calls, TextWriter output)
{
    /// <summary>Every event after the cursor is written out, and the cursor from which to read on.</summary>
    /// <exception cref="SampleException">The cursor is none of the feed's, or the engine can't be reached.</exception>
    public async Task Run(string cursor)
    {
        var feed = grains.GetGrain<IFeedGrain>("integrator");
        while (true)
        {
            // An empty page that was waited for is the end for now; a system that runs on would ask again.
            var page = await calls.Ask("the feed is read", () => feed.Read(new FeedQuery { After = cursor, Limit = 200, WaitSeconds = 2 }));
            if (!page.CursorIsValid) throw new SampleException($"'{cursor}' is no cursor of this feed", exitCode: 2);
            foreach (var happened in page.Items)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{happened.OccurredAt:u} {happened.Type,-20} {happened.Id} {happened.Data}"));
            var atEnd = page.Items.IsEmpty && page.Next == cursor;
            cursor = page.Next;
            if (atEnd) break;
        }

        await output.WriteLineAsync($"next: --after {cursor}");
    }
}
