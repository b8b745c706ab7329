namespace SocialCommerce.Simulation.Tests;

/// <summary>What the shop's operators do, and what anybody looks at.</summary>
internal sealed partial class Client
{
    // A campaign that is over gets a successor, so that there is always something to do.
    private Task Operate()
    {
        if (Auditor.Campaigns.Count == 0) return Task.CompletedTask;
        var campaign = Auditor.Campaigns.Values.ElementAt(dice.Below(Auditor.Campaigns.Count));
        var kind = campaign.Terms?.Bargain is not null ? CampaignKind.Bargain : CampaignKind.GroupBuy;
        if (campaign.Status == CampaignStatus.Closed || campaign.Terms?.EndsAt <= world.Timeline.Now)
            return Publish($"c-{Auditor.Campaigns.Count}", kind);
        if (campaign.Status == CampaignStatus.Paused && dice.Happens(0.8)) return Command(campaign.Id, "resume");
        return dice.Below(10) switch
        {
            0 => Command(campaign.Id, "close"),
            1 or 2 or 3 => Command(campaign.Id, "pause"),
            4 => Command(campaign.Id, "resume"),
            _ => Publish(campaign.Id, kind),
        };
    }

    private Task Publish(string campaignId, CampaignKind kind)
    {
        var definition = Offers.Draw(dice, kind, world.Timeline.Now);
        var request = new PublishCampaign
        {
            Definition = definition,
            Draft = Auditor.Campaigns.Count >= world.Setting.Campaigns && dice.Happens(0.1),
            RequestKey = Key($"publish {campaignId} {number}-{++_requests}"),
        };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await Ask("publish", campaignId, grains => grains.GetGrain<ICampaignGrain>(campaignId).Publish(request));
            Note("publish", campaignId, reply.Outcome, reply.Refusal);
            if (reply.Refusal == CampaignRefusal.InvalidCampaign) Auditor.Broken($"{campaignId} was refused as {string.Join("; ", reply.Faults)}: the workload draws what is no campaign");
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, Plain(reply));
            Auditor.CampaignAnswered(campaignId, "publish", reply);
        });
    }

    private Task Command(string campaignId, string command)
    {
        var request = new CampaignCommand { RequestKey = Key($"{command} {campaignId}") };
        return Perhaps(async () =>
        {
            // What runs in a closed campaign goes on, paused before or not.
            if (command != "pause") Auditor.Resuming(campaignId);
            var sent = Auditor.Send();
            var reply = await Ask(command, campaignId, grains =>
            {
                var campaign = grains.GetGrain<ICampaignGrain>(campaignId);
                return command switch { "pause" => campaign.Pause(request), "resume" => campaign.Resume(request), _ => campaign.Close(request) };
            });
            if (command != "pause") Auditor.Resumed(campaignId);
            Note(command, campaignId, reply.Outcome, reply.Refusal);
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, Plain(reply));
            Auditor.CampaignAnswered(campaignId, command, reply);
        });
    }

    // The stock is shown as it is, in a first answer and in a repeated one.
    private static CampaignReply Plain(CampaignReply reply) => reply with
    {
        Outcome = Outcome.Done,
        Created = false,
        Campaign = reply.Campaign is null ? null : reply.Campaign with { Stock = new StockView() },
    };

    private Task Declare()
    {
        var shopperId = Shopper();
        var request = new DeclareShopper { RequestKey = Key($"declare {shopperId}") };
        return Perhaps(async () =>
        {
            var sent = Auditor.Send();
            var reply = await AskShopper("declare", shopperId, shopper => shopper.Declare(request));
            Auditor.Keyed(request.RequestKey, sent, reply.Outcome, reply with { Outcome = Outcome.Done });
            if (reply.Outcome != Outcome.KeyReused) Auditor.Declared(shopperId);
        });
    }

    private async Task Look()
    {
        switch (dice.Below(6))
        {
            case 0 when Recent(Auditor.TeamsInOrder) is { } team:
                Auditor.Seen((await Ask("look", team.Id, grains => dice.Happens(0.1) ? grains.GetGrain<ITeamGrain>(team.Id).Watch(team.Version) : grains.GetGrain<ITeamGrain>(team.Id).Get()))!);
                break;
            case 1 when Recent(Auditor.PurchasesInOrder) is { } purchase:
                Auditor.Seen((await Ask("look", purchase.Id, grains => grains.GetGrain<IPurchaseGrain>(purchase.Id).Get()))!);
                break;
            case 2:
                var shopper = Shopper();
                Auditor.Seen(shopper, await AskShopper("look", shopper, shopper => shopper.Me()));
                break;
            case 3 when CampaignOf(CampaignKind.GroupBuy) is { } campaignId:
                Auditor.Seen(campaignId, await Ask("look", campaignId, grains => grains.GetGrain<IOpenTeamsGrain>(campaignId).List(new OpenTeamsQuery())));
                break;
            case 4 when CampaignOf(CampaignKind.Bargain) is { } campaignId:
                if (await Ask("look", campaignId, grains => grains.GetGrain<ICampaignGrain>(campaignId).Get()) is { } campaign) Auditor.Seen(campaignId, campaign.Stock);
                break;
            case 5 when Recent(Auditor.BargainsInOrder) is { } bargain:
                Auditor.Seen((await Ask("look", bargain.Id, grains => dice.Happens(0.1) ? grains.GetGrain<IBargainGrain>(bargain.Id).Watch(bargain.Version) : grains.GetGrain<IBargainGrain>(bargain.Id).Get()))!);
                break;
        }
    }
}
