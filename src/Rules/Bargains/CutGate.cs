namespace SocialCommerce.Rules;

/// <summary>What of a bargain decides whether a helper who has not cut it may do so now.</summary>
public readonly record struct CutGate(string OwnerId, BargainStatus Status, DateTimeOffset ExpiresAt)
{
    public static CutGate Of(BargainState bargain) => new(bargain.OwnerId, bargain.Status, bargain.ExpiresAt);

    /// <summary>Over by the clock, and nobody has ended it yet.</summary>
    public bool IsDue(DateTimeOffset now) => Status == BargainStatus.Open && now >= ExpiresAt;

    /// <summary>The first reason of rules.md that holds, but for a bargain that is not there and a campaign that is paused.</summary>
    public CutRefusal RefusalOf(string helperId, HelperFacts helper, DateTimeOffset now)
    {
        if (helperId == OwnerId) return CutRefusal.OwnBargain;
        if (Status == BargainStatus.Cancelled) return CutRefusal.BargainCancelled;
        if (Status == BargainStatus.Expired) return CutRefusal.BargainExpired;
        if (IsDue(now)) return CutRefusal.BargainExpired;
        if (Status is BargainStatus.Won or BargainStatus.Claimed or BargainStatus.Lapsed) return CutRefusal.BargainWon;
        if (Status == BargainStatus.SoldOut) return CutRefusal.BargainSoldOut;
        if (helper.HelpedBefore) return CutRefusal.HelpedOwnerOnProductBefore;
        return helper.UsedToday >= helper.Limit ? CutRefusal.DailyHelpLimitReached : CutRefusal.None;
    }
}
