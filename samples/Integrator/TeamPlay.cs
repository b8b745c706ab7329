namespace SocialCommerce.Integrator;

/// <summary>One team of two from its opening to the moment it forms: tea for 15 yuan instead of 20.</summary>
internal sealed class TeamPlay(IGrainFactory grains, Calls calls, string run, TextWriter output)
{
    private const string CampaignId = "integrator-tea";

    /// <exception cref="SampleException">Refused, or the engine can't be reached.</exception>
    public async Task Run()
    {
        await Campaigns.Publish(grains, calls, CampaignId, new CampaignDefinition
        {
            Kind = CampaignKind.GroupBuy,
            Product = new Product { Id = "tea", Title = "Tea" },
            EndsAt = Campaigns.Ends,
            Stock = 1_000_000,
            SoloPriceFen = 2_000,
            TeamPriceFen = 1_500,
            TeamSize = 2,
        });

        // A shopper may open many teams, so only the key tells a repeat from a second team.
        var leaderId = $"{run}-erin";
        var leader = grains.GetGrain<IShopperGrain>(leaderId);
        var open = new OpenTeam { CampaignId = CampaignId, RequestKey = Keys.For(run, "open", leaderId, CampaignId) };
        var opened = await calls.Ask("erin opens a team", () => leader.OpenTeam(open));
        if (opened is not { Team: { } team, Seat: { } leaderSeat }) throw BargainPlay.Refused("the team", opened.Outcome, opened.Refusal);
        await output.WriteLineAsync($"{team.TeamId}: erin opens a team of {team.Size}, {BargainPlay.Yuan(team.PriceFen)} each ({BargainPlay.Told(opened.Outcome)})");

        // No key: a shopper has one seat in a team.
        var member = grains.GetGrain<IShopperGrain>($"{run}-frank");
        var joined = await calls.Ask("frank joins", () => member.JoinTeam(new JoinTeam { TeamId = team.TeamId }));
        if (joined.Seat is not { } memberSeat) throw BargainPlay.Refused("frank's seat", joined.Outcome, joined.Refusal);
        await output.WriteLineAsync($"  frank joins ({BargainPlay.Told(joined.Outcome)})");

        await Pay(team.TeamId, "erin", leaderSeat);
        await Pay(team.TeamId, "frank", memberSeat);

        var seen = await calls.Ask("the team is read", () => grains.GetGrain<ITeamGrain>(team.TeamId).Get());
        if (seen?.Status != TeamStatus.Formed) throw new SampleException($"the team should have formed, and is {seen?.Status}");
        await output.WriteLineAsync($"  the team has formed: {seen.Seats.Count(seat => seat.Status == SeatStatus.Confirmed)} seats confirmed");
    }

    private async Task Pay(string teamId, string who, SeatView seat)
    {
        // No key: the same payment id counts once, however often it is reported.
        var payment = new Payment { SeatId = seat.SeatId, PaymentId = $"{run}-pay-{who}", AmountFen = seat.PriceFen };
        var paid = await calls.Ask($"{who}'s payment is reported", () => grains.GetGrain<ITeamGrain>(teamId).Pay(payment));
        if (paid.Outcome is not (Outcome.Done or Outcome.Repeated)) throw BargainPlay.Refused($"{who}'s payment", paid.Outcome, paid.Refusal);
        await output.WriteLineAsync($"  {who} has paid {BargainPlay.Yuan(seat.PriceFen)} ({BargainPlay.Told(paid.Outcome)})");
    }
}
