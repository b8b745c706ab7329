using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

/// <summary>
/// A vector that was computed with another tool:
/// <code>
/// SEED=$(printf 'social-commerce test vector' | openssl dgst -sha256 -r | cut -d' ' -f1)
/// printf 'b-7Q2|1|shopper:42' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$SEED -r     # the draw
/// printf "$SEED" | xxd -r -p | openssl dgst -sha256 -r                                     # the commitment
/// </code>
/// </summary>
public sealed class DrawsTests
{
    private const string Draw = "a05860212cc1d6da4a644db031cc780bac86f9bfe1ab1908ff3be9496455460f";

    private static readonly DrawSeed Secret = DrawSeed.Parse(Seed);

    [Fact]
    public void A_draw_is_the_hmac_of_bargain_number_and_helper_under_the_seed() =>
        Assert.Equal(Draw, Convert.ToHexStringLower(Draws.Full(Secret, "b-7Q2", 1, "shopper:42")));

    [Fact]
    public void The_number_of_a_draw_is_its_first_eight_bytes_with_the_highest_first() =>
        Assert.Equal(0xa05860212cc1d6daUL, Draws.Number(Secret, "b-7Q2", 1, "shopper:42"));

    [Fact]
    public void The_commitment_is_the_sha256_of_the_seeds_bytes() =>
        Assert.Equal("8b7b0a17bb46edbb16c222f8dd96864f3a7fa29d9c319b5a365b916beee611df", Draws.Commitment(Secret));

    [Fact]
    public void A_seed_reads_back_as_it_was_written() => Assert.Equal(Seed, Secret.ToString());

    [Theory, InlineData(""), InlineData("71f7"), InlineData("71f764ace26d077506441e15bd085afafdaa307d7b81910760b7f9ba207f223ag"), InlineData("xxf764ace26d077506441e15bd085afafdaa307d7b81910760b7f9ba207f223a")]
    public void What_is_not_32_bytes_in_hex_is_no_seed(string text) => Assert.Throws<FormatException>(() => DrawSeed.Parse(text));

    [Fact]
    public void A_cut_can_be_recomputed_by_hand_from_the_draw()
    {
        // 100 + floor(0xa05860212cc1d6da x 51 / 2^64) = 100 + floor(0.6263485... x 51) = 100 + 31
        Assert.Equal(131, CutRule.Uniform(new FenBand(100, 150), 0xa05860212cc1d6daUL));
    }

    [Theory]
    [InlineData("b-7Q3", 1, "shopper:42")]
    [InlineData("b-7Q2", 2, "shopper:42")]
    [InlineData("b-7Q2", 1, "shopper:43")]
    public void Another_bargain_number_or_helper_draws_another_number(string bargainId, int number, string helperId) =>
        Assert.NotEqual(Draws.Number(Secret, "b-7Q2", 1, "shopper:42"), Draws.Number(Secret, bargainId, number, helperId));

    [Fact]
    public void The_number_agrees_with_the_full_draw_for_every_helper()
    {
        for (var i = 0; i < 1_000; i++)
            Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(Draws.Full(Secret, "b1", i, $"h{i}")), Draws.Number(Secret, "b1", i, $"h{i}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(245)]
    [InlineData(246)]
    [InlineData(1_000)]
    public void A_draw_takes_all_of_an_id_however_long(int length)
    {
        var helperId = new string('h', length);

        Assert.Equal(HMACSHA256.HashData(Convert.FromHexString(Seed), Encoding.UTF8.GetBytes($"b-7Q2|123|{helperId}")), Draws.Full(Secret, "b-7Q2", 123, helperId));
    }
}
