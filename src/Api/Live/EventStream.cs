using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>
/// Answers with server-sent events: the subject at once, then at every change, closing after its end. Every viewer takes the newest
/// moment when it is ready for one, so a slow reader skips versions and holds nobody back.
/// </summary>
internal static class EventStream
{
    private const string TooManyOpen = "The shopper has as many live connections open as one may; see limit.";

    // A browser connects again after that.
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    private static readonly StringValues ContentType = "text/event-stream";
    private static readonly StringValues Unbuffered = "no";
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    /// <summary>The bytes of one event.</summary>
    public static byte[] Frame<T>(string name, int version, T value, JsonTypeInfo<T> type)
    {
        var json = JsonAnswer.ToBytes(value, type);
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {version}\ndata: "));
        var frame = new byte[head.Length + json.Length + 2];
        head.CopyTo(frame, 0);
        json.CopyTo(frame, head.Length);
        frame[^1] = frame[^2] = (byte)'\n';
        return frame;
    }

    public static async Task Answer(Call call, string key, Watch watch, Problem missing)
    {
        // A key of the shop speaks for any number of shoppers, and its limit is the shop's own affair.
        var places = call.Caller == Caller.ByToken ? call.Parts.Live.Places : null;
        if (places?.TryTake(call.ShopperId!) == false)
        {
            call.Refuse(Problems.RateLimited, new ProblemNotes { Detail = TooManyOpen, Limit = call.Parts.Options.LivePerShopperMax });
            return;
        }

        try
        {
            await AnswerInPlace(call, key, watch, missing);
        }
        finally
        {
            places?.GiveBack(call.ShopperId!);
        }
    }

    private static async Task AnswerInPlace(Call call, string key, Watch watch, Problem missing)
    {
        if (call.Parts.Live.Join(key, watch) is not { } subject)
        {
            call.Refuse(Problems.Overloaded);
            return;
        }

        using var expiry = ExpiryOf(call);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, call.Parts.Stopping, expiry?.Token ?? default);
        try
        {
            await Send(call, subject, missing, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The viewer left, its token expired, or the process stops: an ordinary end of a stream, and what was written of it goes out as it is.
            if (call.Http.Response.ContentType is null) call.Refuse(Problems.NotReady);
        }
        finally
        {
            call.Parts.Live.Leave(subject);
        }
    }

    /// <summary>Cancelled when the caller's token is no longer good; null for a key.</summary>
    private static CancellationTokenSource? ExpiryOf(Call call)
    {
        if (call.GoodUntil is not { } goodUntil) return null;
        var left = goodUntil - call.Parts.Time.GetUtcNow();
        return new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, TimerMax.Ticks)), call.Parts.Time);
    }

    private static async Task Send(Call call, LiveSubject subject, Problem missing, CancellationToken stop)
    {
        var moment = subject.Now;
        while (moment.Standing == LiveStanding.Unknown)
        {
            await moment.Over().WaitAsync(stop);
            moment = subject.Now;
        }

        if (moment.State is null)
        {
            call.Refuse(moment.Standing == LiveStanding.NotFound ? missing : Problems.Unavailable);
            return;
        }

        if (HasSeenTheEnd(call, moment.State))
        {
            // 204 is how a browser learns not to connect again.
            call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await SendMoments(call.Http.Response, subject, moment, stop);
    }

    private static async Task SendMoments(HttpResponse response, LiveSubject subject, LiveMoment moment, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();

        // From here on it is a stream, and can't become a problem any more.
        response.Headers.ContentType = ContentType;
        response.Headers["X-Accel-Buffering"] = Unbuffered;
        var pipe = response.BodyWriter;
        pipe.Write(Retry);
        int? sent = null;
        while (true)
        {
            var state = moment.State;
            var isNews = state is not null && state.Version != sent;
            pipe.Write(isNews ? state!.Frame : Heartbeat);
            if ((await pipe.FlushAsync(stop)).IsCompleted) return;
            if (isNews) sent = state!.Version;

            // No state any more: the engine lost sight of it. The viewer connects again and hears what is true then.
            if (state is null || state.IsEnd) return;
            if (ReferenceEquals(moment, subject.Now)) await moment.Over().WaitAsync(stop);
            moment = subject.Now;
        }
    }

    private static bool HasSeenTheEnd(Call call, LiveState state)
    {
        var last = call.Http.Request.Headers["Last-Event-ID"];
        return state.IsEnd && last.Count == 1 && int.TryParse(last[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen == state.Version;
    }
}
