namespace SocialCommerce.Simulation.Tests;

/// <summary>What is known when a request is sent, for what its answer may say.</summary>
/// <param name="At">The true time.</param>
/// <param name="Answers">How many answers to requests with a key had come by then.</param>
/// <param name="CutBefore">The helper's cut is in the journal already.</param>
/// <param name="DefinitionVersion">The campaign's newest definition whose publication was answered.</param>
/// <param name="PausedSince">A pause was answered: how many resumptions had been asked for by then. Null: it is not surely paused.</param>
/// <param name="IsClosed">The campaign's end was answered.</param>
internal sealed record Sent(DateTimeOffset At, long Answers, bool CutBefore, int DefinitionVersion, int? PausedSince, bool IsClosed);

/// <summary>What campaigns let in, by what was answered about them.</summary>
internal sealed partial class Auditor
{
    public Sent Send(string? campaignId = null, bool cutBefore = false)
    {
        var campaign = campaignId is null ? null : Campaigns.GetValueOrDefault(campaignId);
        return new Sent(Now, _answers, cutBefore, campaign?.AnsweredVersion ?? 0, campaign is { IsSurelyPaused: true } ? campaign.Resumes : null, campaign?.IsSurelyClosed ?? false);
    }

    public void Resuming(string campaignId)
    {
        if (!Campaigns.TryGetValue(campaignId, out var campaign)) return;
        campaign.Resumes++;
        campaign.ResumesUnderWay++;
        campaign.IsSurelyPaused = false;
    }

    public void Resumed(string campaignId)
    {
        if (Campaigns.TryGetValue(campaignId, out var campaign) && campaign.ResumesUnderWay > 0) campaign.ResumesUnderWay--;
    }

    public void CampaignAnswered(string campaignId, string command, CampaignReply reply)
    {
        var campaign = Campaigns.GetValueOrDefault(campaignId);
        if (reply.Outcome is not (Outcome.Done or Outcome.Repeated)) return;
        if (campaign is null || reply.Campaign is not { } view)
        {
            Broken($"{command} of {campaignId} was answered {reply.Outcome}, and there is no such campaign");
            return;
        }

        Check(view.Version <= campaign.Version && view.DefinitionVersion <= campaign.DefinitionVersion, $"{campaignId} is shown at version {view.Version} of {campaign.Version}");
        Seen(campaignId, view.Stock);
        if (view.Status is CampaignStatus.Published or CampaignStatus.Paused or CampaignStatus.Closed)
            campaign.AnsweredVersion = Math.Max(campaign.AnsweredVersion, view.DefinitionVersion);
        if (command == "pause" && campaign.Status == CampaignStatus.Paused && campaign.ResumesUnderWay == 0 && view.Version == campaign.Version) campaign.IsSurelyPaused = true;
        if (command != "close") return;
        Check(campaign.Status == CampaignStatus.Closed, $"{campaignId} was answered as closed and is {campaign.Status}");
        campaign.IsSurelyClosed = true;
    }

    public void Seen(string campaignId, StockView view)
    {
        Check(view.Free + view.Held + view.Sold == view.Total && view.Free >= 0, $"stock of {campaignId} is shown as {view}");
        Check(StockOf(campaignId).Seen.Contains((view.Total, view.Held, view.Sold)), $"stock of {campaignId} is shown as {view}, and never was so");
    }

    private void CheckWasOpen(string campaignId, int definitionVersion, Sent sent, string id)
    {
        Check(!sent.IsClosed, $"{id} began after the end of {campaignId} was answered");
        Check(definitionVersion >= sent.DefinitionVersion, $"{id} began under definition {definitionVersion} of {campaignId} after {sent.DefinitionVersion} was answered");
        CheckNotPaused(campaignId, sent, id);
    }

    private void CheckNotPaused(string campaignId, Sent sent, string id) =>
        Check(sent.PausedSince is null || Campaigns[campaignId].Resumes != sent.PausedSince, $"{id} was accepted while {campaignId} was paused");

    private void CheckEntryRefusal(string campaignId, int refusal, CampaignKind kind, Sent sent)
    {
        var campaign = Campaigns.GetValueOrDefault(campaignId);
        var terms = campaign?.Terms;
        // Which of several definitions a silo went by, nobody here knows.
        var isEdited = campaign?.DefinitionVersion > 1;
        var isSo = refusal switch
        {
            1 => campaign is null || campaign.AnsweredVersion == 0 || sent.DefinitionVersion == 0,
            2 => kind == CampaignKind.Bargain ? terms?.GroupBuy is not null : terms?.Bargain is not null,
            3 => campaign?.Status == CampaignStatus.Closed,
            4 => isEdited || Now + Skew >= terms!.EndsAt,
            5 => isEdited || sent.At - Skew < terms!.StartsAt,
            6 => WasPaused(campaignId, sent),
            _ => true,
        };
        Check(isSo, $"an entry to {campaignId} was refused with {refusal}; it is {campaign?.Status} from {terms?.StartsAt:O} to {terms?.EndsAt:O}");
    }

    // A silo learns of a resumption when its commit is answered, or when what it knows is old enough to be read again.
    private bool WasPaused(string campaignId, Sent sent) =>
        world.HasTroubles || (Campaigns.TryGetValue(campaignId, out var campaign)
            && campaign.PausedUntil >= sent.At - TimeSpan.FromMilliseconds(world.Setting.CampaignCacheMilliseconds + 1) - (2 * world.Setting.Weather.CommitMost) - (2 * world.Setting.Weather.ReadMost));

    // Where reads fail, a grain may refuse by what it knew before; and of units that move in one commit some may have been gone in between.
    private void CheckSoldOut(string campaignId, Sent sent)
    {
        var stock = StockOf(campaignId);
        Check(
            world.MayBeStale || stock.GoneUntil >= sent.At - Stale || stock.MovedAt >= sent.At - Stale,
            $"{campaignId} was refused as sold out, and has had {stock.Free} units since {stock.GoneUntil:O}");
    }

    // What is written is known to its grain once its commit is answered.
    private TimeSpan Stale => TimeSpan.FromMilliseconds(world.Setting.ConfirmMilliseconds + 1_000) + world.Setting.Weather.CommitMost + (2 * world.Setting.Weather.ReadMost);
}
