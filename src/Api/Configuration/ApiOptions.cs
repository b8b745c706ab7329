using Microsoft.IdentityModel.Tokens;

namespace SocialCommerce.Api;

/// <summary>How the HTTP edge is set up; read from the configuration section <c>Api</c> by <see cref="ApiOptionsReader"/>.</summary>
internal sealed class ApiOptions
{
    /// <summary>The Development environment: the key <c>dev</c> has every scope on loopback connections.</summary>
    public bool Development { get; init; }

    /// <summary>The shop's servers.</summary>
    public IReadOnlyList<ApiKeyEntry> Keys { get; init; } = [];

    /// <summary>Whose tokens name shoppers; null when bearer tokens are not taken.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary>Where share links begin, without a slash at the end; null takes the address that the caller used.</summary>
    public string? PublicBaseUrl { get; init; }

    /// <summary>A port on which health and metrics answer to anybody; null: to loopback only.</summary>
    public int? OpsPort { get; init; }

    /// <summary>Off when null.</summary>
    public CallRate? RateLimit { get; init; }

    /// <summary>How many live connections one process carries.</summary>
    public int LiveConnectionsMax { get; init; } = 20_000;

    /// <summary>How many of them the tokens of one shopper may have open at once.</summary>
    public int LivePerShopperMax { get; init; } = 20;

    /// <summary>How many live events one process sends in a second, to all connections together; a large one counts as several. Beyond that viewers see several changes as one.</summary>
    public int LiveEventsPerSecondMax { get; init; } = 10_000;
}

/// <summary>One API key. Only its hash is known here.</summary>
/// <param name="Name">Part of the idempotency keys of its requests, so it must outlive a change of the key.</param>
/// <param name="Sha256">32 bytes.</param>
internal sealed record ApiKeyEntry(string Name, byte[] Sha256, Scopes Scopes);

/// <summary>What a bearer token must look like.</summary>
internal sealed record JwtOptions
{
    public required string Issuer { get; init; }
    public required string Audience { get; init; }
    public required IReadOnlyList<SecurityKey> Keys { get; init; }

    /// <summary>How far the clocks of issuer and edge may be apart.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>The technical rate limit of one caller and shopper.</summary>
internal sealed record CallRate(int PerSecond, int Burst);
