namespace SocialCommerce.Rules;

/// <summary>By whose share link somebody came.</summary>
public sealed record Attribution
{
    public required string InviterId { get; init; }
    public string? Channel { get; init; }

    /// <summary>How many links lie between the target's owner and who came; 1 for the owner's own friends.</summary>
    public int Depth { get; init; }

    /// <summary>Of a bargain started by this link: how many started bargains lie before it.</summary>
    public int Generation { get; init; }
}
