namespace SocialCommerce.Rules;

/// <summary>What is asked of a team.</summary>
public abstract record TeamCommand
{
    /// <param name="SeatId">The leader's own seat.</param>
    public sealed record Open(string TeamId, string SeatId, string LeaderId, TeamTerms Terms, bool NewShopper, Attribution? Via) : TeamCommand;

    /// <param name="SeatId">For the seat, if one comes of it; a repeat keeps the seat that is there.</param>
    /// <param name="Joiner">What the joiner's own grain knows.</param>
    /// <param name="CampaignIsPaused">Whether the campaign is paused now.</param>
    /// <param name="Via">From a verified token for this team; null without one.</param>
    /// <param name="Invited">Whether that token is a member's.</param>
    public sealed record Join(string SeatId, string ShopperId, JoinerFacts Joiner, bool CampaignIsPaused, Attribution? Via, bool Invited) : TeamCommand;

    /// <summary>
    /// The last two matter only where <see cref="TeamRules.NeedsSeatAnew"/>: the seat is no longer the payer's, so that its payment has
    /// to take one again.
    /// </summary>
    /// <param name="UnitLimitReached">The payer holds as many units of the campaign as it may without this one.</param>
    /// <param name="StockGone">The campaign has no unit left for it. Decide once without; where the stock can't move, decide again with.</param>
    public sealed record Pay(string SeatId, string PaymentId, long AmountFen, bool UnitLimitReached = false, bool StockGone = false) : TeamCommand;

    public sealed record Leave(string SeatId, string ShopperId) : TeamCommand;

    /// <param name="RefundId">The shop's id of the refund that it made.</param>
    public sealed record ConfirmRefund(string SeatId, string RefundId) : TeamCommand;
}

/// <summary>What decides about a join on the joiner's side.</summary>
/// <param name="NewShopper">Until the first accepted act.</param>
/// <param name="UnitLimitReached">Holds as many units of the campaign as it may, teams and solo together.</param>
public readonly record struct JoinerFacts(bool NewShopper, bool UnitLimitReached);
