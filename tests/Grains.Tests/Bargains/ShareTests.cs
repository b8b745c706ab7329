using SocialCommerce.GrainInterfaces;
using ShareClaims = SocialCommerce.Rules.ShareClaims;
using ShareTokens = SocialCommerce.Rules.ShareTokens;

namespace SocialCommerce.Grains.Tests.Bargains;

/// <summary>How deep a shared link is.</summary>
public sealed class ShareTests(SharedShop shared) : IClassFixture<SharedShop>
{
    private static readonly ShareTokens Tokens = new(Convert.FromBase64String(Shop.ShareKey));
    private readonly Shop _shop = shared.Shop;

    [Fact]
    public async Task A_link_is_one_deeper_than_that_by_which_its_sharer_came()
    {
        await _shop.Publish("deeper", Offers.Fixed(10));
        var bargain = await _shop.Start("deeper-owner", "deeper");
        var ofOwner = await Token(bargain.BargainId, "deeper-owner");
        var ofStranger = await Token(bargain.BargainId, "deeper-stranger", ofOwner);
        Assert.Equal((1, 2, 1), (DepthOf(ofOwner), DepthOf(ofStranger), DepthOf(await Token(bargain.BargainId, "deeper-lost"))));
    }

    [Fact]
    public async Task A_link_of_ones_own_makes_no_link_deeper()
    {
        await _shop.Publish("own-link", Offers.Fixed(10));
        var bargain = await _shop.Start("own-owner", "own-link");
        var token = await Token(bargain.BargainId, "own-stranger");
        for (var i = 0; i < 3; i++) token = await Token(bargain.BargainId, "own-stranger", token);
        Assert.Equal(1, DepthOf(token));
    }

    [Fact]
    public async Task No_link_is_deeper_than_1000_and_the_receipt_of_its_cut_says_so_again()
    {
        await _shop.Publish("deepest", Offers.Fixed(10));
        var bargain = await _shop.Start("deepest-owner", "deepest");
        var claims = new ShareClaims("deepest", bargain.BargainId, "deepest-other", "", 40_000, 0, bargain.ExpiresAt);
        var token = await Token(bargain.BargainId, "deepest-stranger", Tokens.Sign(claims));
        Assert.Equal(1_000, DepthOf(token));

        for (var i = 0; i < 2; i++)
        {
            var cut = await _shop.Shopper("deepest-helper").Help(new HelpBargain { BargainId = bargain.BargainId, Via = token });
            Assert.Equal(1_000, cut.Cut!.Depth);
        }

        Assert.Equal(1_000, DepthOf(await Token(bargain.BargainId, "deepest-helper")));
    }

    private async Task<string> Token(string bargainId, string shopperId, string via = "") =>
        (await _shop.Bargain(bargainId).Share(new ShareRequest { ShopperId = shopperId, Via = via })).Token;

    private int DepthOf(string token) => Tokens.Verify(token, _shop.Clock.Now)!.Depth;
}
