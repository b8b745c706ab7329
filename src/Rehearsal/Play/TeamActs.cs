using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>The single acts of the group-buy play: each sends one request and records what was acknowledged.</summary>
internal sealed class TeamActs(Stage stage)
{
    /// <returns>The team and the leader's own seat, or null where it was refused.</returns>
    public async Task<(TeamReply Team, SeatReply Seat)?> Open(string campaignId, string leaderId, string? via)
    {
        var answer = await stage.Send("open", campaignId, leaderId, stage.Api.Open(campaignId, leaderId, via, stage.NewKey(), stage.Stopping));
        if (!answer.Done) return null;
        var team = answer.Value;
        if (team.Seats.FirstOrDefault(s => s.ShopperId == leaderId) is not { } seat)
        {
            Broken("openingGivesASeat", team.TeamId, $"opened by {leaderId}, who has no seat in the answer");
            return null;
        }

        stage.Ledger.Append(new TeamOpened(team.TeamId, campaignId, leaderId, team.Size, team.ExpiresAt));
        stage.Ledger.Append(new SeatAcknowledged(team.TeamId, seat.SeatId, leaderId, seat.PriceFen));
        stage.Tally.Count("teams");
        stage.Tally.Count("seats");
        return (team, seat);
    }

    public async Task<SeatReply?> Join(string teamId, string shopperId, string? via)
    {
        var answer = await stage.Send("join", teamId, shopperId, stage.Api.Join(teamId, shopperId, via, null, stage.Stopping));
        if (!answer.Done) return null;
        stage.Ledger.Append(new SeatAcknowledged(teamId, answer.Value.SeatId, shopperId, answer.Value.PriceFen));
        stage.Tally.Count(answer.Repeated ? "repeats" : "seats");
        return answer.Value;
    }

    /// <returns>Whether the payment was taken.</returns>
    public async Task<bool> Pay(string teamId, SeatReply seat, string paymentId)
    {
        var answer = await stage.Send("pay seat", seat.SeatId, seat.ShopperId,
            stage.Api.PaySeat(teamId, seat.SeatId, paymentId, seat.PriceFen, stage.Stopping));
        if (!answer.Done) return false;
        stage.Ledger.Append(new PaymentAcknowledged(teamId, seat.SeatId, paymentId, seat.PriceFen));
        stage.Tally.Count("payments");
        return true;
    }

    /// <summary>Pays another amount than the price, which must be refused.</summary>
    public async Task PayWrong(string teamId, SeatReply seat, string paymentId)
    {
        var answer = await stage.Send("pay seat", seat.SeatId, seat.ShopperId,
            stage.Api.PaySeat(teamId, seat.SeatId, paymentId, seat.PriceFen - 1, stage.Stopping));
        if (answer.Outcome == Outcome.Done)
        {
            Broken("anotherAmountIsRefused", $"{teamId} {seat.SeatId}", $"{seat.PriceFen - 1} fen were taken for a price of {seat.PriceFen} fen");
        }
    }

    public async Task Leave(string teamId, SeatReply seat)
    {
        var answer = await stage.Send("leave", seat.SeatId, seat.ShopperId, stage.Api.Leave(teamId, seat.SeatId, seat.ShopperId, stage.Stopping));
        if (answer.Outcome != Outcome.Done) return;
        stage.Ledger.Append(new SeatLeft(teamId, seat.SeatId));
        stage.Tally.Count("left");
    }

    public async Task<string?> Share(string teamId, string shopperId)
    {
        var answer = await stage.Send("share", teamId, shopperId, stage.Api.ShareTeam(teamId, shopperId, "wechat", stage.Stopping));
        return answer.Done ? answer.Value.Token : null;
    }

    /// <summary>The team that a stranger sees first in the list, or null.</summary>
    public async Task<TeamReply?> FirstOpen(string campaignId, string shopperId)
    {
        var answer = await stage.Api.OpenTeams(campaignId, shopperId, stage.Stopping);
        return answer.Done ? answer.Value.Items.FirstOrDefault(t => t.Seats.All(s => s.ShopperId != shopperId)) : null;
    }

    public async Task<PurchaseReply?> Buy(string campaignId, string shopperId)
    {
        var answer = await stage.Send("buy alone", campaignId, shopperId, stage.Api.Buy(campaignId, shopperId, stage.NewKey(), stage.Stopping));
        if (!answer.Done) return null;
        stage.Ledger.Append(new PurchaseAcknowledged(answer.Value.PurchaseId, campaignId, shopperId, answer.Value.HoldExpiresAt));
        stage.Tally.Count("purchases");
        return answer.Value;
    }

    public async Task PayPurchase(PurchaseReply purchase, string paymentId)
    {
        var answer = await stage.Send("pay purchase", purchase.PurchaseId, purchase.ShopperId,
            stage.Api.PayPurchase(purchase.PurchaseId, paymentId, purchase.PriceFen, stage.Stopping));
        if (answer.Outcome != Outcome.Done) return;
        stage.Ledger.Append(new PaymentAcknowledged(null, purchase.PurchaseId, paymentId, purchase.PriceFen));
        stage.Tally.Count("payments");
    }

    private void Broken(string rule, string subject, string text) => stage.Ledger.Append(new BrokenInPlay(rule, subject, text));
}
