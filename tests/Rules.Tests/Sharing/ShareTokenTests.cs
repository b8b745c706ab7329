using System.Text;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Sharing;

public sealed class ShareTokenTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of this deployment, 32 byte");
    private static readonly ShareTokens Tokens = new(Key);
    private static readonly ShareClaims Claims = new("c1", "b1", "shopper:42", "wechat", 3, 1, Noon.AddHours(1));

    [Fact]
    public void A_signed_token_gives_its_claims_back() => Assert.Equal(Claims, Tokens.Verify(Tokens.Sign(Claims), Noon));

    [Theory]
    [InlineData("")]
    [InlineData("朋友圈")]
    [InlineData("a b\tc")]
    [InlineData("emoji 🎁 and \0")]
    public void A_channel_in_any_script_comes_back_as_it_was(string channel) =>
        Assert.Equal(channel, Tokens.Verify(Tokens.Sign(Claims with { Channel = channel }), Noon)!.Channel);

    [Theory]
    [InlineData(999, 999)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_001, 1_000)]
    [InlineData(int.MaxValue, 1_000)]
    public void No_token_is_deeper_than_1000(int depth, int told) => Assert.Equal(told, Tokens.Verify(Tokens.Sign(Claims with { Depth = depth }), Noon)!.Depth);

    [Fact]
    public void A_token_holds_until_its_target_ends()
    {
        var token = Tokens.Sign(Claims);
        Assert.NotNull(Tokens.Verify(token, Noon.AddHours(1) - Tick));
        Assert.Null(Tokens.Verify(token, Noon.AddHours(1)));
    }

    [Fact]
    public void A_token_of_another_key_is_nothing() => Assert.Null(new ShareTokens([.. Key.Reverse()]).Verify(Tokens.Sign(Claims), Noon));

    [Fact]
    public void A_token_with_any_character_changed_is_nothing()
    {
        var token = Tokens.Sign(Claims);
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in "A9_.~ é")
            {
                if (token[i] == other) continue;
                var claims = Tokens.Verify(token[..i] + other + token[(i + 1)..], Noon);
                // The last character of each half carries bits that say nothing: the same bytes may be written in more than one way.
                if (i == token.Length - 1 || token[i + 1] == '.') Assert.True(claims is null || claims == Claims);
                else Assert.Null(claims);
            }
        }
    }

    [Fact]
    public void A_truncated_or_prolonged_token_is_nothing()
    {
        var token = Tokens.Sign(Claims);
        for (var length = 0; length < token.Length; length++) Assert.Null(Tokens.Verify(token[..length], Noon));
        Assert.Null(Tokens.Verify(token + "A", Noon));
        Assert.Null(Tokens.Verify(token + "." + token, Noon));
        Assert.Null(Tokens.Verify("A" + token, Noon));
    }

    [Fact]
    public void Claims_can_not_be_put_under_the_signature_of_others()
    {
        var mine = Tokens.Sign(Claims).Split('.');
        var others = Tokens.Sign(Claims with { InviterId = "mallory" }).Split('.');
        Assert.Null(Tokens.Verify($"{others[0]}.{mine[1]}", Noon));
    }

    [Fact]
    public void A_channel_can_not_smuggle_in_further_claims() =>
        Assert.Null(Tokens.Verify(Tokens.Sign(Claims with { Channel = "x\n9\n9\n99999999999" }), Noon));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("no dot at all")]
    [InlineData("====.====")]
    [InlineData("A.A")]
    [InlineData("AA==.AA==")]
    [InlineData("\0.\0")]
    [InlineData("%2e%2e/etc.passwd")]
    [InlineData("砍价.拼团")]
    [InlineData("\ud800.\udfff")]
    public void Any_other_text_is_nothing(string? token) => Assert.Null(Tokens.Verify(token, Noon));

    [Fact]
    public void Random_texts_are_nothing_and_never_a_fault()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= \n\t+/é";
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
            Assert.Null(Tokens.Verify(new string(random.GetItems<char>(Alphabet, random.Next(120))), Noon));
    }

    [Fact]
    public void A_token_longer_than_the_most_is_not_looked_at()
    {
        var fits = Tokens.Sign(Claims with { Channel = new string('x', 701) });
        Assert.Equal(ShareTokens.LengthMax, fits.Length);
        Assert.NotNull(Tokens.Verify(fits, Noon));
        Assert.Null(Tokens.Verify(Tokens.Sign(Claims with { Channel = new string('x', 702) }), Noon));
    }
}
