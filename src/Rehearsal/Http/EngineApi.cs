using System.Text.Json;

namespace SocialCommerce.Rehearsal.Http;

/// <summary>The engine's HTTP contract as calls, one a line; nothing else of the rehearsal knows a path.</summary>
internal sealed class EngineApi(EngineClient client)
{
    private const int PageLimit = 200;

    public EngineClient Client => client;

    public Task<Answer<JsonDocument>> Ready(CancellationToken ct) => Get<JsonDocument>("ready", "/v1/campaigns?limit=1", null, ct);

    // The shop's side.
    public Task<Answer<CampaignReply>> Publish(string campaignId, object settings, CancellationToken ct) =>
        client.Send<CampaignReply>(new("publish", HttpMethod.Put, $"/v1/campaigns/{E(campaignId)}") { Body = settings }, ct);

    public Task<Answer<object>> Declare(string shopperId, bool existing, CancellationToken ct) =>
        client.Send<object>(new("declare", HttpMethod.Put, $"/v1/shoppers/{E(shopperId)}") { Body = new { existing } }, ct);

    public Task<Answer<CampaignReply>> Campaign(string campaignId, CancellationToken ct) =>
        Get<CampaignReply>("read campaign", $"/v1/campaigns/{E(campaignId)}", null, ct);

    public Task<Answer<JsonDocument>> Stats(string campaignId, CancellationToken ct) =>
        Get<JsonDocument>("read stats", $"/v1/campaigns/{E(campaignId)}/stats", null, ct);

    public Task<Answer<Page<EventReply>>> Events(string? after, CancellationToken ct) =>
        Get<Page<EventReply>>("feed", $"/v1/events?limit={PageLimit}{After(after)}", null, ct);

    // Bargains.
    public Task<Answer<BargainReply>> Start(string campaignId, string shopperId, string? via, string? key, CancellationToken ct) =>
        Post<BargainReply>("start", $"/v1/campaigns/{E(campaignId)}/bargains", shopperId, new { via }, key, ct);

    public Task<Answer<CutReply>> Cut(string bargainId, string shopperId, string? via, string? key, CancellationToken ct) =>
        Post<CutReply>("cut", $"/v1/bargains/{E(bargainId)}/cuts", shopperId, new { via }, key, ct);

    public Task<Answer<ClaimReply>> Claim(string bargainId, string shopperId, bool atCurrentPrice, CancellationToken ct) =>
        Post<ClaimReply>("claim", $"/v1/bargains/{E(bargainId)}/claim", shopperId, atCurrentPrice ? new { atCurrentPrice } : new { }, null, ct);

    public Task<Answer<object>> Cancel(string bargainId, string shopperId, CancellationToken ct) =>
        Post<object>("cancel", $"/v1/bargains/{E(bargainId)}/cancel", shopperId, new { }, null, ct);

    public Task<Answer<ShareReply>> ShareBargain(string bargainId, string shopperId, string channel, CancellationToken ct) =>
        Post<ShareReply>("share", $"/v1/bargains/{E(bargainId)}/share", shopperId, new { channel }, null, ct);

    public Task<Answer<BargainReply>> Bargain(string bargainId, string? shopperId, CancellationToken ct) =>
        Get<BargainReply>("read bargain", $"/v1/bargains/{E(bargainId)}", shopperId, ct);

    public Task<Answer<Page<CutReply>>> Cuts(string bargainId, string? after, CancellationToken ct) =>
        Get<Page<CutReply>>("read cuts", $"/v1/bargains/{E(bargainId)}/cuts?limit={PageLimit}{After(after)}", null, ct);

    public Task<Answer<FairnessReply>> Fairness(string bargainId, CancellationToken ct) =>
        Get<FairnessReply>("read fairness", $"/v1/bargains/{E(bargainId)}/fairness", null, ct);

    public Task<Answer<MeReply>> Me(string shopperId, CancellationToken ct) => Get<MeReply>("read me", "/v1/me", shopperId, ct);

    // Group-buys.
    public Task<Answer<TeamReply>> Open(string campaignId, string shopperId, string? via, string key, CancellationToken ct) =>
        Post<TeamReply>("open", $"/v1/campaigns/{E(campaignId)}/teams", shopperId, new { via }, key, ct);

    public Task<Answer<Page<TeamReply>>> OpenTeams(string campaignId, string? shopperId, CancellationToken ct) =>
        Get<Page<TeamReply>>("list teams", $"/v1/campaigns/{E(campaignId)}/teams?open=true&limit=20", shopperId, ct);

    public Task<Answer<TeamReply>> Team(string teamId, CancellationToken ct) =>
        Get<TeamReply>("read team", $"/v1/teams/{E(teamId)}", null, ct);

    public Task<Answer<SeatReply>> Join(string teamId, string shopperId, string? via, string? key, CancellationToken ct) =>
        Post<SeatReply>("join", $"/v1/teams/{E(teamId)}/seats", shopperId, new { via }, key, ct);

    public Task<Answer<object>> Leave(string teamId, string seatId, string shopperId, CancellationToken ct) =>
        client.Send<object>(new("leave", HttpMethod.Delete, $"/v1/teams/{E(teamId)}/seats/{E(seatId)}") { ShopperId = shopperId }, ct);

    public Task<Answer<ShareReply>> ShareTeam(string teamId, string shopperId, string channel, CancellationToken ct) =>
        Post<ShareReply>("share", $"/v1/teams/{E(teamId)}/share", shopperId, new { channel }, null, ct);

    public Task<Answer<SeatReply>> PaySeat(string teamId, string seatId, string paymentId, long amountFen, CancellationToken ct) =>
        Post<SeatReply>("pay seat", $"/v1/teams/{E(teamId)}/seats/{E(seatId)}/payment", null, new { paymentId, amountFen }, null, ct);

    public Task<Answer<object>> ConfirmRefund(string teamId, string seatId, string refundId, CancellationToken ct) =>
        Post<object>("refund", $"/v1/teams/{E(teamId)}/seats/{E(seatId)}/refund", null, new { refundId }, null, ct);

    public Task<Answer<PurchaseReply>> Buy(string campaignId, string shopperId, string key, CancellationToken ct) =>
        Post<PurchaseReply>("buy alone", $"/v1/campaigns/{E(campaignId)}/purchases", shopperId, new { }, key, ct);

    public Task<Answer<PurchaseReply>> PayPurchase(string purchaseId, string paymentId, long amountFen, CancellationToken ct) =>
        Post<PurchaseReply>("pay purchase", $"/v1/purchases/{E(purchaseId)}/payment", null, new { paymentId, amountFen }, null, ct);

    public Task<Answer<object>> ConfirmPurchaseRefund(string purchaseId, string refundId, CancellationToken ct) =>
        Post<object>("refund", $"/v1/purchases/{E(purchaseId)}/refund", null, new { refundId }, null, ct);

    private Task<Answer<T>> Get<T>(string name, string path, string? shopperId, CancellationToken ct)
        where T : class =>
        client.Send<T>(new(name, HttpMethod.Get, path) { ShopperId = shopperId }, ct);

    private Task<Answer<T>> Post<T>(string name, string path, string? shopperId, object body, string? key, CancellationToken ct)
        where T : class =>
        client.Send<T>(new(name, HttpMethod.Post, path) { ShopperId = shopperId, Body = body, IdempotencyKey = key }, ct);

    private static string E(string id) => Uri.EscapeDataString(id);

    private static string After(string? cursor) => cursor is null ? "" : $"&after={Uri.EscapeDataString(cursor)}";
}
