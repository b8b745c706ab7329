using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>
/// Leaders open teams, friends join by link, strangers from the list; most pay in time, some late, never, twice or the wrong
/// amount; some leave; some buy alone.
/// </summary>
internal sealed class TeamPlay(Stage stage, IReadOnlyList<TeamCampaign> campaigns)
{
    public const string Name = "groupBuy";

    private const int FriendsAskedMax = 60;
    private const double Joins = 0.35;
    private const double OpensToo = 0.05;

    private readonly TeamActs _acts = new(stage);

    /// <summary>Puts every leader, stranger and lone buyer on the agenda.</summary>
    public void Begin()
    {
        var random = stage.Chance("leaders");
        var people = Enumerable.Range(0, stage.Graph.People).ToArray();
        random.Shuffle(people);
        var span = stage.End - stage.Now - stage.Lifetime;
        foreach (var leader in people.Take(stage.OwnerCount))
        {
            var campaign = campaigns[random.Next(campaigns.Count)];
            stage.Agenda.In(span * random.NextDouble(), () => Open(campaign, leader, null, 0));
        }

        foreach (var stranger in people.Reverse().Take(stage.OwnerCount))
        {
            var campaign = campaigns[random.Next(campaigns.Count)];
            var when = (stage.End - stage.Now) * random.NextDouble();
            if (random.Happens(0.6)) stage.Agenda.In(when, () => JoinAsStranger(campaign, stranger));
            else stage.Agenda.In(when, () => BuyAlone(campaign, stranger));
        }
    }

    private async Task Open(TeamCampaign campaign, int leader, string? via, int level)
    {
        var random = stage.Chance("open", leader, campaign.Name);
        var leaderId = stage.Shopper(leader);
        if (await _acts.Open(campaign.Published.CampaignId, leaderId, via) is not { } opened) return;
        if (level > 0) stage.Tally.Reached(Name, leaderId, level);
        Pay(opened.Team.TeamId, opened.Seat, random);
        var token = await _acts.Share(opened.Team.TeamId, leaderId);
        var friends = stage.Graph.FriendsOf(leader).ToArray();
        random.Shuffle(friends);
        foreach (var friend in friends.Take(FriendsAskedMax))
        {
            stage.Tally.Invited(Name, level + 1);
            if (!random.Happens(Joins)) continue;
            stage.Agenda.In(random.Delay(stage.Lifetime * 0.25), () => Join(campaign, opened.Team.TeamId, leader, friend, token, level + 1));
        }
    }

    private async Task Join(TeamCampaign campaign, string teamId, int leader, int friend, string? via, int level)
    {
        var random = stage.Chance("join", campaign.Name, leader, friend, level);
        var shopperId = stage.Shopper(friend);
        if (await _acts.Join(teamId, shopperId, via) is not { } seat) return;
        stage.Tally.Reached(Name, shopperId, level);
        if (random.Happens(0.1)) await _acts.Join(teamId, shopperId, via);
        Pay(teamId, seat, random);
        if (random.Happens(OpensToo) && stage.Now + stage.Lifetime < stage.End) await Open(campaign, friend, via, level);
    }

    private async Task JoinAsStranger(TeamCampaign campaign, int stranger)
    {
        var random = stage.Chance("stranger", campaign.Name, stranger);
        var shopperId = stage.Shopper(stranger);
        if (await _acts.FirstOpen(campaign.Published.CampaignId, shopperId) is not { } team) return;
        if (await _acts.Join(team.TeamId, shopperId, null) is { } seat) Pay(team.TeamId, seat, random);
    }

    private async Task BuyAlone(TeamCampaign campaign, int person)
    {
        var random = stage.Chance("alone", campaign.Name, person);
        if (await _acts.Buy(campaign.Published.CampaignId, stage.Shopper(person)) is not { } purchase) return;
        if (!random.Happens(0.8)) return;
        var paymentId = $"pay-{purchase.PurchaseId}";
        await _acts.PayPurchase(purchase, paymentId);
        if (random.Happens(0.2)) await _acts.PayPurchase(purchase, paymentId);
    }

    private void Pay(string teamId, SeatReply seat, Random random)
    {
        var hold = seat.HoldExpiresAt - stage.Now ?? stage.Lifetime / 4;
        var paymentId = $"pay-{seat.SeatId}";
        if (random.Happens(0.05)) stage.Agenda.In(hold * 0.1, () => _acts.PayWrong(teamId, seat, $"wrong-{seat.SeatId}"));
        if (random.Happens(0.06)) stage.Agenda.In(hold * random.NextDouble() * 2, () => _acts.Leave(teamId, seat));
        var choice = random.NextDouble();
        if (choice < 0.08) return;

        // The late ones pay when the hold has run out: they get a seat that is still free, or their money back.
        var when = choice < 0.18 ? hold + random.Delay(stage.Lifetime * 0.1) : hold * random.NextDouble() * 0.6;
        var twice = random.Happens(0.15);
        stage.Agenda.In(when, async () =>
        {
            var taken = await _acts.Pay(teamId, seat, paymentId);
            if (taken && twice) await _acts.Pay(teamId, seat, paymentId);
        });
    }
}
