namespace SocialCommerce.Rules;

/// <summary>What is asked of a bargain.</summary>
public abstract record BargainCommand
{
    /// <param name="Seed">32 bytes of chance, lower-case hex.</param>
    public sealed record Start(string BargainId, string OwnerId, BargainTerms Terms, string Seed, bool NewShopper, Attribution? Via) : BargainCommand;

    /// <param name="Helper">What the helper's own grain knows.</param>
    /// <param name="CampaignIsPaused">Whether the campaign is paused now.</param>
    public sealed record Cut(string HelperId, HelperFacts Helper, bool CampaignIsPaused, Attribution? Via) : BargainCommand;

    public sealed record Claim(string ShopperId, bool AtCurrentPrice, string ClaimId) : BargainCommand;

    /// <param name="ShopperId">Null when the operator cancels.</param>
    public sealed record Cancel(string? ShopperId) : BargainCommand;
}

/// <summary>What decides about a help on the helper's side.</summary>
/// <param name="NewShopper">Until the first accepted act.</param>
/// <param name="HelpedBefore">Has helped this owner on this product, in any bargain or campaign.</param>
/// <param name="UsedToday">Helps on the day of the command.</param>
/// <param name="Limit">Helps a day.</param>
/// <param name="ResetsAt">When that day ends.</param>
public readonly record struct HelperFacts(bool NewShopper, bool HelpedBefore, int UsedToday, int Limit, DateTimeOffset ResetsAt);
