using System.Text;
using System.Text.Json;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains.Tests.Contracts;

public sealed class SharedPartTests
{
    private static readonly BargainTerms Terms = new()
    {
        CampaignId = "c-1", ProductId = "p", ProductTitle = "\"terms\":{}", Currency = "CNY", ListPriceFen = 3_900, Cut = new CutRule { Kind = CutRuleKind.Amounts, Helpers = 5 },
    };

    [Fact]
    public void Equal_terms_are_one_copy_and_others_are_not()
    {
        var first = Read(Stored("b-1", Terms));
        var second = Read(Stored("b-2", Terms));
        var other = Read(Stored("b-3", Terms with { FloorPriceFen = 1 }));

        Assert.Equal(("b-1", "b-2", "b-3"), (first.BargainId, second.BargainId, other.BargainId));
        Assert.Same(first.Terms, second.Terms);
        Assert.Equal(Terms, first.Terms);
        Assert.Equal(Terms with { FloorPriceFen = 1 }, other.Terms);
    }

    [Theory]
    [InlineData("""{"terms":T,"bargainId":"b","ownerId":"o","seed":"s"}""")]
    [InlineData("""{"bargainId":"b","ownerId":"o","seed":"s","terms":T}""")]
    [InlineData("""{ "new" : {"terms":{"campaignId":"wrong"},"a":[1,{"terms":2}]}, "bargainId":"b","ownerId":"o", "terms" : T , "seed":"s" , "newer":[T] }""")]
    public void They_are_found_wherever_they_stand(string json)
    {
        var read = Read(json.Replace("T", JsonSerializer.Serialize(Terms, StoredJson.Default.BargainTerms), StringComparison.Ordinal));

        Assert.Equal(("b", "o", "s"), (read.BargainId, read.OwnerId, read.Seed));
        Assert.Equal(Terms, read.Terms);
    }

    [Fact]
    public void A_long_event_is_read_as_well()
    {
        var owner = new string('o', 5_000);

        Assert.Equal(owner, Read($$"""{"ownerId":"{{owner}}","bargainId":"b","seed":"s","terms":{{JsonSerializer.Serialize(Terms, StoredJson.Default.BargainTerms)}}}""").OwnerId);
    }

    [Theory]
    [InlineData("""{"bargainId":"b","ownerId":"o","seed":"s"}""")]
    [InlineData("""{"bargainId":"b","ownerId":"o","seed":"s","terms":{"campaignId":1}}""")]
    [InlineData("""{"bargainId":"b","ownerId":"o","seed":"s","terms":{}""")]
    [InlineData("")]
    public void What_is_no_event_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void More_terms_than_are_kept_are_read_all_the_same()
    {
        for (var price = 1; price <= 5_000; price++) Assert.Equal(price, Read(Stored("b", Terms with { ListPriceFen = price })).Terms.ListPriceFen);
    }

    private static string Stored(string bargainId, BargainTerms terms) => Encoding.UTF8.GetString(
        StoredEvents.Bargains.Encode(new BargainStarted { CampaignId = "c-1", BargainId = bargainId, OwnerId = "o", Seed = "s", Terms = terms }).Payload.Span);

    private static BargainStarted Read(string json) => (BargainStarted)StoredEvents.Bargains.Decode(100, Encoding.UTF8.GetBytes(json));
}
