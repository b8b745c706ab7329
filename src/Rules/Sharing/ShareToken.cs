using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Rules;

/// <summary>What a share link says: who invited to what, through which channel, and how deep.</summary>
/// <param name="TargetId">The bargain or the team.</param>
/// <param name="Depth">What somebody who comes by it gets: 1 by the owner's own link.</param>
/// <param name="Generation">Of the target: how many started bargains lie before it.</param>
/// <param name="ExpiresAt">The target's own deadline.</param>
public sealed record ShareClaims(
    string CampaignId, string TargetId, string InviterId, string Channel, int Depth, int Generation, DateTimeOffset ExpiresAt);

/// <summary>
/// Signed share tokens: <c>base64url(payload).base64url(HMAC-SHA256)</c>. They grant nothing but attribution (and joining a team that is
/// for the invited only).
/// </summary>
public sealed class ShareTokens(byte[] key)
{
    /// <summary>Longer ones are not looked at.</summary>
    public const int LengthMax = 1024;

    /// <summary>Deeper is told as this: two who pass their links to each other would make it deeper without end.</summary>
    public const int DepthMax = 1_000;

    private const char Separator = '\n';
    private const string Form = "1";

    public string Sign(ShareClaims claims)
    {
        var payload = Encoding.UTF8.GetBytes(string.Join(Separator,
            Form, claims.CampaignId, claims.TargetId, claims.InviterId, claims.Channel,
            Math.Min(claims.Depth, DepthMax).ToString(CultureInfo.InvariantCulture), claims.Generation.ToString(CultureInfo.InvariantCulture),
            claims.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, payload))}";
    }

    /// <summary>The claims of a token that this deployment signed and that has not expired; null for any other text.</summary>
    public ShareClaims? Verify(string? token, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(token) || token.Length > LengthMax) return null;
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !Base64Url.IsValid(token.AsSpan(0, dot)) || !Base64Url.IsValid(token.AsSpan(dot + 1))) return null;
        var payload = Base64Url.DecodeFromChars(token.AsSpan(0, dot));
        var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        if (!CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(key, payload))) return null;

        // It carries our signature, so its form is ours.
        var parts = Encoding.UTF8.GetString(payload).Split(Separator);
        if (parts.Length != 8 || parts[0] != Form) return null;
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[7], CultureInfo.InvariantCulture));
        if (now >= expiresAt) return null;
        return new ShareClaims(parts[1], parts[2], parts[3], parts[4],
            Math.Min(int.Parse(parts[5], CultureInfo.InvariantCulture), DepthMax), int.Parse(parts[6], CultureInfo.InvariantCulture), expiresAt);
    }
}
