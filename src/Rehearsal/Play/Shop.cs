using System.Collections.Concurrent;
using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>Plays the shop: follows the feed and confirms every refund that is requested, some of them twice.</summary>
internal sealed class Shop(Stage stage)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, bool> _confirmed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _campaigns = [];
    private string? _cursor;

    /// <summary>Works until told to stop; what it was at is finished.</summary>
    public async Task Work(IEnumerable<string> campaignIds, CancellationToken stop)
    {
        _campaigns.UnionWith(campaignIds);
        while (!stop.IsCancellationRequested)
        {
            if (await Round()) continue;
            await stage.Pause(Glance);
        }

        // What the feed still has is confirmed too, so that nothing is left over because of a stop at a bad moment.
        while (await Round())
        {
        }
    }

    private async Task<bool> Round()
    {
        var answer = await stage.Api.Events(_cursor, stage.Stopping);
        if (!answer.Done || answer.Value.Items.Count == 0) return false;
        foreach (var requested in answer.Value.Items.Where(e => e.Type == "refund.requested" && _campaigns.Contains(e.CampaignId)))
        {
            await Confirm(requested);
        }

        _cursor = answer.Value.Next ?? _cursor;
        return answer.Value.Next is not null;
    }

    // The engine asks again and again until it is told; the shop's own id makes the second time the same refund. Without a seat
    // it is a purchase's money.
    private async Task Confirm(EventReply requested)
    {
        var seatId = requested.Text("seatId");
        var teamId = seatId is null ? null : requested.Text("teamId") ?? requested.SubjectId;
        var subjectId = seatId ?? requested.SubjectId;
        if (_confirmed.ContainsKey(subjectId)) return;
        var random = stage.Chance("refund", _confirmed.Count);
        for (var times = random.Happens(0.2) ? 2 : 1; times > 0; times--)
        {
            var refundId = $"refund-{subjectId}";
            var answer = await stage.Send("refund", subjectId, "", teamId is null
                ? stage.Api.ConfirmPurchaseRefund(subjectId, refundId, stage.Stopping)
                : stage.Api.ConfirmRefund(teamId, subjectId, refundId, stage.Stopping));
            if (answer.Outcome != Outcome.Done) return;
            stage.Ledger.Append(new RefundAcknowledged(teamId, subjectId, refundId));
            if (_confirmed.TryAdd(subjectId, true)) stage.Tally.Count("refunds");
            else stage.Tally.Count("repeats");
        }
    }
}
