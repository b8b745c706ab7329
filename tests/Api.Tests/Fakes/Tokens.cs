using System.Buffers.Text;
using System.Security.Cryptography;

namespace SocialCommerce.Api.Tests;

/// <summary>Makes tokens by hand, good ones and bad ones, so that nothing of the library under test vouches for them.</summary>
internal static class Tokens
{
    public const string Issuer = "https://shop.example";
    public const string Audience = "social-commerce";

    public static readonly byte[] Secret = SHA256.HashData("a secret of the tests"u8);

    /// <summary>Made once: a key takes longer than a test.</summary>
    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string Payload(DateTimeOffset now, string sub = "bob", string? issuer = Issuer, string? audience = Audience, int lifeSeconds = 600, long? nbf = null)
    {
        var claims = new Dictionary<string, object>();
        if (sub.Length > 0) claims["sub"] = sub;
        if (issuer is not null) claims["iss"] = issuer;
        if (audience is not null) claims["aud"] = audience;
        claims["exp"] = now.ToUnixTimeSeconds() + lifeSeconds;
        if (nbf is { } start) claims["nbf"] = start;
        return JsonSerializer.Serialize(claims);
    }

    public static string Hs256(string payload, byte[]? secret = null, string header = """{"alg":"HS256","typ":"JWT"}""")
    {
        var text = Part(header) + "." + Part(payload);
        return text + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret ?? Secret, Encoding.ASCII.GetBytes(text)));
    }

    public static string Hmac(string algorithm, string payload, byte[] secret)
    {
        var text = Part($"{{\"alg\":\"{algorithm}\"}}") + "." + Part(payload);
        var name = new HashAlgorithmName(algorithm.Replace("HS", "SHA", StringComparison.Ordinal));
        using var hmac = IncrementalHash.CreateHMAC(name, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(text));
        return text + "." + Base64Url.EncodeToString(hmac.GetHashAndReset());
    }

    public static string Unsigned(string payload) => Part("""{"alg":"none"}""") + "." + Part(payload) + ".";

    public static string Rs256(string payload, RSA key, string kid = "r1")
    {
        var text = Part("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}") + "." + Part(payload);
        return text + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string Es256(string payload, ECDsa key, string kid = "e1")
    {
        var text = Part("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}") + "." + Part(payload);
        return text + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    public static string Jwks(RSA rsa, ECDsa ec)
    {
        var r = rsa.ExportParameters(false);
        var e = ec.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", kid = "r1", use = "sig", n = Base64Url.EncodeToString(r.Modulus), e = Base64Url.EncodeToString(r.Exponent) },
                new { kty = "EC", kid = "e1", use = "sig", crv = "P-256", x = Base64Url.EncodeToString(e.Q.X), y = Base64Url.EncodeToString(e.Q.Y) },
            },
        });
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
