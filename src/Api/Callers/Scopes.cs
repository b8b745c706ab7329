namespace SocialCommerce.Api;

/// <summary>What a caller may do, and what a route needs: one of the scopes that it names.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Acts for one shopper.</summary>
    Shopper = 1,
    Operator = 2,
    Payments = 4,
    Any = Shopper | Operator | Payments,
}
