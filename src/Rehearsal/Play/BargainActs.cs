using System.Collections.Concurrent;
using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>The single acts of the bargain play: each sends one request (and its repeats) and records what was acknowledged.</summary>
internal sealed class BargainActs(Stage stage)
{
    private readonly ConcurrentDictionary<(string BargainId, string HelperId), bool> _acknowledged = new();

    public async Task<BargainStarted?> Start(BargainCampaign campaign, string ownerId, string? via, int level, string? key)
    {
        var campaignId = campaign.Published.CampaignId;
        var answer = await stage.Send("start", campaignId, ownerId, stage.Api.Start(campaignId, ownerId, via, key, stage.Stopping));
        if (!answer.Done) return null;
        var bargain = answer.Value;
        var started = new BargainStarted(bargain.BargainId, campaignId, ownerId)
        {
            StartPriceFen = bargain.StartPriceFen, FloorPriceFen = bargain.FloorPriceFen, Commitment = bargain.Fairness?.Hash ?? "",
            StartedAt = bargain.StartedAt, ExpiresAt = bargain.ExpiresAt, Invited = via is not null, Level = level,
        };
        stage.Ledger.Append(started);
        stage.Tally.Count("started");
        return started;
    }

    /// <summary>Starts again while the bargain is open, which must answer with the same bargain.</summary>
    public async Task StartAgain(BargainCampaign campaign, BargainStarted first)
    {
        var answer = await stage.Send("start", first.CampaignId, first.OwnerId, stage.Api.Start(campaign.Published.CampaignId, first.OwnerId, null, stage.NewKey(), stage.Stopping));
        if (!answer.Done) return;
        if (answer.Value.BargainId == first.BargainId)
        {
            stage.Tally.Count("repeats");
            if (!answer.Repeated) Broken("repeatsSaySo", first.BargainId, "a start while it is open was answered without Idempotency-Hit");
            return;
        }

        // Once the first is over, a new one may be started: recorded, and the audit sees whether the two overlap.
        stage.Ledger.Append(first with
        {
            BargainId = answer.Value.BargainId, Commitment = answer.Value.Fairness?.Hash ?? "",
            StartedAt = answer.Value.StartedAt, ExpiresAt = answer.Value.ExpiresAt,
        });
        stage.Tally.Count("started");
    }

    /// <returns>The receipt, or null with the code of the refusal.</returns>
    public async Task<(CutReply? Receipt, string Code)> Cut(string bargainId, string helperId, string? via, string? key)
    {
        var before = _acknowledged.ContainsKey((bargainId, helperId));
        var answer = await stage.Send("cut", bargainId, helperId, stage.Api.Cut(bargainId, helperId, via, key, stage.Stopping));
        if (!answer.Done) return (null, answer.Code);
        var cut = answer.Value;
        stage.Ledger.Append(new CutAcknowledged(bargainId, helperId, cut.CutNumber, cut.CutFen, cut.PriceFen)
        {
            NewShopper = cut.NewShopper, Depth = cut.Depth, At = cut.At,
        });
        if (_acknowledged.TryAdd((bargainId, helperId), true))
        {
            stage.Tally.Count("cuts");
            stage.Helped(helperId);
        }
        else
        {
            stage.Tally.Count("repeats");
            if (before && !answer.Repeated) Broken("repeatsSaySo", $"{bargainId} {helperId}", "a repeated cut was answered without Idempotency-Hit");
        }

        return (cut, "");
    }

    /// <summary>Uses a key again with another body, which must be refused as such.</summary>
    public async Task ReuseKey(string bargainId, string helperId, string key)
    {
        var answer = await stage.Send("cut", bargainId, helperId, stage.Api.Cut(bargainId, helperId, "another-content", key, stage.Stopping));
        if (answer.Outcome == Outcome.Done)
        {
            Broken("keyKeepsItsContent", $"{bargainId} {helperId}", $"Idempotency-Key {key} was taken with another body");
        }
    }

    /// <summary>Reads the bargain after a cut was acknowledged: the reading must have it.</summary>
    public async Task ReadAfter(CutReply cut)
    {
        var answer = await stage.Api.Bargain(cut.BargainId, cut.HelperId, stage.Stopping);
        if (!answer.Done) return;
        var bargain = answer.Value;
        if (bargain.PriceFen > cut.PriceFen || bargain.CutCount < cut.CutNumber)
        {
            Broken("readingsShowTheAcknowledged", cut.BargainId,
                $"after cut {cut.CutNumber} at {cut.PriceFen} fen it reads {bargain.CutCount} cuts at {bargain.PriceFen} fen");
        }

        if (bargain.PriceFen < bargain.FloorPriceFen || bargain.RemainingFen != bargain.PriceFen - bargain.FloorPriceFen)
        {
            Broken("everyReadingAddsUp", cut.BargainId,
                $"price {bargain.PriceFen}, floor {bargain.FloorPriceFen}, remaining {bargain.RemainingFen} fen");
        }
    }

    public async Task<bool> Claim(string bargainId, string ownerId, bool atCurrentPrice)
    {
        var answer = await stage.Send("claim", bargainId, ownerId, stage.Api.Claim(bargainId, ownerId, atCurrentPrice, stage.Stopping));
        if (!answer.Done) return false;
        stage.Ledger.Append(new BargainClaimed(bargainId, answer.Value.ClaimId, answer.Value.PriceFen));
        return true;
    }

    public async Task ClaimAsStranger(string bargainId, string strangerId)
    {
        var answer = await stage.Send("claim", bargainId, strangerId, stage.Api.Claim(bargainId, strangerId, false, stage.Stopping));
        if (answer.Outcome == Outcome.Done) Broken("onlyTheOwnerClaims", bargainId, $"{strangerId} claimed it and is not its owner");
    }

    public async Task<bool> Cancel(string bargainId, string ownerId)
    {
        var answer = await stage.Send("cancel", bargainId, ownerId, stage.Api.Cancel(bargainId, ownerId, stage.Stopping));
        if (answer.Outcome != Outcome.Done) return false;
        stage.Ledger.Append(new BargainCancelled(bargainId));
        stage.Tally.Count("cancelled");
        return true;
    }

    /// <returns>The token to send as <c>via</c>, or null where sharing was refused.</returns>
    public async Task<string?> Share(string bargainId, string shopperId, Random random)
    {
        var channel = random.Next(3) switch { 0 => "wechat", 1 => "moments", _ => "qr" };
        var answer = await stage.Send("share", bargainId, shopperId, stage.Api.ShareBargain(bargainId, shopperId, channel, stage.Stopping));
        return answer.Done ? answer.Value.Token : null;
    }

    private void Broken(string rule, string subject, string text) => stage.Ledger.Append(new BrokenInPlay(rule, subject, text));
}
