namespace SocialCommerce.Rules;

/// <summary>Why a join is refused, in order of precedence. The numbers are those of the published contract.</summary>
public enum JoinRefusal
{
    None = 0,
    TeamNotFound = 1,
    TeamFormed = 2,
    TeamFailed = 3,
    TeamFull = 4,
    CampaignPaused = 5,
    NotInvited = 6,
    NewShoppersOnly = 7,
    UnitLimitReached = 8,
    SoldOut = 9,
}

/// <summary>Why a payment, a refund's confirmation or leaving is refused, in order of precedence; for seats and for purchases.</summary>
public enum SeatRefusal
{
    None = 0,
    TeamNotFound = 1,
    SeatNotFound = 2,
    NotYourSeat = 3,
    PurchaseNotFound = 4,
    AmountMismatch = 5,
    AlreadyPaid = 6,
    PaymentIdReused = 7,
    TeamFormed = 8,
    SeatEnded = 9,
    NoRefundDue = 10,
}
