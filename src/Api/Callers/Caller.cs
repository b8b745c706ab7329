namespace SocialCommerce.Api;

/// <summary>Who calls: an API key, or the issuer of a shopper's token.</summary>
/// <param name="Name">The key's name; <see cref="TokenName"/> for tokens.</param>
internal sealed record Caller(string Name, Scopes Scopes)
{
    /// <summary>No API key can be named so.</summary>
    public const string TokenName = "*token";

    /// <summary>Every bearer of a token is its subject and nothing else.</summary>
    public static readonly Caller ByToken = new(TokenName, Scopes.Shopper);

    /// <summary>Whether one of the scopes is the caller's.</summary>
    public bool May(Scopes needs) => (Scopes & needs) != Scopes.None;
}
