using System.Globalization;

namespace SocialCommerce.Simulation.Tests;

/// <summary>One silo is asked for everything once more, after the end: each acknowledged act, each reading, each figure, the feed.</summary>
internal sealed class Inquiry(World world, Silo silo, Dice dice)
{
    private const int BargainsMost = 12;

    private Auditor Auditor => world.Auditor;

    private IGrainFactory Grains => silo.Grains!;

    public async Task Run()
    {
        foreach (var bargain in Auditor.BargainsInOrder.Where(_ => dice.Below(Auditor.BargainsInOrder.Count) < BargainsMost)) await Ask(bargain);
        foreach (var team in Auditor.TeamsInOrder)
        {
            var view = await Ask(Grains.GetGrain<ITeamGrain>(team.Id).Get());
            Auditor.Seen(view!);
            Auditor.IsNow(team.Id, team.Version, view!.Version);
        }

        foreach (var purchase in Auditor.PurchasesInOrder)
        {
            var view = await Ask(Grains.GetGrain<IPurchaseGrain>(purchase.Id).Get());
            Auditor.Seen(view!);
            Auditor.IsNow(purchase.Id, purchase.Version, view!.Version);
        }

        foreach (var campaign in Auditor.Campaigns.Values)
        {
            Auditor.Figures(campaign, await Ask(Grains.GetGrain<ICampaignStatsGrain>(campaign.Id).Get()));
            if (await Ask(Grains.GetGrain<ICampaignGrain>(campaign.Id).Get()) is { } view) Auditor.IsNow(campaign.Id, campaign.Version, view.Version);
        }

        await ReadFeed();
    }

    private async Task Ask(BargainBook bargain)
    {
        var grain = Grains.GetGrain<IBargainGrain>(bargain.Id);
        var view = await Ask(grain.Get());
        Auditor.Seen(view!);
        Auditor.IsNow(bargain.Id, bargain.Version, view!.Version);
        foreach (var cut in bargain.Cuts.Where(cut => cut.Number > 0))
        {
            var reply = await Ask(Grains.GetGrain<IShopperGrain>(cut.HelperId).Help(new HelpBargain { BargainId = bargain.Id }));
            Auditor.Helped(cut.HelperId, bargain.Id, reply, Auditor.Send(bargain.Terms.CampaignId, cutBefore: true));
        }

        Auditor.Proven(bargain, await Ask(grain.Fairness()), await Ask(grain.Cuts(new CutsQuery { Limit = 200 })));
    }

    private async Task ReadFeed()
    {
        var (after, count) = ("", 0L);
        while (true)
        {
            var page = await Ask(Grains.GetGrain<IFeedGrain>("reader").Read(new FeedQuery { After = after, Limit = 200 }));
            if (page.Items.IsEmpty) break;
            count += page.Items.Length;
            after = page.Next;
        }

        var expected = Auditor.Campaigns.Values.Sum(campaign => campaign.Funnel.Values.Sum());
        if (count != expected) Auditor.Broken(string.Create(CultureInfo.InvariantCulture, $"the feed tells {count} events of {expected}"));
    }

    private async Task<T> Ask<T>(Task<T> answer)
    {
        var answered = await answer;
        world.Commands++;
        return answered;
    }
}
