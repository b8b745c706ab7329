using System.Security.Cryptography;

namespace SocialCommerce.Api.Tests;

/// <summary>What the edge refuses to start with.</summary>
public sealed class ConfigurationTests
{
    private static readonly string DevHash = Convert.ToHexString(SHA256.HashData("dev"u8));

    [Fact]
    public void Outside_of_development_somebody_must_be_able_to_call()
        => Assert.Contains("Api:Keys", Assert.Single(FaultsOf([], "Production")), StringComparison.Ordinal);

    [Fact]
    public void In_development_nothing_is_needed() => EdgeHost.Builder([], "Development").AddSocialCommerceApi();

    [Fact]
    public void The_key_dev_is_refused_outside_of_development()
    {
        Dictionary<string, string?> settings = new() { ["Api:Keys:0:Name"] = "x", ["Api:Keys:0:Sha256"] = DevHash, ["Api:Keys:0:Scopes:0"] = "operator" };
        Assert.Contains("'dev'", Assert.Single(FaultsOf(settings, "Production")), StringComparison.Ordinal);
        Assert.Contains("'dev'", Assert.Single(FaultsOf(settings, "Staging")), StringComparison.Ordinal);
        EdgeHost.Builder(settings, "Development").AddSocialCommerceApi();
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = FaultsOf(
            new()
            {
                ["Api:Kyes:0"] = "x",
                ["Api:Keys:0:Name"] = "a b",
                ["Api:Keys:0:Sha256"] = "xyz",
                ["Api:Keys:0:Scopes:0"] = "root",
                ["Api:Keys:1:Name"] = "n",
                ["Api:Keys:1:Sha256"] = new string('a', 64),
                ["Api:Keys:2:Name"] = "n",
                ["Api:Keys:2:Sha256"] = new string('A', 64),
                ["Api:Keys:2:Scopes:0"] = "shopper",
                ["Api:Jwt:SymmetricKey"] = "c2hvcnQ=",
                ["Api:PublicBaseUrl"] = "shop.example",
                ["Api:OpsPort"] = "0",
                ["Api:LiveConnectionsMax"] = "many",
                ["Api:LivePerShopperMax"] = "0",
                ["Api:LiveEventsPerSecondMax"] = "0",
                ["Api:RateLimit:Burst"] = "-1",
            },
            "Production");
        string[] names =
        [
            "Api:Kyes", "Api:Keys:0:Name", "Api:Keys:0:Sha256", "Api:Keys:0:Scopes:0", "Api:Keys:1:Scopes", "Api:Keys:2:Name", "Api:Keys:2:Sha256",
            "Api:Jwt:Issuer", "Api:Jwt:Audience", "Api:Jwt:SymmetricKey", "Api:PublicBaseUrl", "Api:OpsPort", "Api:RateLimit:PerSecond", "Api:RateLimit:Burst", "Api:LiveConnectionsMax", "Api:LivePerShopperMax", "Api:LiveEventsPerSecondMax",
        ];
        Assert.Equal(names.Order(StringComparer.Ordinal), faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Jwks", "no json")]
    [InlineData("Jwks", "{\"keys\":[]}")]
    [InlineData("Jwks", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}")]
    [InlineData("JwksFile", "/does/not/exist")]
    [InlineData("SymmetricKey", "not base64!")]
    public void Keys_of_tokens_must_be_keys(string name, string value)
    {
        var faults = FaultsOf(new() { ["Api:Jwt:Issuer"] = "i", ["Api:Jwt:Audience"] = "a", ["Api:Jwt:" + name] = value }, "Production");
        Assert.StartsWith("Api:Jwt:" + name, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kty":"EC","kid":"one","crv":"P-256","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","kid":"one","crv":"P-256"}""")]
    [InlineData("""{"kty":"EC","kid":"one","crv":"secp256k1","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"RSA","kid":"one","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","kid":"one","n":"%%%","e":"AQAB"}""")]
    public void A_key_that_can_not_be_imported_is_named(string key)
    {
        var faults = FaultsOf(new() { ["Api:Jwt:Issuer"] = "i", ["Api:Jwt:Audience"] = "a", ["Api:Jwt:Jwks"] = $"{{\"keys\":[{key}]}}" }, "Production");
        Assert.Equal("Api:Jwt:Jwks: the key 'one' can't be imported.", Assert.Single(faults));
    }

    [Fact]
    public void A_short_RSA_key_is_refused()
    {
        using var rsa = RSA.Create(1024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var faults = FaultsOf(new() { ["Api:Jwt:Issuer"] = "i", ["Api:Jwt:Audience"] = "a", ["Api:Jwt:Jwks"] = Tokens.Jwks(rsa, ec) }, "Production");
        Assert.Contains("2,048", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_names_every_fault_and_no_stack()
    {
        var fault = new ConfigurationFaultsException(["Api:A is wrong.", "Api:B is wrong."]);
        Assert.Equal(["Api:A is wrong.", "Api:B is wrong."], fault.Faults);
        Assert.Contains("Api:A is wrong.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Api:B is wrong.", fault.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings, string environment)
        => Assert.Throws<ConfigurationFaultsException>(() => EdgeHost.Builder(settings, environment).AddSocialCommerceApi()).Faults;
}
