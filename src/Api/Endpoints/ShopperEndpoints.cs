namespace SocialCommerce.Api;

/// <summary>What a shopper may know of itself, and what the shop knows of a shopper.</summary>
internal static class ShopperEndpoints
{
    private const string Tag = "Shoppers";

    public static void MapShoppers(this EdgeRoutes routes)
    {
        routes.Get("/v1/me", Scopes.Shopper, Me)
            .Says("getMe", Tag, "Read the calling shopper", "New or existing, the helps used today with the limit and when it resets, open bargains and teams.")
            .Gives<ShopperView>(200);
        routes.Put("/v1/shoppers/{shopperId}", Scopes.Operator, Declare)
            .Says("declareShopper", Tag, "Declare a shopper existing", "What the shop knows of the shopper. A repeat, and one for a shopper who is existing already, changes nothing; never undone.")
            .Takes<ShopperBody>(ShopperBody.Example).Gives<ShopperAnswer>(200).Repeatable();
    }

    private static async Task Me(Call call)
    {
        var form = call.Form();
        if (form.IsFaulty) form.Refuse();
        else call.Answer(StatusCodes.Status200OK, await call.Ask(call.Shopper(), static grain => grain.Me()), ApiJson.Default.ShopperView);
    }

    private static async Task Declare(Call call)
    {
        using var form = await call.ReadForm();
        var shopperId = form.PathId("shopperId");
        var existing = form.Body.Flag("existing");
        form.Body.Require("existing", existing);
        if (existing == false) form.Faults.Add("existing", "must be true: once existing, a shopper is never new again.");

        var request = new DeclareShopper { RequestKey = form.RequestKey() };
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        var reply = await call.Ask(call.Parts.Shoppers.Of(shopperId), request, static (shopper, request) => shopper.Declare(request));
        call.Answer(reply.Outcome, Problems.Refused, new ShopperAnswer(shopperId, Existing: true), ApiJson.Default.ShopperAnswer, StatusCodes.Status200OK);
    }
}

/// <summary>What the shop knows of a shopper.</summary>
internal sealed record ShopperBody
{
    public const string Example = """{"existing":true}""";

    /// <summary>Always true: a shopper never becomes new again.</summary>
    public required bool Existing { get; init; }
}
