namespace SocialCommerce.Rules;

/// <summary>Why a cut is refused, in order of precedence. The numbers are those of the published contract.</summary>
public enum CutRefusal
{
    None = 0,
    BargainNotFound = 1,
    OwnBargain = 2,
    BargainCancelled = 3,
    BargainExpired = 4,
    BargainWon = 5,
    BargainSoldOut = 6,
    HelpedOwnerOnProductBefore = 7,
    DailyHelpLimitReached = 8,
    CampaignPaused = 9,
}

/// <summary>Why a claim or a cancellation is refused, in order of precedence.</summary>
public enum ClaimRefusal
{
    None = 0,
    BargainNotFound = 1,
    NotTheOwner = 2,
    BargainCancelled = 3,
    BargainExpired = 4,
    BargainLapsed = 5,
    BargainSoldOut = 6,
    BargainClaimed = 7,
    BargainWon = 8,
    BargainNotWon = 9,
    SoldOut = 10,
}
