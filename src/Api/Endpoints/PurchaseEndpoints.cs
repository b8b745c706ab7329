namespace SocialCommerce.Api;

/// <summary>Buy alone.</summary>
internal static class PurchaseEndpoints
{
    private const string Tag = "Purchases";

    public static void MapPurchases(this EdgeRoutes routes)
    {
        routes.Post("/v1/campaigns/{campaignId}/purchases", Scopes.Shopper, Buy)
            .Says("buyAlone", Tag, "Buy alone at the solo price", "Answers with a held purchase, to be paid before its hold runs out. Repeatable by its idempotency key only.")
            .Takes<ViaBody>(ViaBody.Example).Gives<PurchaseView>(201, 200).Repeatable().Refuses<OpenRefusal>();
        routes.Get("/v1/purchases/{purchaseId}", Scopes.Any, Get)
            .Says("getPurchase", Tag, "Read a purchase", "A shopper's own; the shop's servers may read every one.")
            .Gives<PurchaseView>(200).Refuses(Problems.PurchaseNotFound);
        routes.Post("/v1/purchases/{purchaseId}/payment", Scopes.Payments, Pay)
            .Says("payPurchase", Tag, "Report the payment of a purchase", "The same payment id counts once. A payment after the hold ran out takes a free unit, or becomes a refund at once.")
            .Takes<PaymentBody>(PaymentBody.Example).Gives<PurchaseView>(200).Repeatable().Refuses<SeatRefusal>();
        routes.Post("/v1/purchases/{purchaseId}/refund", Scopes.Payments, ConfirmRefund)
            .Says("confirmPurchaseRefund", Tag, "Confirm the refund of a purchase", "May be repeated.")
            .Takes<RefundBody>(RefundBody.Example).Gives<PurchaseView>(200).Repeatable().Refuses<SeatRefusal>();
    }

    private static async Task Buy(Call call)
    {
        using var form = await call.ReadForm();
        var request = new BuyAlone { CampaignId = form.PathId("campaignId"), Via = form.Via(), RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.AskByKey(request.RequestKey, call.Shopper(), request, static (grain, request) => grain.Buy(request));
        var notes = reply.Refusal == OpenRefusal.UnitLimitReached ? new ProblemNotes { Limit = reply.Limit } : null;
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Purchase, ApiJson.Default.PurchaseView, StatusCodes.Status201Created, notes);
    }

    private static async Task Get(Call call)
    {
        var form = call.Form();
        var purchaseId = form.PathId("purchaseId");
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        // Another shopper's purchase is nobody's business: as if it were not there.
        var purchase = await call.Ask(call.Grain<IPurchaseGrain>(purchaseId), static grain => grain.Get());
        if (call.ShopperId is not null && purchase?.ShopperId != call.ShopperId) purchase = null;
        call.AnswerOr(Problems.PurchaseNotFound, purchase, ApiJson.Default.PurchaseView);
    }

    private static async Task Pay(Call call)
    {
        using var form = await call.ReadForm();
        var purchaseId = form.PathId("purchaseId");
        var request = PaymentBody.Read(form, seatId: "");
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<IPurchaseGrain>(purchaseId), request, static (grain, request) => grain.Pay(request)));
    }

    private static async Task ConfirmRefund(Call call)
    {
        using var form = await call.ReadForm();
        var purchaseId = form.PathId("purchaseId");
        var request = RefundBody.Read(form, seatId: "");
        if (form.IsFaulty) form.Refuse();
        else Answer(call, await call.Ask(call.Grain<IPurchaseGrain>(purchaseId), request, static (grain, request) => grain.ConfirmRefund(request)));
    }

    private static void Answer(Call call, PurchaseChangeReply reply)
    {
        var notes = reply.Refusal == SeatRefusal.AmountMismatch ? new ProblemNotes { ExpectedFen = reply.ExpectedFen } : null;
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), reply.Purchase, ApiJson.Default.PurchaseView, StatusCodes.Status200OK, notes);
    }
}
