namespace SocialCommerce.Rules;

/// <summary>What is asked of a solo purchase.</summary>
public abstract record PurchaseCommand
{
    public sealed record Buy(string PurchaseId, string ShopperId, TeamTerms Terms, bool NewShopper, Attribution? Via) : PurchaseCommand;

    /// <summary>The last two matter only where <see cref="PurchaseRules.NeedsUnitAnew"/>: the hold was released.</summary>
    /// <param name="UnitLimitReached">The payer holds as many units of the campaign as it may without this one.</param>
    /// <param name="StockGone">The campaign has no unit left for it. Decide once without; where the stock can't move, decide again with.</param>
    public sealed record Pay(string PaymentId, long AmountFen, bool UnitLimitReached = false, bool StockGone = false) : PurchaseCommand;

    /// <param name="RefundId">The shop's id of the refund that it made.</param>
    public sealed record ConfirmRefund(string RefundId) : PurchaseCommand;
}
