namespace SocialCommerce.Simulation.Tests;

/// <summary>What is done with bargains.</summary>
internal sealed partial class Client
{
    private Task Start()
    {
        if (CampaignOf(CampaignKind.Bargain) is not { } campaignId) return Task.CompletedTask;
        var owner = Shopper();
        var request = new StartBargain { CampaignId = campaignId, Via = Link(campaignId), RequestKey = Key($"start {owner} {campaignId}") };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send(campaignId);
            var reply = await AskShopper("start", owner, shopper => shopper.Start(request));
            Note("start", owner, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Started(owner, campaignId, reply, sent);
        });
    }

    private Task Help()
    {
        if (Recent(Auditor.BargainsInOrder) is not { } bargain) return Start();
        var helper = Shopper();
        var request = new HelpBargain { BargainId = bargain.Id, Via = Link(bargain.Id), RequestKey = Key($"help {helper} {bargain.Id}", share: 0.3) };
        return Perhaps(() => Help(helper, request));
    }

    private async Task Help(string helper, HelpBargain request)
    {
        var bargain = Auditor.Bargains[request.BargainId];
        var sent = Auditor.Send(bargain.Terms.CampaignId, bargain.CutOf(helper) is not null);
        var reply = await AskShopper("help", helper, shopper => shopper.Help(request));
        Note("help", helper, reply.Outcome, reply.Refusal);
        Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
        if (reply.Outcome != Outcome.KeyReused) Auditor.Helped(helper, request.BargainId, reply, sent);
    }

    private Task Claim()
    {
        var won = Auditor.BargainsInOrder.FindAll(bargain => bargain.Status == BargainStatus.Won);
        if ((dice.Happens(0.8) ? Recent(won) : null) is not { } bargain && (bargain = Recent(Auditor.BargainsInOrder)) is null) return Task.CompletedTask;
        var shopper = dice.Happens(0.9) ? bargain.OwnerId : Shopper();
        var request = new ClaimBargain { ShopperId = shopper, AtCurrentPrice = dice.Happens(0.4), RequestKey = Key($"claim {shopper} {bargain.Id}") };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("claim", bargain.Id, grains => grains.GetGrain<IBargainGrain>(bargain.Id).Claim(request));
            Note("claim", bargain.Id, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Claimed(shopper, bargain.Id, reply);
        });
    }

    private Task Cancel()
    {
        if (Recent(Auditor.BargainsInOrder) is not { } bargain) return Task.CompletedTask;
        var shopper = dice.Below(3) switch { 0 => null, 1 => Shopper(), _ => bargain.OwnerId };
        var request = new CancelBargain { ShopperId = shopper, RequestKey = Key($"cancel {shopper} {bargain.Id}") };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("cancel", bargain.Id, grains => grains.GetGrain<IBargainGrain>(bargain.Id).Cancel(request));
            Note("cancel", bargain.Id, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Cancelled(shopper, bargain.Id, reply);
        });
    }

    private async Task Share()
    {
        var shopper = Shopper();
        var isTeam = dice.Happens(0.5);
        var targetId = isTeam ? Recent(Auditor.TeamsInOrder)?.Id : Recent(Auditor.BargainsInOrder)?.Id;
        if (targetId is null) return;
        if (isTeam && dice.Happens(0.8)) shopper = dice.OneOf(Auditor.Teams[targetId].Seats).ShopperId;
        var via = Link(targetId);
        var request = new ShareRequest { ShopperId = shopper, Channel = "wechat", Via = via, RequestKey = Key($"share {targetId} {shopper} {via}") };
        await Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("share", targetId, grains => isTeam
                ? grains.GetGrain<ITeamGrain>(targetId).Share(request)
                : grains.GetGrain<IBargainGrain>(targetId).Share(request));
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome is not (Outcome.Done or Outcome.Repeated)) return;
            var campaignId = isTeam ? Auditor.Teams[targetId].Terms.CampaignId : Auditor.Bargains[targetId].Terms.CampaignId;
            world.Links.Add((targetId, campaignId, reply.Token));
        });
    }

    /// <summary>A link to the target, or into the campaign; often none, and seldom one that leads elsewhere or nowhere.</summary>
    private string Link(string targetOrCampaignId)
    {
        if (dice.Happens(0.5)) return "";
        if (dice.Happens(0.05)) return "forged.token";
        if (world.Links.Count > 0 && dice.Happens(0.05)) return dice.OneOf(world.Links).Token;
        var fitting = world.Links.FindAll(link => link.TargetId == targetOrCampaignId || link.CampaignId == targetOrCampaignId);
        return fitting.Count == 0 ? "" : dice.OneOf(fitting).Token;
    }
}
