namespace SocialCommerce.Api;

/// <summary>The feed of public events, for the shop's other systems.</summary>
internal static class FeedEndpoints
{
    private const int WaitSecondsMax = 60;

    /// <summary>So long one read of the grain may wait: well within the response timeout of every engine.</summary>
    private const int ReadSecondsMax = 8;

    public static void MapFeed(this EdgeRoutes routes)
        => routes.Get("/v1/events", Scopes.Operator, Read)
            .Says("readEvents", "Events", "Read the feed", "In its one order. next is always given: ask on with after=next. Reported at least once; the id drops repeats.")
            .Pages().Asks("wait", "For how many seconds to wait for the first event, 0 to 60.", "20").Gives<ListAnswer<EventAnswer>>(200);

    private static async Task Read(Call call)
    {
        var form = call.Form();
        var query = new FeedQuery { After = form.FeedCursor(), Limit = form.Limit() };
        var waitSeconds = form.WaitSeconds(WaitSecondsMax);
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await Read(call, query, TimeSpan.FromSeconds(waitSeconds));
        var answer = new ListAnswer<EventAnswer> { Items = [.. reply.Items.Select(EventAnswer.Of)], Next = reply.Next };
        call.Answer(StatusCodes.Status200OK, answer, ApiJson.Default.ListAnswerEventAnswer);
    }

    private static async Task<FeedReply> Read(Call call, FeedQuery query, TimeSpan wait)
    {
        var time = call.Parts.Time;
        var started = time.GetTimestamp();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, call.Parts.Stopping);
        while (true)
        {
            var left = wait - time.GetElapsedTime(started);
            var seconds = (int)Math.Clamp(Math.Ceiling(left.TotalSeconds), 0, ReadSecondsMax);
            try
            {
                var reply = await call.Parts.Feed.Read(query with { WaitSeconds = seconds }, giveUp.Token);
                if (!reply.Items.IsEmpty || (!reply.More && time.GetElapsedTime(started) >= wait)) return reply;
                query = query with { After = reply.Next };
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                // The process stops, or nobody listens any more: the caller goes on from where it is.
                return new FeedReply { Next = query.After };
            }
        }
    }
}
