using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SocialCommerce.Api;

/// <summary>
/// Checks shoppers' tokens: signed by a configured key with an algorithm of that key's kind, from the issuer, for the audience, in its
/// time, with a subject that is a shopper's id. A signature is checked once; later uses of the same token only look at its times.
/// </summary>
internal sealed class BearerTokens
{
    private const int LengthMax = 8 * 1024;

    private readonly KnownTokens _known = new();
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LengthMax, SetDefaultTimesOnTokenCreation = false };
    private readonly TokenValidationParameters _parameters;
    private readonly TimeSpan _clockSkew;
    private readonly TimeProvider _time;

    public BearerTokens(JwtOptions options, TimeProvider time)
    {
        _time = time;
        _clockSkew = options.ClockSkew;
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            IssuerSigningKeys = options.Keys,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidAlgorithms = [.. options.Keys.SelectMany(AlgorithmsOf).Distinct()],

            // The library reads the wall clock; the times are looked at below, at every use.
            ValidateLifetime = false,
        };
    }

    /// <summary>The shopper whom the token names and until when it does, or null when the token is not good now.</summary>
    public async ValueTask<(string ShopperId, DateTimeOffset GoodUntil)?> FindShopper(string token)
    {
        if (token.Length is 0 or > LengthMax) return null;
        var digest = TokenDigest.Of(token);
        if (!_known.TryFind(digest, out var known))
        {
            if (await Validate(token) is not { } fresh) return null;
            known = fresh;
            _known.Add(digest, known);
        }

        var now = _time.GetUtcNow();
        var goodUntil = known.Expires + _clockSkew;
        return now >= known.NotBefore - _clockSkew && now < goodUntil ? (known.ShopperId, goodUntil) : null;
    }

    private async Task<Known?> Validate(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return null;

        // Extensions that the token calls critical are none of ours.
        if (jwt.TryGetHeaderValue<object>("crit", out _)) return null;
        if (!jwt.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out var expires) || !IsInstant(expires)) return null;
        var hasStart = jwt.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Nbf, out var notBefore);
        if (hasStart && !IsInstant(notBefore)) return null;
        if (!Ids.IsId(jwt.Subject)) return null;
        return new Known(
            jwt.Subject,
            hasStart ? DateTimeOffset.FromUnixTimeSeconds(notBefore) : DateTimeOffset.UnixEpoch,
            DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    // Wide enough for every real token, narrow enough that the clock skew can't run over.
    private static bool IsInstant(long seconds) => seconds is >= 0 and < 253_000_000_000;

    private static string[] AlgorithmsOf(SecurityKey key) => key switch
    {
        // A key shorter than the hash is no key for it.
        SymmetricSecurityKey { KeySize: >= 512 } => [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512],
        SymmetricSecurityKey { KeySize: >= 384 } => [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384],
        SymmetricSecurityKey => [SecurityAlgorithms.HmacSha256],
        JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } => [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512],
        _ => [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512],
    };

    internal readonly record struct Known(string ShopperId, DateTimeOffset NotBefore, DateTimeOffset Expires);

    /// <summary>A token's SHA-256: what was let in once need not be kept itself.</summary>
    internal readonly record struct TokenDigest(UInt128 High, UInt128 Low)
    {
        public static TokenDigest Of(string token)
        {
            Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), bytes);
            return new TokenDigest(
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
        }
    }
}
