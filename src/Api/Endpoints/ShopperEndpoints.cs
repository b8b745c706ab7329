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
            .Says("declareShopper", Tag, "Declare a shopper existing", "What the shop knows of the shopper. May be repeated; never undone.")
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

        // Declaring is its own repeat, so the key is looked at but not needed.
        _ = form.RequestKey();
        if (form.IsFaulty)
        {
            form.Refuse();
            return;
        }

        await call.Parts.Shoppers.Of(shopperId).DeclareExisting();
        call.Answer(StatusCodes.Status200OK, new ShopperAnswer(shopperId, Existing: true), ApiJson.Default.ShopperAnswer);
    }
}

/// <summary>What the shop knows of a shopper.</summary>
internal sealed record ShopperBody
{
    public const string Example = """{"existing":true}""";

    /// <summary>Always true: a shopper never becomes new again.</summary>
    public required bool Existing { get; init; }
}
