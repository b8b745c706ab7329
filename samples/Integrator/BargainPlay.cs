using System.Globalization;

namespace SocialCommerce.Integrator;

/// <summary>One bargain from its start to its claim: three friends bring an umbrella from 39 yuan to nothing.</summary>
internal sealed class BargainPlay(IGrainFactory grains, Calls calls, string run, TextWriter output)
{
    private const string CampaignId = "integrator-umbrella";

    /// <exception cref="SampleException">Refused, or the engine can't be reached.</exception>
    public async Task Run()
    {
        await Campaigns.Publish(grains, calls, CampaignId, new CampaignDefinition
        {
            Kind = CampaignKind.Bargain,
            Product = new Product { Id = "umbrella", Title = "Umbrella" },
            EndsAt = Campaigns.Ends,
            Stock = 1_000_000,
            ListPriceFen = 3_900,
            Cut = new CutPolicy { Policy = CutPolicyKind.Headcount, Helpers = 3 },
        });

        // A repeated start answers with the bargain that is open; after its end it would begin another one, hence the key.
        var ownerId = $"{run}-alice";
        var owner = grains.GetGrain<IShopperGrain>(ownerId);
        var start = new StartBargain { CampaignId = CampaignId, RequestKey = Keys.For(run, "start", ownerId, CampaignId) };
        var started = await calls.Ask("alice starts", () => owner.Start(start));
        if (started.Bargain is not { } bargain) throw Refused("the start", started.Outcome, started.Refusal);
        await output.WriteLineAsync($"{bargain.BargainId}: alice wants the umbrella, {Yuan(bargain.PriceFen)} ({Told(started.Outcome)})");

        var link = await calls.Ask("alice shares", () => Bargain(bargain).Share(new ShareRequest { ShopperId = ownerId, Channel = "sample" }));
        foreach (var friend in new[] { "bob", "carol", "dave" })
        {
            // No key: a friend cuts a bargain once, and the repeat gets the first receipt.
            var helper = grains.GetGrain<IShopperGrain>($"{run}-{friend}");
            var helped = await calls.Ask($"{friend} helps", () => helper.Help(new HelpBargain { BargainId = bargain.BargainId, Via = link.Token }));
            if (helped.Cut is not { } cut) throw Refused($"{friend}'s help", helped.Outcome, helped.Refusal);
            await output.WriteLineAsync($"  {friend} cuts {Yuan(cut.CutFen)}, {Yuan(cut.PriceFen)} left to pay ({Told(helped.Outcome)})");
        }

        // No key: a bargain is claimed once.
        var claimed = await calls.Ask("alice claims", () => Bargain(bargain).Claim(new ClaimBargain { ShopperId = ownerId }));
        if (claimed.Claim is not { } claim) throw Refused("the claim", claimed.Outcome, claimed.Refusal);
        await output.WriteLineAsync($"  alice claims it for {Yuan(claim.PriceFen)}: {claim.ClaimId} ({Told(claimed.Outcome)})");
    }

    internal static string Yuan(long fen) => (fen / 100m).ToString("0.00 yuan", CultureInfo.InvariantCulture);

    internal static string Told(Outcome outcome) => outcome == Outcome.Repeated ? "as answered before" : "done";

    internal static SampleException Refused(string what, Outcome outcome, Enum refusal) =>
        new(outcome == Outcome.KeyReused ? $"{what}: its key was used with another content" : $"{what} was refused: {refusal}");

    private IBargainGrain Bargain(BargainView bargain) => grains.GetGrain<IBargainGrain>(bargain.BargainId);
}
